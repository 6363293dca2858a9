"""Strings of digits read out one by one, which recognisers write with whatever between them."""

import re

_STRING = re.compile(r"(?<![\d.])\d(?:(?:[\s,-]|, |- )?\d){6,}(?![\d%])")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_SEPARATORS = re.compile(r"[\s,-]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_NEARLY = range(9, 15)


def joined(text: str) -> str:
    """Return `text` with strings of at least seven digits in one piece: 137-009-7-2714 → 13700972714.

    Amounts grouped by thousands and dates keep their form.
    """
    return _STRING.sub(_join, text)


def has_mobile(text: str) -> bool:
    """Say whether a string of digits in joined text is as long as a mobile number and begins like one."""
    return any(_MOBILE.fullmatch(found) for found in re.findall(r"\d+", text))


def is_nearly_mobile(text: str) -> bool:
    """Say whether a string of digits in joined text looks like a mobile number with some digits lost or too many."""
    strings = re.findall(r"\d+", text)
    return not has_mobile(text) and any(found[0] == "1" and len(found) in _NEARLY for found in strings)


def _join(match: re.Match[str]) -> str:
    found = match.group()
    if _THOUSANDS.fullmatch(found) or re.fullmatch(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}", found):
        return found
    return _SEPARATORS.sub("", found)
