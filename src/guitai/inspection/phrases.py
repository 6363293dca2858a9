"""Find many phrases at once in what was said, through a recogniser's errors.

A phrase is text with two signs: `…` stands for up to eight characters, `{core}` marks what must sound right. All
phrases of a form stand in one Aho–Corasick automaton over sound codes; one pass over a transcript finds every
candidate, each of which is then told apart: exact, same sound, near sound, or one character amiss.
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
_PAIR = 2
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


class _Beside:
    """The other halves, of `size` sounds each, that may stand beside a half that is right; read away from it.

    Each table finds, by what is left of the sounds without the one at a place, the parts that allow a difference there.
    """

    def __init__(self, size: int, banned: frozenset[str], *, backwards: bool) -> None:
        self.size = size
        self.backwards = backwards
        self._banned = banned
        self._unlike: list[dict[str, list[tuple[_Part, str]]]] = [{} for _ in range(size)]
        self._added: list[dict[str, list[_Part]]] = [{} for _ in range(size)]
        self._dropped: dict[str, list[_Part]] = {}
        self._pairs: set[str] = set()

    def add(self, rest: str, part: _Part, core: frozenset[int]) -> None:
        """Expect `rest`; `core` are the positions in it (-1 is the neighbour's) that must sound right."""
        self._pairs.update((rest[:2], rest[1:3], rest[:1] + rest[2:3]))
        for place, sound in enumerate(rest):
            short = rest[:place] + rest[place + 1 :]
            if place not in core:
                self._unlike[place].setdefault(short, []).append((part, sound))
                if sound not in self._banned:
                    self._dropped.setdefault(short, []).append(part)
            if not (place in core and place - 1 in core):
                self._added[place].setdefault(rest, []).append(part)

    def find(self, sounds: str) -> list[tuple[_Part, int]]:
        """Find the parts that `sounds` gives with one unlike, added or dropped, and how many of the sounds they use."""
        size, pairs = self.size, self._pairs
        if size > _PAIR and not (sounds[:2] in pairs or sounds[1:3] in pairs or sounds[:1] + sounds[2:3] in pairs):
            return []  # one amiss in three or more leaves two that are neighbours or one apart
        found: list[tuple[_Part, int]] = []
        for place, strange in enumerate(sounds[:size]):
            if strange in self._banned:
                continue
            before = sounds[:place]
            if len(sounds) >= size:
                unlike = self._unlike[place].get(before + sounds[place + 1 : size], ())
                found += [(part, size) for part, sound in unlike if sound != strange]
            added = self._added[place].get(before + sounds[place + 1 : size + 1], ())
            found += [(part, size + 1) for part in added]
        return found + [(part, size - 1) for part in self._dropped.get(sounds[: size - 1], ())]


@dataclass(slots=True, eq=False)
class _Key:
    """What a string of the automaton stands for: whole parts, and halves beside which the other half is looked for."""

    length: int
    whole: list[_Part] = field(default_factory=list[_Part])
    besides: dict[tuple[int, bool], _Beside] = field(default_factory=dict["tuple[int, bool]", _Beside])


_Hit = tuple[int, int, str]


class _Automaton(Protocol):
    def add_word(self, key: str, value: object) -> bool: ...
    def make_automaton(self) -> None: ...
    def iter(self, text: str) -> Iterator[tuple[int, _Key]]: ...


class PhraseIndex:
    """Phrases, each with the user it is found for. Add all, then `freeze`, then `find` as often as you like."""

    def __init__(self, sounds: Sounds) -> None:
        self._sounds = sounds
        self._parts: dict[tuple[str, frozenset[int], Match], _Part] = {}
        self._keys: dict[str, _Key] = {}
        self._automaton: _Automaton | None = None
        self._banned = frozenset(sounds.sounds(NEGATORS)) | {"\n"}

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
            self._key(codes).whole.append(part)
            if AMISS in allowed:
                self._add_halves(codes, part)
        return part

    def _add_halves(self, codes: str, part: _Part) -> None:
        """One character amiss leaves one half of a part as it is: both halves become keys."""
        half = len(codes) // 2
        left, right = codes[:half], codes[half:]
        self._beside(left, len(right), backwards=False).add(right, part, frozenset(p - half for p in part.core))
        self._beside(right, half, backwards=True).add(left[::-1], part, frozenset(half - 1 - p for p in part.core))

    def _key(self, codes: str) -> _Key:
        return self._keys.setdefault(codes, _Key(len(codes)))

    def _beside(self, codes: str, size: int, *, backwards: bool) -> _Beside:
        besides = self._key(codes).besides
        return besides.setdefault((size, backwards), _Beside(size, self._banned, backwards=backwards))

    def freeze(self) -> None:
        """Build the automaton."""
        if not self._keys:
            return
        self._automaton = cast("_Automaton", ahocorasick.Automaton())
        for codes, key in self._keys.items():
            self._automaton.add_word(codes, key)
        self._automaton.make_automaton()

    def spoken(self, texts: Sequence[str]) -> Spoken:
        """Lay utterances end to end."""
        letters, sounds = self._sounds.both("\n".join(map(prepared, texts)))
        starts = [0]
        place = letters.find("\n")
        while place >= 0:
            starts.append(place + 1)
            place = letters.find("\n", place + 1)
        return Spoken(letters, sounds, starts)

    def find(self, spoken: Spoken) -> dict[Hashable, list[Found]]:
        """Return for each user what was found of its phrases, in order of place."""
        if self._automaton is None:
            return {}
        hits: dict[_Part, list[_Hit]] = {}
        for last, key in self._automaton.iter(spoken.sounds):
            start, end = last + 1 - key.length, last + 1
            for part in key.whole:
                near = _whole(part, spoken.letters, start, end)
                if near is not None:
                    hits.setdefault(part, []).append((start, end, near))
            for beside in key.besides.values():
                for part, span in _amiss(beside, spoken, start, end):
                    hits.setdefault(part, []).append((*span, AMISS))
        return _by_user(hits, spoken)


def _whole(part: _Part, letters: str, start: int, end: int) -> str | None:
    """Tell how near the letters of a part's sounds are; Latin words must stand alone."""
    if part.latin_start and start and _is_latin(letters[start - 1]):
        return None
    if part.latin_end and end < len(letters) and _is_latin(letters[end]):
        return None
    return part.nearness(letters[start:end])


def _amiss(beside: _Beside, spoken: Spoken, start: int, end: int) -> list[tuple[_Part, tuple[int, int]]]:
    """Find the parts of which [start, end) is a half and the other half has one character amiss."""
    reach = beside.size + 1
    if beside.backwards:
        found = beside.find(spoken.sounds[max(0, start - reach) : start][::-1])
        spans = [(part, (start - used, end)) for part, used in found]
    else:
        spans = [(part, (start, end + used)) for part, used in beside.find(spoken.sounds[end : end + reach])]
    # A phrase with two readings differs from itself by one: the whole key finds it.
    return [(part, span) for part, span in spans if spoken.letters[slice(*span)] != part.letters]


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


def _by_user(hits: dict[_Part, list[_Hit]], spoken: Spoken) -> dict[Hashable, list[Found]]:
    found: dict[Hashable, list[Found]] = {}
    for part, places in hits.items():
        for phrase, number in part.users:
            if number:
                continue
            joined = places if len(phrase.parts) == 1 else _across_gaps(phrase, hits, spoken)
            for start, end, near in dict.fromkeys(joined):
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
