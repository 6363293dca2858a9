"""Words with times, kept true when the text they stand in is written another way."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from guitai.interactions.model import Word

_UNSPOKEN = re.compile(r"[\W_]+")


def respelled(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """Return the words that make `text`, the same speech written another way (simplified, numbers as spoken).

    Words that stay keep their times; what replaces others shares their time evenly, one character a word.
    """
    before = [word.text for word in words]
    after = _characters(text, before)
    if before == after or not words:
        return tuple(words)
    result: list[Word] = []
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            result.extend(words[from_old:to_old])
        elif to_new > from_new:
            result.extend(_shared(words, from_old, to_old, after[from_new:to_new]))
    return tuple(result)


def _characters(text: str, before: Sequence[str]) -> list[str]:
    """Split `text` into spoken characters, runs of letters that are a word before left whole."""
    whole = sorted({word for word in before if len(word) > 1}, key=len, reverse=True)
    pattern = "|".join([*map(re.escape, whole), r"\w"])
    return [match.group() for match in re.finditer(pattern, text) if not _UNSPOKEN.fullmatch(match.group())]


def _shared(words: Sequence[Word], first: int, past: int, texts: Sequence[str]) -> list[Word]:
    """Spread `texts` over the time of the words they replace, or the moment between words where there are none."""
    if first < past:
        start_s, end_s = words[first].start_s, words[past - 1].end_s
        sure = min(word.confidence for word in words[first:past])
    else:
        near = words[min(first, len(words) - 1)]
        start_s = end_s = near.start_s if first < len(words) else near.end_s
        sure = near.confidence
    step = (end_s - start_s) / len(texts)
    return [
        Word(text, round(start_s + place * step, 3), round(start_s + (place + 1) * step, 3), sure)
        for place, text in enumerate(texts)
    ]
