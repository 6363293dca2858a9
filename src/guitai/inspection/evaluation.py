"""Whether a condition is true of a conversation, and the events that show it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guitai.inspection import acoustics, repetition
from guitai.inspection import conditions as c
from guitai.inspection.facts import Fact, wrong_numbers
from guitai.inspection.phrases import AMISS, EXACT, HOMOPHONE, NEAR, Found
from guitai.inspection.ports import Similarity
from guitai.inspection.transcript import Event, Transcript, counted, is_by, spoken_text, stance_in
from guitai.interactions.model import Party

_CERTAINTY = {EXACT: 1.0, HOMOPHONE: 0.9, NEAR: 0.8, AMISS: 0.7}
_UNCLEAR = 0.35
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """True, false, or None for unknown. `unclear` false: something may have been said that was not understood."""

    truth: bool | None
    events: tuple[Event, ...] = ()
    unclear: bool = False


_FALSE = Verdict(False)
_TRUE = Verdict(True)
_UNKNOWN = Verdict(None)


class Evaluator:
    """Evaluates conditions on one transcript; each condition once."""

    def __init__(
        self,
        transcript: Transcript,
        found: Mapping[Any, Sequence[Found]],
        similarity: Similarity | None,
        facts: Mapping[str, Fact],
    ) -> None:
        self.transcript = transcript
        self.found = found
        self.facts = facts
        self._similarity = similarity
        self._known: dict[int, Verdict] = {}
        self._all_clear: bool | None = None

    def evaluate(self, condition: c.Condition) -> Verdict:
        """Return the verdict on a condition."""
        key = id(condition)
        if key not in self._known:
            self._known[key] = _KINDS[type(condition)](self, condition)
        return self._known[key]

    def each(self, parts: Iterable[c.Condition]) -> list[Verdict]:
        """Return the verdict on each part."""
        return [self.evaluate(part) for part in parts]

    def silence(self, condition: c.Silence) -> Verdict:
        """Judge the gaps, those announced excused."""
        announced = self.evaluate(condition.unless_said).events if condition.unless_said else ()
        places = {event.position for event in announced}
        return _seen(acoustics.silences(self.transcript, condition, places))

    def speech_rate(self, condition: c.SpeechRate) -> Verdict:
        """Judge the speed, where `about` is given only of the utterances that speak of it."""
        events = acoustics.speech_rates(self.transcript, condition)
        if condition.about is not None:
            places = {event.position for event in self.evaluate(condition.about).events}
            events = [event for event in events if event.position in places]
        return self.within(events, condition.window, condition.by)

    def said(self, said: c.Said) -> Verdict:
        """Judge whether a phrase is said by the party, in earnest where asked, in the window."""
        transcript = self.transcript
        events: list[Event] = []
        for hit in self.found.get(said, ()):
            utterance = transcript.utterances[hit.utterance]
            if is_by(utterance, said.by) and self._counts(said.counts, hit):
                certainty = _CERTAINTY[hit.nearness] * utterance.confidence
                events.append(Event(hit.utterance, (hit.start, hit.end), note=_heard(hit), confidence=certainty))
        verdict = self.within(_surest(events), said.window, said.by, said.at_least)
        return verdict if verdict.truth else Verdict(False, unclear=self._is_unclear(said.window, said.by))

    def _counts(self, counts: c.Counts, hit: Found) -> bool:
        if counts is c.Counts.ANY:
            return True
        return counted(self.transcript.stance(hit.utterance, hit.start, hit.end), counts)

    def matches(self, condition: c.Matches) -> list[Event]:
        """Find the utterances that the regular expression matches."""
        events: list[Event] = []
        for place in self.transcript.of(condition.by):
            text = self.transcript.utterances[place].text
            for hit in condition.pattern.finditer(text):
                if condition.counts is c.Counts.ANY or counted(stance_in(text, *hit.span()), condition.counts):
                    events.append(Event(place, confidence=self.transcript.utterances[place].confidence))
                    break
        return events

    def similar(self, condition: c.Similar) -> list[Event]:
        """Ask for the meaning only of utterances in which a hint was heard, in the place and by the party asked for."""
        if self._similarity is None:
            return []
        hinted = [Event(hit.utterance, (hit.start, hit.end)) for hit in self.found.get(condition, ())]
        places = [
            event
            for event in self._allowed(hinted, condition.window, condition.by)
            if is_by(self.transcript.utterances[event.position], condition.by) and self._earnest(condition, event)
        ]
        by_place = {event.position: event for event in places}
        if not by_place:
            return []
        texts = [spoken_text(self.transcript.utterances[place]) for place in by_place]
        scores = self._similarity.similar(texts, condition.examples)
        others = self._similarity.similar(texts, condition.unlike) if condition.unlike else [0.0] * len(texts)
        return [
            Event(place, note="意思相近", confidence=min(score, 1.0))
            for place, score, other in zip(by_place, scores, others, strict=True)
            if score >= condition.threshold and score > other
        ]

    def _earnest(self, condition: c.Similar, event: Event) -> bool:
        if condition.counts is c.Counts.ANY or event.span is None:
            return True
        return counted(self.transcript.stance(event.position, *event.span), condition.counts)

    def order(self, steps: Sequence[c.Condition]) -> Verdict:
        """Take the first event of each step that comes after the event taken for the step before."""
        taken: list[Event] = []
        unclear = False
        for step in steps:
            verdict = self.evaluate(step)
            unclear = unclear or verdict.unclear or verdict.truth is None
            later = [event for event in verdict.events if not taken or _place(event) > _place(taken[-1])]
            if not later:
                return Verdict(False, unclear=unclear)
            taken.append(min(later, key=_place))
        return Verdict(True, tuple(taken))

    def within(self, events: Iterable[Event], window: c.Window, by: c.By, at_least: int = 1) -> Verdict:
        """Judge whether enough of the events lie in the window."""
        return _seen(self._allowed(events, window, by), at_least)

    def _allowed(self, events: Iterable[Event], window: c.Window, by: c.By) -> list[Event]:
        """Return the events that lie in the window."""
        allowed = self._turns(window, by)
        kept: list[Event] = []
        for event in events:
            utterance = self.transcript.utterances[event.position]
            if window.first_s is not None and utterance.start_s > window.first_s:
                continue
            if window.last_s is not None and utterance.end_s < self.transcript.conversation.duration_s - window.last_s:
                continue
            if (allowed is None or event.position in allowed) and self._near_anchors(event, window):
                kept.append(event)
        return kept

    def _turns(self, window: c.Window, by: c.By) -> set[int] | None:
        """Return the turns that first_turns and last_turns leave, None for all."""
        if window.first_turns is None and window.last_turns is None:
            return None
        turns = self.transcript.of(by)
        first = turns if window.first_turns is None else turns[: window.first_turns]
        last = turns if window.last_turns is None else turns[-window.last_turns :]
        return set(first) & set(last)

    def _near_anchors(self, event: Event, window: c.Window) -> bool:
        for anchor, sign in ((window.after, 1), (window.before, -1)):
            if anchor is None:
                continue
            if not any(self._near(event, other, window, sign) for other in self.evaluate(anchor).events):
                return False
        return True

    def _near(self, event: Event, anchor: Event, window: c.Window, sign: int) -> bool:
        """Tell whether the event comes after (sign 1) or before (-1) the anchor, and near enough."""
        here, there = _place(event), _place(anchor)
        if here == there or (here > there) != (sign > 0):
            return False
        if window.within_turns is not None and abs(event.position - anchor.position) > window.within_turns:
            return False
        utterances = self.transcript.utterances
        apart = abs(utterances[event.position].start_s - utterances[anchor.position].start_s)
        return window.within_s is None or apart <= window.within_s

    def in_window(self, window: c.Window, by: c.By) -> list[int]:
        """Return the positions of a party's utterances that lie in the window."""
        return [event.position for event in self._allowed(map(Event, self.transcript.of(by)), window, by)]

    def _is_unclear(self, window: c.Window, by: c.By) -> bool:
        """Tell whether something in the window was not understood, or belongs to nobody known."""
        utterances = self.transcript.utterances
        if self._all_clear is None:
            self._all_clear = all(one.confidence >= _UNCLEAR and one.party is not Party.UNKNOWN for one in utterances)
        if self._all_clear:
            return False
        return any(
            utterances[place].party is Party.UNKNOWN
            or (utterances[place].confidence < _UNCLEAR and is_by(utterances[place], by))
            for place in self.in_window(window, c.By.ANYONE)
        )

    def absent(self, verdict: Verdict, said: c.Said) -> Verdict:
        """Turn what was not said into its own event: the utterances where it should have been."""
        if verdict.truth:
            return _FALSE
        if verdict.unclear:
            return _UNKNOWN
        places = self.in_window(said.window, said.by)
        return Verdict(True, tuple(Event(place) for place in places[:_SHOWN]))


