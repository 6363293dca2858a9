"""Which kind of number a string of digits is, by its form and by what is said around it."""

import re
from typing import NamedTuple

from guitai.privacy.checks import area_code, is_bank_card, is_id_card, is_mobile, is_old_id_card
from guitai.privacy.context import Context, Other
from guitai.privacy.model import Kind

_LETTERS = re.compile(r"(?<![A-Za-z])([A-Za-z]{1,3})[\s-]?$")
_PASSPORT = re.compile("[EGeg][0-9]{8}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{7}")
_TELEPHONE_WORD = re.compile(r"(?i:(?:tel|phone|mobile|call|cell|no)[.:]?)$")
_COUNTRY = re.compile("(?:00)?86|0")
_SECRETS = {Kind.CVV: (3, 4), Kind.ONE_TIME_CODE: (4, 8), Kind.PASSWORD: (4, 20)}
_STRENGTH = {
    Kind.ID_CARD: 100, Kind.CVV: 95, Kind.ONE_TIME_CODE: 95, Kind.PASSWORD: 95, Kind.BANK_CARD: 90, Kind.PASSPORT: 88,
    Kind.MOBILE: 80, Kind.LANDLINE: 70,
}  # fmt: skip
_SHORTEST_SECRET = 3
# The first digits that a number of this length may have where nothing names it.
_CARDS = "2345689"
_FIRST_DIGITS = {
    10: "0", 11: "01", 12: "0", 13: "0" + _CARDS, 14: "0" + _CARDS, 15: "0" + _CARDS, 16: _CARDS, 17: _CARDS,
    18: "1234567" + _CARDS, 19: _CARDS,
}  # fmt: skip
_NAMED = 85
_LIKELY = 50


class Said(NamedTuple):
    """A string of digits, the context that names it, the characters that touch it.

    `spoken`: all of it in words; `alone`: its turns hold nothing else.
    """

    digits: str
    context: Context
    before: str
    after: str
    spoken: bool
    alone: bool


class Match(NamedTuple):
    """A kind, how strongly it speaks against other readings, and how many digits a mask keeps at either end."""

    kind: Kind
    strength: int
    verified: bool
    keep_left: int
    keep_right: int


def may_be(digits: str, context: Context, *, anyway: bool) -> bool:
    """Say cheaply whether `recognise` could take a string of digits; most are turned away here."""
    if len(digits) < _SHORTEST_SECRET:
        return False
    return anyway or context.tight or digits[0] in _FIRST_DIGITS.get(len(digits), "")


def recognise(said: Said) -> Match | None:
    """Return what kind of personal number this is, or None."""
    if "X" in said.digits[:-1]:
        return None
    return _secret(said) or _identity_card(said) or _passport(said) or _bank_card(said) or _telephone(said)


def kept(kind: Kind, length: int) -> tuple[int, int]:
    """Return how many characters of a number of this kind and length a mask keeps on the left and on the right."""
    if kind in _SECRETS:
        return 0, 0
    left, right = {
        Kind.ID_CARD: (6, 4 if length > 15 else 3),  # noqa: PLR2004
        Kind.BANK_CARD: (4, 4),
        Kind.PASSPORT: (0, 4),
        Kind.LANDLINE: (max(0, length - 8), 4),
    }.get(kind, (3, 4))
    return (left, right) if length >= left + right + 3 else (min(left, length // 3), 0)


def _matched(kind: Kind, length: int, strength: int | None = None, *, verified: bool = True, prefix: int = 0) -> Match:
    left, right = kept(kind, length - prefix)
    return Match(kind, _STRENGTH[kind] if strength is None else strength, verified, left + prefix, right)


def _named(said: Said, kind: Kind) -> bool:
    return said.context.tight and said.context.meaning is kind


def _secret(said: Said) -> Match | None:
    for kind, (shortest, longest) in _SECRETS.items():
        if _named(said, kind) and shortest <= len(said.digits) <= longest and said.digits.isdecimal():
            return _matched(kind, len(said.digits))
    return None


def _identity_card(said: Said) -> Match | None:
    if is_id_card(said.digits):
        return _matched(Kind.ID_CARD, len(said.digits))
    if _named(said, Kind.ID_CARD) and 15 <= len(said.digits) <= 19:  # noqa: PLR2004
        return _matched(Kind.ID_CARD, len(said.digits), _NAMED, verified=is_old_id_card(said.digits))
    return None


def letters_before(before: str) -> str:
    """Return the letters that a passport number begins with, with the space or dash after them, if any."""
    letters = _LETTERS.search(before)
    return letters[0] if letters else ""


def _passport(said: Said) -> Match | None:
    number = letters_before(said.before).rstrip(" -") + said.digits
    if _PASSPORT.fullmatch(number) and not _refers(said) and not _glued_after(said):
        return _matched(Kind.PASSPORT, len(said.digits))
    if _named(said, Kind.PASSPORT) and 6 <= len(said.digits) <= 10:  # noqa: PLR2004
        return _matched(Kind.PASSPORT, len(said.digits), _NAMED)
    return None


def _bank_card(said: Said) -> Match | None:
    if is_bank_card(said.digits) and not _refers(said) and not _glued(said):
        return _matched(Kind.BANK_CARD, len(said.digits))
    if _named(said, Kind.BANK_CARD) and 12 <= len(said.digits) <= 19 and said.digits.isdecimal():  # noqa: PLR2004
        return _matched(Kind.BANK_CARD, len(said.digits), _NAMED, verified=False)
    return None


def _telephone(said: Said) -> Match | None:
    if _refers(said) or _glued(said) or not said.digits.isdecimal():
        return None
    digits, length = said.digits, len(said.digits)
    country = _COUNTRY.match(digits)
    prefix = country.end() if country else 0
    if is_mobile(digits[prefix:]):
        return _matched(Kind.MOBILE, length, prefix=prefix)
    if area_code(digits):
        return _matched(Kind.LANDLINE, length)
    if (_named(said, Kind.LANDLINE) or _named(said, Kind.MOBILE)) and length in (7, 8) and digits[0] in "2345678":
        return _matched(Kind.LANDLINE, length, 60)
    nearly = said.spoken and 10 <= length <= 12 and digits[0] == "1" and digits[1] in "3456789"  # noqa: PLR2004
    if nearly and (_named(said, Kind.MOBILE) or said.alone):
        return _matched(Kind.MOBILE, length, _LIKELY, verified=False)
    return None


def _refers(said: Said) -> bool:
    """Say whether the number is named as something that is nobody's personal data."""
    return said.context.tight and said.context.meaning is Other.REFERENCE


def _glued(said: Said) -> bool:
    """Say whether the digits are part of something longer: a code with letters, a decimal, a sum of money."""
    before = said.before
    if before and before[-1].isascii() and (before[-1].isalpha() or before[-1] == "_"):
        return _TELEPHONE_WORD.search(before) is None
    decimal = len(before) > 1 and before[-1] == "." and before[-2].isdecimal()
    return decimal or before.endswith(("¥", "￥", "$")) or _glued_after(said)


def _glued_after(said: Said) -> bool:
    after = said.after
    if not after:
        return False
    if after[0].isascii() and (after[0].isalpha() or after[0] == "_"):
        return True
    return after[0] in "元块万亿%％" or (after[0] == "." and after[1:2].isdecimal())
