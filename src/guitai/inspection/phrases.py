"""Find many phrases at once in what was said, through a recogniser's errors.

A phrase is text with two signs: `…` stands for up to eight characters, `{core}` marks what must sound right. All phrases
of a form stand in one Aho–Corasick automaton over sound codes; one pass over a transcript finds every candidate,
each of which is then told apart: exact, same sound, near sound, or one character amiss.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import ahocorasick

from guitai.inspection.conditions import Match
from guitai.inspection.sounds import Sounds, is_hanzi, prepared, syllable

GAP = 8
NEGATORS = "不没别无非未勿"
EXACT, HOMOPHONE, NEAR, AMISS = "exact", "homophone", "near", "amiss"
_MIN_HANZI = {HOMOPHONE: 2, NEAR: 3, AMISS: 5}
_FARTHEST = {Match.EXACT: (EXACT,), Match.HOMOPHONE: (EXACT, HOMOPHONE), Match.NEAR: (EXACT, HOMOPHONE, NEAR)}


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in an utterance's letters: [start, end), what was heard there, and how near it came."""

    utterance: int
    start: int
    end: int
    nearness: str
    phrase: str
    heard: str


@dataclass(slots=True)
class Spoken:
    """A conversation's utterances laid end to end, parted by line ends, as letters and as sounds."""

    letters: str
    sounds: str
    starts: list[int]

    def utterance_at(self, place: int) -> int:
        """Return the index of the utterance that holds the character at `place`."""
        return bisect_right(self.starts, place) - 1


@dataclass(slots=True, eq=False)
class _Part:
    """A stretch of a phrase without gaps; `core` holds the positions that must sound right."""

    letters: str
    core: frozenset[int]
    allowed: frozenset[str]
    latin_start: bool
    latin_end: bool
    users: list[tuple["_Phrase", int]] = field(default_factory=list["tuple[_Phrase, int]"])
    known: dict[str, str | None] = field(default_factory=dict[str, "str | None"])

    def nearness(self, heard: str) -> str | None:
        """Tell how near letters of the same folded sound come, None where that is too far for this part."""
        if heard in self.known:
            return self.known[heard]
        if heard == self.letters:
            found = EXACT
        elif all(a == b or syllable(a) == syllable(b) for a, b in zip(heard, self.letters, strict=True)):
            found = HOMOPHONE
        else:
            found = NEAR
        self.known[heard] = found if found in self.allowed else None
        return self.known[heard]


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    text: str
    parts: tuple[_Part, ...]
    user: Hashable


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """A string of the automaton: the whole of a part, or the half of it (at `offset`) that must be right."""

    part: _Part
    codes: str
    offset: int
    length: int

    @property
    def whole(self) -> bool:
        return self.length == len(self.codes)


_Hit = tuple[int, int, str]


class _Automaton(Protocol):
    def add_word(self, key: str, value: object) -> bool: ...
    def make_automaton(self) -> None: ...
    def iter(self, text: str) -> Iterator[tuple[int, list[_Key]]]: ...


class PhraseIndex:
    """Phrases, each with the user it is found for. Add all, then `freeze`, then `find` as often as you like."""

    def __init__(self, sounds: Sounds) -> None:
        self._sounds = sounds
        self._parts: dict[tuple[str, frozenset[int], Match], _Part] = {}
        self._keys: dict[str, list[_Key]] = {}
        self._automaton: _Automaton | None = None
        self._negators = frozenset(sounds.sounds(NEGATORS)) | {"\n"}

    def add(self, phrase: str, match: Match, user: Hashable) -> None:
        """Have `phrase` found for `user`."""
        made = _Phrase(phrase, tuple(self._part(*piece, match) for piece in split_phrase(phrase, self._sounds)), user)
        for number, part in enumerate(made.parts):
            part.users.append((made, number))

    def _part(self, letters: str, core: frozenset[int], match: Match) -> _Part:
        known = self._parts.get((letters, core, match))
        if known is not None:
            return known
        hanzi = sum(map(is_hanzi, letters))
        reach = _FARTHEST.get(match, (EXACT, HOMOPHONE, NEAR, AMISS))
        allowed = frozenset(near for near in reach if hanzi >= _MIN_HANZI.get(near, 0))
        part = _Part(letters, core, allowed, _is_latin(letters[0]), _is_latin(letters[-1]))
        self._parts[letters, core, match] = part
        for codes in dict.fromkeys((self._sounds.sounds(letters), self._sounds.sounds_in_context(letters))):
            half = len(codes) // 2
            self._keys.setdefault(codes, []).append(_Key(part, codes, 0, len(codes)))
            if AMISS in allowed:
                self._keys.setdefault(codes[:half], []).append(_Key(part, codes, 0, half))
                self._keys.setdefault(codes[half:], []).append(_Key(part, codes, half, len(codes) - half))
        return part

    def freeze(self) -> None:
        """Build the automaton."""
        if not self._keys:
            return
        self._automaton = cast("_Automaton", ahocorasick.Automaton())
        for codes, keys in self._keys.items():
            self._automaton.add_word(codes, keys)
        self._automaton.make_automaton()

    def spoken(self, texts: Sequence[str]) -> Spoken:
        """Lay utterances end to end."""
        joined = "\n".join(map(prepared, texts))
        letters = self._sounds.letters(joined)
        starts = [0]
        place = letters.find("\n")
        while place >= 0:
            starts.append(place + 1)
            place = letters.find("\n", place + 1)
        return Spoken(letters, self._sounds.sounds(joined), starts)

    def find(self, spoken: Spoken) -> dict[Hashable, list[Found]]:
        """Return for each user what was found of its phrases, in order of place."""
        if self._automaton is None:
            return {}
        hits: dict[_Part, list[_Hit]] = {}
        for last, keys in self._automaton.iter(spoken.sounds):
            for key in keys:
                hit = self._whole(key, spoken, last + 1) if key.whole else self._amiss(key, spoken, last + 1)
                if hit is not None:
                    hits.setdefault(key.part, []).append(hit)
        return _by_user(hits, spoken)

    def _whole(self, key: _Key, spoken: Spoken, end: int) -> _Hit | None:
        start, part, letters = end - key.length, key.part, spoken.letters
        if part.latin_start and start and _is_latin(letters[start - 1]):
            return None
        if part.latin_end and end < len(letters) and _is_latin(letters[end]):
            return None
        near = part.nearness(letters[start:end])
        return None if near is None else (start, end, near)

    def _amiss(self, key: _Key, spoken: Spoken, end: int) -> _Hit | None:
        """Look beside the half that is right: the other half may differ by one character that is no negation."""
        start, codes, core = end - key.length, key.codes, key.part.core
        if key.offset:
            rest = codes[: key.offset][::-1]
            beside = spoken.sounds[max(0, start - len(rest) - 1) : start][::-1]
            kept = frozenset(key.offset - 1 - place for place in core)
        else:
            rest = codes[key.length :]
            beside = spoken.sounds[end : end + len(rest) + 1]
            kept = frozenset(place - key.length for place in core)
        used = _one_amiss(rest, beside, kept, self._negators)
        if used is None:
            return None
        return (start - used, end, AMISS) if key.offset else (start, end + used, AMISS)


