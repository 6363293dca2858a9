"""Fact tables: what rates and fees truly are, from which day to which; and whether what was said agrees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from guitai.inspection.conditions import Counts, WrongNumber
from guitai.inspection.marked_yaml import MarkedYaml, read_marked_yaml
from guitai.inspection.phrases import Found
from guitai.inspection.rates import Statement, Unit, statements
from guitai.inspection.schema import check_against
from guitai.inspection.sounds import prepared
from guitai.inspection.transcript import Event, Transcript, counted, is_by, spoken_text, stance_in

FOLDER = Path(__file__).parent / "facts"
_NEAR_LETTERS, _NEAR_BARE = 18, 4
_PRODUCT_TURNS = 8


@dataclass(frozen=True, slots=True)
class Fact:
    """A product's attribute lies between `lowest` and `highest` (give or take `tolerance`) in `unit`, for a time."""

    id: str
    title: str
    products: tuple[str, ...]
    attributes: tuple[str, ...]
    unit: Unit
    lowest: Decimal
    highest: Decimal
    tolerance: Decimal
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date | None) -> bool:
        """Tell whether the fact holds on `day`; without a day, any time will do."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def allows(self, said: Decimal) -> bool:
        """Tell whether a number agrees with the fact."""
        return self.lowest - self.tolerance <= said <= self.highest + self.tolerance

    def wording(self) -> str:
        """Return the right value as an inspector reads it."""
        sign = "元" if self.unit is Unit.YUAN else "%"
        if self.lowest == self.highest:
            return f"{self.lowest}{sign}"
        return f"{self.lowest}{sign}–{self.highest}{sign}"


@dataclass(frozen=True, slots=True)
class FactTable:
    """Facts under a name and a version."""

    id: str
    version: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class FactWord:
    """The user, in a phrase index, of a product's or an attribute's name."""

    kind: str
    name: str


def load_facts(path_or_name: str | Path) -> FactTable:
    """Read a fact table from a file, or one of those shipped by its name (`bank`).

    Raises:
        FormError: the table cannot be used; file, line and field are named.

    """
    shipped = FOLDER / f"{path_or_name}.yaml"
    source = read_marked_yaml(shipped if shipped.is_file() else Path(path_or_name))
    check_against(source, "facts")
    ids: set[str] = set()
    for number, item in enumerate(source.value["items"]):
        if item["id"] in ids:
            raise source.error(f"the id {item['id']} stands twice", ("items", number, "id"))
        ids.add(item["id"])
    facts = tuple(_fact(item, source, number) for number, item in enumerate(source.value["items"]))
    return FactTable(source.value["facts"], source.value["version"], facts)


def _fact(item: Mapping[str, Any], source: MarkedYaml, number: int) -> Fact:
    def decimal(*keys: str) -> Decimal:
        return next((Decimal(str(item[key])) for key in keys if key in item), Decimal(0))

    def day(key: str) -> date | None:
        try:
            return date.fromisoformat(item[key]) if key in item else None
        except ValueError as error:
            raise source.error("is not a day; write YYYY-MM-DD", ("items", number, key)) from error

    lowest, highest = decimal("lowest", "value"), decimal("highest", "value")
    if lowest > highest:
        raise source.error("lowest is above highest", ("items", number, "lowest"))
    return Fact(
        id=item["id"],
        title=item["title"],
        products=tuple(item["products"]),
        attributes=tuple(item["attributes"]),
        unit=Unit(item["unit"]),
        lowest=lowest,
        highest=highest,
        tolerance=decimal("tolerance"),
        valid_from=day("valid_from"),
        valid_to=day("valid_to"),
    )


def fact_words(facts: Iterable[Fact]) -> Iterator[FactWord]:
    """Return the names that must be found in what is said before numbers can be checked."""
    for fact in facts:
        yield from (FactWord("product", name) for name in fact.products)
        yield from (FactWord("attribute", name) for name in fact.attributes)


@dataclass(frozen=True, slots=True)
class _Mention:
    word: FactWord
    place: int
    start: int
    end: int


def wrong_numbers(
    transcript: Transcript, condition: WrongNumber, facts: Sequence[Fact], found: Mapping[Any, Sequence[Found]]
) -> list[Event]:
    """Find numbers that the party says of a product's attribute and that no fact in force allows."""
    mentions = _mentions(found)
    attributes = [mention for mention in mentions if mention.word.kind == "attribute"]
    events: list[Event] = []
    for place in dict.fromkeys(mention.place for mention in attributes):
        utterance = transcript.utterances[place]
        if not is_by(utterance, condition.by):
            continue
        for said, span in _numbers(transcript, place):
            attribute = _nearest(attributes, place, span, _NEAR_BARE if said.bare else _NEAR_LETTERS)
            if attribute is None:
                continue
            right = _facts_meant(facts, attribute, mentions, place, span, transcript)
            event = _judge(said, right, transcript, place, span)
            if event is not None:
                events.append(event)
    return events


