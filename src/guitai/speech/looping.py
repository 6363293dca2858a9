"""Recognisers that run in circles: text that repeats itself, or is more than anyone could say."""

import re
import zlib

_LONGEST_UNIT = 60
_COMPRESSED = 2.4
_SPEAKABLE_CHARS_A_SECOND = 11.0
_SPEAKABLE_LETTERS_A_SECOND = 30.0
_HASTE = 6.0
_SENTENCE = 10
_SENTENCE_HASTE = 4.5
_DIGIT_HASTE = 4.5
_SPOKEN = re.compile(r"\w")


def loop_start(text: str, seconds: float) -> int | None:
    """Return where `text`, heard in so many seconds, begins to repeat itself beyond belief; None where it does not.

    Said twice may be true, three times over hardly, and twice in too little time not at all. Strings of digits may
    repeat. A text that is merely too much for the time starts to be wrong where the time was full.
    """
    spoken = [match.start() for match in _SPOKEN.finditer(text)]
    flat = "".join(text[place] for place in spoken).lower()
    found = _repetition(flat, seconds)
    if found is None:
        found = _overflow(flat, text, seconds)
    return spoken[found] if found is not None and found < len(spoken) else None


def _repetition(flat: str, seconds: float) -> int | None:
    """Return the offset of the second copy of the first unit that repeats too often."""
    for unit in range(1, min(_LONGEST_UNIT, len(flat) // 2) + 1):
        run = 0
        for place in range(unit, len(flat)):
            run = run + 1 if flat[place] == flat[place - unit] else 0
            if run >= unit and run // unit + 1 >= _too_often(flat[place - unit + 1 : place + 1], len(flat), seconds):
                return place - run + 1
    return None


def _too_often(unit: str, length: int, seconds: float) -> int:
    """Return how many copies of a unit in a row nobody says."""
    if unit.replace("幺", "一").isnumeric():
        hasty = len(unit) > 4 and length > _DIGIT_HASTE * seconds  # noqa: PLR2004
        return 2 if hasty else max(3, -(-24 // len(unit)))
    if len(unit) <= 2:  # noqa: PLR2004
        return 8
    if len(unit) <= 4:  # noqa: PLR2004
        return 5
    haste = _HASTE if len(unit) < _SENTENCE else _SENTENCE_HASTE
    return 2 if length > haste * seconds else 3


def _overflow(flat: str, text: str, seconds: float) -> int | None:
    rate = _SPEAKABLE_LETTERS_A_SECOND if text.isascii() else _SPEAKABLE_CHARS_A_SECOND
    most = int(rate * max(1.0, seconds))
    if len(flat) > most:
        return most
    raw = text.encode()
    return most // 3 if len(raw) > _COMPRESSED * len(zlib.compress(raw)) and len(flat) > most // 3 else None