def split_phrase(phrase: str, sounds: Sounds) -> list[tuple[str, frozenset[int]]]:
    """Return a phrase's parts as letters, each with the positions of its core."""
    pieces: list[tuple[str, frozenset[int]]] = []
    for piece in phrase.split("…"):
        letters, core = "", set[int]()
        for number, stretch in enumerate(piece.replace("}", "{").split("{")):
            kept = sounds.letters(prepared(stretch))
            if number % 2:
                core.update(range(len(letters), len(letters) + len(kept)))
            letters += kept
        if letters.strip():
            pieces.append((letters.strip(), frozenset(core)))
    return pieces


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _one_amiss(rest: str, beside: str, core: frozenset[int], banned: frozenset[str]) -> int | None:
    """Return how many of `beside` stand for `rest` with exactly one character unlike, dropped or added."""
    size = len(rest)
    place = next((i for i, (a, b) in enumerate(zip(rest, beside, strict=False)) if a != b), len(beside))
    if place >= size:
        return None
    strange = beside[place : place + 1]
    may_differ = place not in core
    if strange and strange not in banned:
        if may_differ and len(beside) >= size and beside[place + 1 : size] == rest[place + 1 :]:
            return size
        inside = place in core and place - 1 in core
        if not inside and beside[place + 1 : size + 1] == rest[place:]:
            return size + 1
    if may_differ and rest[place] not in banned and beside[place : size - 1] == rest[place + 1 :]:
        return size - 1
    return None


def _by_user(hits: dict[_Part, list[_Hit]], spoken: Spoken) -> dict[Hashable, list[Found]]:
    found: dict[Hashable, list[Found]] = {}
    for part, places in hits.items():
        for phrase, number in part.users:
            if number:
                continue
            joined = places if len(phrase.parts) == 1 else _across_gaps(phrase, hits, spoken)
            for start, end, near in joined:
                utterance = spoken.utterance_at(start)
                base = spoken.starts[utterance]
                heard = spoken.letters[start:end]
                found.setdefault(phrase.user, []).append(
                    Found(utterance, start - base, end - base, near, phrase.text, heard)
                )
    for places in found.values():
        places.sort(key=lambda one: (one.utterance, one.start, one.end, one.phrase))
    return found


def _across_gaps(phrase: _Phrase, hits: dict[_Part, list[_Hit]], spoken: Spoken) -> list[_Hit]:
    """Chain a phrase's parts: each begins within GAP characters of the end of the one before, in one utterance."""
    chains = hits[phrase.parts[0]]
    for part in phrase.parts[1:]:
        longer: list[_Hit] = []
        for start, end, near in chains:
            for next_start, next_end, next_near in hits.get(part, ()):
                if 0 <= next_start - end <= GAP and "\n" not in spoken.letters[end:next_start]:
                    longer.append((start, next_end, _farther(near, next_near)))
                    break
        chains = longer
    return chains


_ORDER = (EXACT, HOMOPHONE, NEAR, AMISS)


def _farther(one: str, other: str) -> str:
    return max(one, other, key=_ORDER.index)