def _mentions(found: Mapping[Any, Sequence[Found]]) -> list[_Mention]:
    """Return where names are said, the longest of overlapping ones (个人消费贷款, not 贷款)."""
    every = [
        _Mention(word, hit.utterance, hit.start, hit.end)
        for word, hits in found.items()
        if isinstance(word, FactWord)
        for hit in hits
    ]
    every.sort(key=lambda one: (one.place, one.start, one.start - one.end, one.word.name))
    kept: list[_Mention] = []
    for mention in every:
        inside = any(
            k.place == mention.place
            and k.word.kind == mention.word.kind
            and k.start <= mention.start
            and mention.end <= k.end
            and k.end - k.start > mention.end - mention.start
            for k in kept
        )
        if not inside:
            kept.append(mention)
    return kept


def _numbers(transcript: Transcript, place: int) -> list[tuple[Statement, tuple[int, int]]]:
    """Return the numbers of an utterance that are said in earnest, each with its span in the letters."""
    text = prepared(spoken_text(transcript.utterances[place]))
    letter_of = transcript.letters_before(place)
    return [
        (said, (letter_of[said.start], letter_of[said.end]))
        for said in statements(text)
        if counted(stance_in(text, said.start, said.end), Counts.STATED)
    ]


def _nearest(attributes: Sequence[_Mention], place: int, span: tuple[int, int], reach: int) -> _Mention | None:
    """Return the attribute named last before the number, or right after it (百分之四的利率)."""
    here = [one for one in attributes if one.place == place]
    before = [one for one in here if one.end <= span[0] and span[0] - one.end <= reach]
    if before:
        return before[-1]
    after = [one for one in here if 0 <= one.start - span[1] <= 3]  # noqa: PLR2004 - 的, 左右, 这个
    return after[0] if after else None


def _facts_meant(
    facts: Sequence[Fact],
    attribute: _Mention,
    mentions: Sequence[_Mention],
    place: int,
    span: tuple[int, int],
    transcript: Transcript,
) -> list[Fact]:
    """Return the facts in force of the product named last before the number (or in the turns before)."""
    named = [
        one
        for one in mentions
        if one.word.kind == "product"
        and (one.place, one.start) < (place, span[0])
        and place - one.place <= _PRODUCT_TURNS
        and any(one.word.name in fact.products and attribute.word.name in fact.attributes for fact in facts)
    ]
    if not named:
        return []
    product = named[-1].word.name
    day = transcript.conversation.on
    return [
        fact
        for fact in facts
        if product in fact.products and attribute.word.name in fact.attributes and fact.holds_on(day)
    ]


def _judge(
    said: Statement, right: Sequence[Fact], transcript: Transcript, place: int, span: tuple[int, int]
) -> Event | None:
    values = [(fact, value) for fact in right if (value := said.value(fact.unit)) is not None]
    if not values or any(fact.allows(value) for fact, value in values):
        return None
    fact, value = values[0]
    sign = "元" if fact.unit is Unit.YUAN else "%"
    note = f"{fact.title}：说成 {value.normalize():f}{sign}，应为 {fact.wording()}"
    return Event(place, span, note=note, confidence=0.9 * transcript.utterances[place].confidence)
