"""Characters that sound right and are wrong: 李财产品 → 理财产品, by how often words are used."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guitai.language.lexicon import LONGEST_WORD, Lexicon
from guitai.language.pinyin import syllables

CHANGE = 2.0
"""What changing a character costs at the least, in natural logarithms of a word's frequency."""

SURENESS = 4.0
"""What it costs besides where the recogniser was wholly sure of the character."""

NEAR = 3.0
"""What it costs besides where the new character does not sound the same but only nearly so."""

_NUMERALS = "零〇一二三四五六七八九十百千万亿两幺"
_KEPT = frozenset(_NUMERALS + "不没未无非别勿")
_KEPT_HERE = re.compile(f"[{''.join(sorted(_KEPT))}]|(?<=[{_NUMERALS}])点")


@dataclass(frozen=True, slots=True)
class _Path:
    """The best way to read a text up to some place: its score, its last word, and the path before that."""

    score: float
    word: str = ""
    before: "_Path | None" = None


def corrected(text: str, confidences: Sequence[float], lexicon: Lexicon) -> str:
    """Return Chinese `text` with its unlikely words replaced by likelier ones of the same or nearly the same sound.

    The text is as long as before. `confidences` (0-1) has one number a character: how sure the recogniser was of it.
    Numerals and negations are neither replaced nor put in place of anything, nor is a character that stands alone.
    """
    sounds, spoken = lexicon.sounds(text), syllables(text)
    costs = [CHANGE + SURENESS * sure for sure in confidences]
    for kept in _KEPT_HERE.finditer(text):
        costs[kept.start()] = float("inf")
    paths: list[_Path | None] = [_Path(0.0), *[None] * len(text)]
    for start in range(len(text)):
        path = paths[start]
        if path is None:
            continue
        for end in range(start + 1, min(len(text), start + LONGEST_WORD) + 1):
            best = paths[end]
            score = best.score if best else float("-inf")
            for word, chance in _words(text[start:end], sounds[start:end], lexicon):
                value = path.score + chance
                if value > score:
                    value -= _cost(word, text[start:end], spoken[start:end], costs[start:end], lexicon)
                if value > score:
                    score, best = value, _Path(value, word, path)
            paths[end] = best
    return _read_back(paths[-1])


def _words(own: str, sounds: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield the words that may stand for a stretch of text, itself first."""
    if len(own) == 1:
        yield own, lexicon.chance_of_character(own)
        return
    chance = lexicon.chance(own)
    if chance is not None:
        yield own, chance
    for word in lexicon.alike(sounds):
        chance = lexicon.chance(word)
        if chance is not None and word != own:
            yield word, chance


def _cost(word: str, own: str, spoken: Sequence[str], costs: Sequence[float], lexicon: Lexicon) -> float:
    """Return what it costs to read `word` where `own` was recognised; infinite where what is kept would change."""
    if word == own:
        return 0.0
    cost = 0.0
    for new, old, sound, change in zip(word, own, spoken, costs, strict=True):
        if new == old:
            continue
        if new in _KEPT:
            return float("inf")
        cost += change + (0.0 if lexicon.reads(new, sound) else NEAR)
    return cost


def _read_back(path: _Path | None) -> str:
    words: list[str] = []
    while path is not None:
        words.append(path.word)
        path = path.before
    return "".join(reversed(words))
