"""Compile a form once, inspect any number of conversations with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from guitai.inspection import conditions as c
from guitai.inspection.errors import FormError
from guitai.inspection.evaluation import Evaluator, Verdict
from guitai.inspection.facts import Fact, FactTable, fact_words, load_facts
from guitai.inspection.model import Conversation, Criterion, EvaluationForm
from guitai.inspection.phrases import PhraseIndex
from guitai.inspection.ports import Similarity
from guitai.inspection.scorecards import Citation, DimensionScore, Finding, Outcome, Scorecard
from guitai.inspection.sounds import Sounds
from guitai.inspection.transcript import Event, Transcript, spoken_text

_MOST_CITATIONS = 8


def compile_form(
    form: EvaluationForm, *, similarity: Similarity | None = None, facts: FactTable | None = None
) -> "CompiledForm":
    """Make a form ready to inspect.

    Without `facts` the table that the form names is read; without `similarity` conditions on meaning are false.

    Raises:
        FormError: a criterion speaks of a fact that the table does not hold.

    """
    table = facts or (load_facts(form.facts) if form.facts else None)
    return CompiledForm(form, similarity, {fact.id: fact for fact in table.facts} if table else {})


class CompiledForm:
    """A form with its phrases in one automaton. Inspecting changes nothing in it."""

    def __init__(self, form: EvaluationForm, similarity: Similarity | None, facts: Mapping[str, Fact]) -> None:
        self.form = form
        self._similarity = similarity
        self._facts = facts
        self._sounds = Sounds()
        self._index = PhraseIndex(self._sounds)
        self._triggers: dict[object, list[int]] = {}
        self._always: list[int] = []
        self._add_phrases()
        self._add_triggers()
        self._untouched: dict[str | None, tuple[Finding, ...]] = {}

    def _add_phrases(self) -> None:
        for criterion in self.form.criteria:
            for condition in _every_condition(criterion):
                match condition:
                    case c.Said():
                        for phrase in condition.phrases:
                            self._index.add(phrase, condition.match, condition)
                    case c.Similar():
                        for hint in condition.hints:
                            self._index.add(hint, c.Match.AUTO, condition)
                    case c.WrongNumber():
                        self._check_facts(criterion, condition)
                    case _:
                        pass
        if any(isinstance(x, c.WrongNumber) for criterion in self.form.criteria for x in _every_condition(criterion)):
            for word in dict.fromkeys(fact_words(self._facts.values())):
                self._index.add(word.name, c.Match.AUTO, word)
        self._index.freeze()

    def _check_facts(self, criterion: Criterion, condition: c.WrongNumber) -> None:
        for name in condition.facts:
            if name not in self._facts:
                known = ", ".join(sorted(self._facts)) or "none"
                raise FormError(
                    f"no fact named {name}; there are: {known}",
                    file=f"form {self.form.id}",
                    field=f"criterion {criterion.id}.wrong_number",
                    hint="Add the fact to the fact table, or correct the name.",
                )

    def _add_triggers(self) -> None:
        """Learn which phrases wake which criterion; a criterion that may speak without any is always evaluated."""
        for number, criterion in enumerate(self.form.criteria):
            woken = _wakers(criterion.when) if criterion.when else None
            if woken is None and criterion.when is None and criterion.violation is not None:
                woken = _wakers(criterion.violation)
            if woken is None:
                self._always.append(number)
                continue
            for condition in woken:
                self._triggers.setdefault(condition, []).append(number)

    def inspect(self, conversation: Conversation, shown: Sequence[str] | None = None) -> Scorecard:
        """Judge a conversation: equal input gives equal scorecards.

        `shown` is what citations may show, one masked text for each utterance; without it, the utterances' own text.
        """
        texts = [utterance.text for utterance in conversation.utterances] if shown is None else shown
        spoken = self._index.spoken([spoken_text(utterance) for utterance in conversation.utterances])
        found = self._index.find(spoken)
        transcript = Transcript(conversation, spoken, self._sounds)
        evaluator = Evaluator(transcript, found, self._similarity, self._facts)
        findings = list(self._quiet_findings(conversation.scene))
        awake = set(self._always)
        for user in found:
            awake.update(self._triggers.get(user, ()))
        for number in awake:
            criterion = self.form.criteria[number]
            if _applies(criterion, conversation.scene):
                findings[number] = _finding(criterion, evaluator, transcript, texts)
        return self._scorecard(tuple(findings), awake)

    def _quiet_findings(self, scene: str | None) -> tuple[Finding, ...]:
        """Return the findings of a scene's conversation in which no phrase was found."""
        scene = scene if scene in self.form.scenes else None
        if scene not in self._untouched:
            self._untouched[scene] = tuple(
                _plain(
                    criterion,
                    Outcome.MET if _applies(criterion, scene) and not criterion.when else Outcome.NOT_APPLICABLE,
                )
                for criterion in self.form.criteria
            )
        return self._untouched[scene]

    def _scorecard(self, findings: tuple[Finding, ...], awake: Iterable[int]) -> Scorecard:
        lost = dict.fromkeys((dimension.id for dimension in self.form.dimensions), 0)
        for number in awake:
            lost[findings[number].dimension] += round(findings[number].points * 10)
        tenths = [(one, max(0, one.weight * 10 - lost[one.id])) for one in self.form.dimensions]
        return Scorecard(
            form=self.form.id,
            form_version=self.form.version,
            form_digest=self.form.digest,
            total=sum(score for _, score in tenths) / 10,
            dimensions=tuple(DimensionScore(one.id, one.title, one.weight, score / 10) for one, score in tenths),
            findings=findings,
        )


