"""Telephone numbers, findable without being stored: a keyed digest of the whole, and the four digits a mask shows."""

import hashlib
import hmac
import re

_LAST = 4
_NATIONAL = 11


def number_keys(secret: bytes, *numbers: str | None) -> tuple[str, ...]:
    """Return what the index stores for these numbers: HMAC-SHA-256 under `secret`, 32 hex characters each."""
    return tuple(sorted({_key(secret, digits) for digits in map(_digits, numbers) if digits}))


def last_digits(*numbers: str | None) -> tuple[str, ...]:
    """Return the last four digits of each number, which every mask shows too."""
    return tuple(sorted({digits[-_LAST:] for digits in map(_digits, numbers) if len(digits) >= _LAST}))


def query_key(secret: bytes, number: str) -> str:
    """Return what a search for `number` looks for: four digits as they are, a whole number's key."""
    digits = _digits(number)
    return digits if len(digits) == _LAST else _key(secret, digits)


def _digits(number: str | None) -> str:
    digits = re.sub(r"\D", "", number or "")
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > _NATIONAL else digits


def _key(secret: bytes, digits: str) -> str:
    return hmac.new(secret, b"guitai number\x00" + digits.encode(), hashlib.sha256).hexdigest()[:32]