def _surest(events: Iterable[Event]) -> list[Event]:
    """Keep of each utterance the events that are surest: a phrase said word for word needs no near misses beside it."""
    best: dict[int, float] = {}
    kept = list(events)
    for event in kept:
        best[event.position] = max(event.confidence, best.get(event.position, 0.0))
    return [event for event in kept if event.confidence == best[event.position]]


def _place(event: Event) -> tuple[int, int]:
    return event.position, event.span[0] if event.span else 0


def _seen(events: Sequence[Event], at_least: int = 1) -> Verdict:
    """Return true where the events lie in enough different utterances."""
    enough = len({event.position for event in events}) >= at_least
    return Verdict(True, tuple(events)) if enough else _FALSE


def _all(verdicts: Sequence[Verdict]) -> Verdict:
    false = [verdict for verdict in verdicts if verdict.truth is False]
    if false:
        return Verdict(False, unclear=all(verdict.unclear for verdict in false))
    if any(verdict.truth is None for verdict in verdicts):
        return _UNKNOWN
    return Verdict(True, tuple(event for verdict in verdicts for event in verdict.events))


def _any(verdicts: Sequence[Verdict]) -> Verdict:
    if any(verdict.truth for verdict in verdicts):
        return Verdict(True, tuple(event for verdict in verdicts if verdict.truth for event in verdict.events))
    if any(verdict.truth is None for verdict in verdicts):
        return _UNKNOWN
    return Verdict(False, unclear=any(verdict.unclear for verdict in verdicts))


