"""Chinese numerals as values: cardinals with their units, and strings of digits."""

from itertools import groupby

DIGIT_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2}
UNIT_VALUES = {"十": 10, "百": 100, "千": 1000}
_SECTION_VALUES = {"万": 10**4, "亿": 10**8}
_SPELLED = "零一二三四五六七八九"
_MOST = 10**16


def read_cardinal(spoken: str) -> int | None:
    """Return the value of a cardinal (三千五百, 一万二, 十五), or None where it is malformed (三四百, 一三七)."""
    total, section, last_size = 0, 0, _MOST
    for is_section, chars in groupby(spoken, lambda char: char in _SECTION_VALUES):
        part = "".join(chars)
        if is_section:
            size = 1
            for char in part:
                size *= _SECTION_VALUES[char]
            if not section or size >= last_size:
                return None
            total, section, last_size = total + section * size, 0, size
            continue
        value = _read_section(part, last_size)
        if value is None:
            return None
        section = value
    return total + section


def _read_section(spoken: str, above: int) -> int | None:
    """Return the value below 10,000 of `spoken`; `above` is the size of the section before, for 一万二."""
    value, pending, last_unit, linked = 0, None, 10**4, False
    for char in spoken:
        if char in UNIT_VALUES:
            unit = UNIT_VALUES[char]
            bare = pending is None and (char != "十" or (value > 0 and not linked))
            if unit >= last_unit or bare:
                return None
            value, pending, last_unit, linked = value + (pending or 1) * unit, None, unit, False
        elif char in "零〇" and pending is None:
            linked = True
        elif pending is None and char in DIGIT_VALUES and char != "幺":
            pending = DIGIT_VALUES[char]
        else:
            return None
    if pending is None:
        return value
    if linked or last_unit == UNIT_VALUES["十"] or (not value and above == _MOST):
        return value + pending
    return value + pending * (last_unit if value else above) // 10


def read_digits(spoken: str) -> str:
    """Return a string of Chinese digits as digits 0-9 (一三七 → 137)."""
    return "".join(str(DIGIT_VALUES[char]) for char in spoken)


def spell_digits(digits: str) -> str:
    """Return digits 0-9 as one Chinese digit each."""
    return "".join(_SPELLED[int(char)] for char in digits)


def spell_cardinal(value: int) -> str:
    """Return a whole number from 0 as read in Chinese (3500 → 三千五百, 12 → 十二)."""
    if value == 0:
        return "零"
    parts: list[str] = []
    gap = False
    for size, name in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, "")):
        section = value // size % 10**4
        if section:
            parts.append(("零" if parts and (gap or section < 10**3) else "") + _spell_section(section) + name)
        gap = bool(parts) and not section
    spelled = "".join(parts)
    return spelled[1:] if spelled.startswith("一十") else spelled


def _spell_section(value: int) -> str:
    parts: list[str] = []
    gap = False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // size % 10
        if digit:
            parts.append(("零" if gap and parts else "") + _SPELLED[digit] + name)
        gap = not digit
    return "".join(parts)
