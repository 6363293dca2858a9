"""Passwords with letters; those of digits alone are found with the other numbers."""

import re
from collections.abc import Iterator

from guitai.privacy.model import Kind, PersonalData, Span

_DIGIT = "0-9零〇一二三四五六七八九幺"
_PASSWORD = re.compile(
    r"(?:密码|口令|(?i:password|passcode|\bpin\b))(?:[\s\"“「'是为就我的：:，,呢啊嗯设置成改了应该当时]|叫做|(?i:is|was)\b){1,12}"
    rf"(?P<value>(?:(?:大写|小写)?(?:的)?[A-Za-z{_DIGIT}@#!$%^&_.+-]\s?){{4,32}})"
)
_LETTER = re.compile("[A-Za-z]")
_SIGN = re.compile(f"[{_DIGIT}@#!$%^&_+]")


def find_passwords(turn: int, text: str) -> Iterator[PersonalData]:
    """Yield the passwords in one turn that have a letter; among English words only one with a digit or sign counts."""
    for match in _PASSWORD.finditer(text):
        value = match["value"].rstrip(" .\n")
        if not _LETTER.search(value):
            continue
        if re.match(r"(?i)password|passcode|pin", match[0]):
            value = value.split()[0]
            if not _SIGN.search(value):
                continue
        span = Span(turn, match.start("value"), match.start("value") + len(value))
        yield PersonalData(Kind.PASSWORD, (span,), (span,), value)
