"""The one masking path: every exit that shows a customer's words goes through here."""

from collections.abc import Sequence
from typing import NamedTuple

from guitai.language.numerals import to_digits_aligned
from guitai.privacy.addresses import province_and_city
from guitai.privacy.find import find_in_turns
from guitai.privacy.kinds import kept
from guitai.privacy.model import Kind, Sensitivity, Turn
from guitai.privacy.names import family_name

_STAR = "*"
_SHORTEST_CARD = 12


class TurnForms(NamedTuple):
    """One turn in both forms: `text` with numbers as digits, `spoken` as said."""

    party: str
    text: str
    spoken: str


class MaskedForms(NamedTuple):
    """Both forms masked, and the (start, end) character ranges of `spoken` that were replaced, for its words."""

    text: str
    spoken: str
    spoken_spans: tuple[tuple[int, int], ...]


def mask(text: str) -> str:
    """Return `text` with its personal data masked; what is masked already stays as it is.

    Every hidden character becomes one `*`, so that length and offsets stay: 138****5678, 张*.
    """
    return mask_turns([Turn("", text)])[0]


def mask_turns(turns: Sequence[Turn]) -> list[str]:
    """Return each turn's text masked; personal data spread over several turns is masked in all of them."""
    texts = [turn.text for turn in turns]
    while True:
        hidden = _hidden([Turn(turn.party, text) for turn, text in zip(turns, texts, strict=True)])
        masked = [_starred(text, places) for text, places in zip(texts, hidden, strict=True)]
        if masked == texts:
            return masked
        texts = masked


def mask_forms(turns: Sequence[TurnForms]) -> list[MaskedForms]:
    """Return both forms of each turn masked alike: what is found in either form is hidden in both."""
    texts, spokens = [turn.text for turn in turns], [turn.spoken for turn in turns]
    alignments = [_Alignment(turn.text, turn.spoken) for turn in turns]
    while True:
        in_text = _hidden([Turn(turn.party, text) for turn, text in zip(turns, texts, strict=True)])
        in_spoken = _hidden([Turn(turn.party, text) for turn, text in zip(turns, spokens, strict=True)])
        for alignment, text_places, spoken_places in zip(alignments, in_text, in_spoken, strict=True):
            alignment.carry(text_places, spoken_places)
        masked_texts = [_starred(text, places) for text, places in zip(texts, in_text, strict=True)]
        masked_spokens = [_starred(text, places) for text, places in zip(spokens, in_spoken, strict=True)]
        if (masked_texts, masked_spokens) == (texts, spokens):
            break
        texts, spokens = masked_texts, masked_spokens
    return [
        MaskedForms(text, spoken, _replaced(turn.spoken, spoken))
        for turn, text, spoken in zip(turns, texts, spokens, strict=True)
    ]


def mask_value(kind: Kind, value: str) -> str:
    """Return one value of a known kind in its usual masked form, whether or not the value is valid; amounts stay.

    138****5678, 110101********1234, 6222 **** **** 1234, z***@x.com, 张*, 北京市****; C3 is hidden whole.
    """
    if kind is Kind.AMOUNT or not value:
        return value
    if kind is Kind.BANK_CARD and len(value) >= _SHORTEST_CARD:
        return f"{value[:4]} **** **** {value[-4:]}"
    if kind is Kind.EMAIL:
        local, at, domain = value.rpartition("@")
        return (local[:1] if len(local) > 1 else "") + "***" + at + (domain if at else "")
    if kind in (Kind.NAME, Kind.ADDRESS):
        shown = family_name(value) if kind is Kind.NAME else province_and_city(value)
        return shown + _STAR * (len(value) - len(shown)) if len(value) > len(shown) else _STAR * len(value)
    places = [i for i, char in enumerate(value) if char.isdecimal() or char in "Xx"]
    left, right = kept(kind, len(places))
    hidden = set(places[left : len(places) - right]) or set(range(len(value)))
    if kind.sensitivity is Sensitivity.C3:
        hidden = set(range(len(value)))
    return _starred(value, hidden)


def _hidden(turns: Sequence[Turn]) -> list[set[int]]:
    """Return for each turn the offsets that a mask hides."""
    places: list[set[int]] = [set() for _ in turns]
    for data in find_in_turns(turns):
        if data.kind is not Kind.AMOUNT:
            for turn, start, end in data.hidden:
                places[turn].update(range(start, end))
    return places


def _starred(text: str, places: set[int]) -> str:
    if not places:
        return text
    return "".join(_STAR if i in places else char for i, char in enumerate(text))


def _replaced(original: str, masked: str) -> tuple[tuple[int, int], ...]:
    """Return the ranges in which `masked` differs from `original`."""
    spans: list[tuple[int, int]] = []
    for i, (before, now) in enumerate(zip(original, masked, strict=True)):
        if before == now:
            continue
        if spans and spans[-1][1] == i:
            spans[-1] = (spans[-1][0], i + 1)
        else:
            spans.append((i, i + 1))
    return tuple(spans)


class _Alignment:
    """Which characters of a turn's two forms belong together; none where the forms are not each other's."""

    def __init__(self, text: str, spoken: str) -> None:
        digits, places = to_digits_aligned(spoken)
        self._pairs: list[tuple[int, int]] = []
        if digits != text:
            return
        for i, place in enumerate(places):
            until = places[i + 1] if i + 1 < len(places) else len(spoken)
            self._pairs += [(i, source) for source in range(place, max(until, place + 1))]

    def carry(self, in_text: set[int], in_spoken: set[int]) -> None:
        """Hide in each form what is hidden in the other."""
        if in_text or in_spoken:
            hidden = [(i, j) for i, j in self._pairs if i in in_text or j in in_spoken]
            in_text.update(i for i, _ in hidden)
            in_spoken.update(j for _, j in hidden)