def _opposite(verdict: Verdict) -> Verdict:
    if verdict.truth is None or (verdict.truth is False and verdict.unclear):
        return _UNKNOWN
    return _FALSE if verdict.truth else _TRUE


def _heard(hit: Found) -> str:
    """Say how a phrase was recognised where it was not said word for word."""
    if hit.nearness == EXACT:
        return ""
    kind = "同音匹配" if hit.nearness == HOMOPHONE else "近音匹配"
    phrase = hit.phrase.replace("{", "").replace("}", "")
    return f"{kind}：{hit.heard}≈{phrase}"


_KINDS: Mapping[type, Callable[[Evaluator, Any], Verdict]] = {
    c.Said: Evaluator.said,
    c.NotSaid: lambda e, x: e.absent(e.evaluate(x.said), x.said),
    c.Matches: lambda e, x: e.within(e.matches(x), x.window, x.by, x.at_least),
    c.Similar: lambda e, x: e.within(e.similar(x), x.window, x.by),
    c.Digits: lambda e, x: e.within(repetition.spoken_numbers(e.transcript, x), x.window, x.by),
    c.Repeated: lambda e, x: e.within(repetition.repetitions(e.transcript, x), x.window, x.by, x.at_least),
    c.Order: lambda e, x: e.order(x.steps),
    c.Silence: Evaluator.silence,
    c.Interruption: lambda e, x: _seen(acoustics.interruptions(e.transcript, x), x.at_least),
    c.SpeechRate: Evaluator.speech_rate,
    c.Loudness: lambda e, x: _seen(acoustics.loud_utterances(e.transcript, x), x.at_least),
    c.Mood: lambda e, x: _seen(acoustics.moods(e.transcript, x), x.at_least),
    c.WrongNumber: lambda e, x: _seen(wrong_numbers(e.transcript, x, [e.facts[name] for name in x.facts], e.found)),
    c.Tagged: lambda e, x: _TRUE if x.tags & set(e.transcript.conversation.tags) else _FALSE,
    c.All: lambda e, x: _all(e.each(x.parts)),
    c.AnyOf: lambda e, x: _any(e.each(x.parts)),
    c.NoneOf: lambda e, x: _opposite(_any(e.each(x.parts))),
}