def _applies(criterion: Criterion, scene: str | None) -> bool:
    return not criterion.scenes or scene in criterion.scenes


def _every_condition(criterion: Criterion) -> Iterator[c.Condition]:
    for condition in (criterion.when, criterion.violation, criterion.requirement):
        if condition is not None:
            yield from _with_parts(condition)


def _with_parts(condition: c.Condition) -> Iterator[c.Condition]:
    """Return a condition and all it is made of."""
    yield condition
    for part in _parts(condition):
        yield from _with_parts(part)


def _parts(condition: c.Condition) -> Iterable[c.Condition]:
    """Return what a condition is made of and what its window is anchored to."""
    match condition:
        case c.All(parts) | c.AnyOf(parts) | c.NoneOf(parts) | c.Order(parts):
            return parts
        case c.NotSaid(said):
            return (said,)
        case c.Silence():
            return _given(condition.unless_said)
        case c.SpeechRate():
            return _given(condition.about, condition.window.after, condition.window.before)
        case c.Said() | c.Matches() | c.Similar() | c.Digits() | c.Repeated():
            return _given(condition.window.after, condition.window.before)
        case _:
            return ()


def _given(*conditions: c.Condition | None) -> list[c.Condition]:
    return [condition for condition in conditions if condition is not None]


def _wakers(condition: c.Condition) -> list[c.Condition] | None:
    """Return conditions of which one must have been found for `condition` to be true; None where it needs none."""
    match condition:
        case c.Said() | c.Similar():
            return [condition]
        case c.All(parts) | c.Order(parts):
            return next((woken for part in parts if (woken := _wakers(part)) is not None), None)
        case c.AnyOf(parts):
            every = [_wakers(part) for part in parts]
            return None if None in every else [one for woken in every if woken for one in woken]
        case _:
            return None


def _plain(criterion: Criterion, outcome: Outcome) -> Finding:
    return Finding(
        criterion=criterion.id,
        title=criterion.title,
        dimension=criterion.dimension,
        severity=criterion.severity,
        outcome=outcome,
        points=0.0,
        clause=criterion.clause,
    )


def _finding(criterion: Criterion, evaluator: Evaluator, transcript: Transcript, texts: Sequence[str]) -> Finding:
    when = evaluator.evaluate(criterion.when) if criterion.when else Verdict(True)
    if not when.truth:
        return _plain(criterion, Outcome.NOT_APPLICABLE)
    if criterion.violation is not None:
        verdict = evaluator.evaluate(criterion.violation)
        outcome = _OF_VIOLATION[verdict.truth]
    else:
        verdict = evaluator.evaluate(criterion.requirement) if criterion.requirement else Verdict(True)
        unknown = verdict.truth is None or (verdict.truth is False and verdict.unclear)
        outcome = Outcome.UNDETERMINED if unknown else Outcome.MET if verdict.truth else Outcome.VIOLATED
    if outcome in (Outcome.MET, Outcome.NOT_APPLICABLE) and not verdict.events:
        return _plain(criterion, outcome)
    events = verdict.events or when.events or _where_missed(criterion, evaluator)
    return Finding(
        criterion=criterion.id,
        title=criterion.title,
        dimension=criterion.dimension,
        severity=criterion.severity,
        outcome=outcome,
        points=criterion.points if outcome is Outcome.VIOLATED else 0.0,
        clause=criterion.clause,
        citations=_citations(events, transcript, texts),
        note="；".join(dict.fromkeys(event.note for event in events if event.note)),
        confidence=round(max((event.confidence for event in events), default=1.0), 2),
    )


_OF_VIOLATION = {True: Outcome.VIOLATED, False: Outcome.MET, None: Outcome.UNDETERMINED}


def _where_missed(criterion: Criterion, evaluator: Evaluator) -> tuple[Event, ...]:
    """Return the utterances among which a required phrase should have been."""
    said = (
        next((x for x in _with_parts(criterion.requirement) if isinstance(x, c.Said)), None)
        if criterion.requirement
        else None
    )
    if said is None:
        return ()
    return tuple(map(Event, evaluator.in_window(said.window, said.by)[:2]))


def _citations(events: Iterable[Event], transcript: Transcript, texts: Sequence[str]) -> tuple[Citation, ...]:
    """Cite each utterance once, from its first event to its last, in order of time."""
    spans: dict[int, tuple[float, float]] = {}
    for event in events:
        start, end = transcript.seconds(event)
        known = spans.get(event.position)
        spans[event.position] = (start, end) if known is None else (min(start, known[0]), max(end, known[1]))
    return tuple(
        Citation(
            utterance=transcript.utterances[place].index,
            party=transcript.utterances[place].party,
            start_s=round(start, 3),
            end_s=round(end, 3),
            text=texts[place],
        )
        for place, (start, end) in sorted(spans.items())[:_MOST_CITATIONS]
    )
