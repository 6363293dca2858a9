"""The two hash functions: SHA-256 in the standard profile, SM3 (GB/T 32905) in the SM profile."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol

from cryptography.hazmat.primitives import hashes

from guitai.evidence.errors import EvidenceError

SIZE = 32
"""Bytes in a digest of either function."""


class Hasher(Protocol):
    """A hash being computed."""

    def copy(self) -> "Hasher":
        """Return a second one over the same bytes so far."""
        ...

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...

    def digest(self) -> bytes:
        """Return the digest of all bytes taken in."""
        ...


class Sm3:
    """SM3 with the interface of hashlib."""

    def __init__(self, data: bytes = b"", /, *, start: hashes.Hash | None = None) -> None:
        self._hash = hashes.Hash(hashes.SM3()) if start is None else start
        self._hash.update(data)

    def copy(self) -> "Sm3":
        """Return a second one over the same bytes so far."""
        return Sm3(start=self._hash.copy())

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        self._hash.update(data)

    def digest(self) -> bytes:
        """Return the digest of all bytes taken in."""
        return self._hash.copy().finalize()


_HASHERS: dict[str, Callable[[bytes], Hasher]] = {"sha256": hashlib.sha256, "sm3": Sm3}


def hasher(digest: str) -> Callable[[bytes], Hasher]:
    """Return what starts a hash of the function named `digest` (sha256 or sm3) over some first bytes."""
    if digest not in _HASHERS:
        raise EvidenceError(f"the hash function {digest!r} is not known", hint="Use sha256 or sm3.")
    return _HASHERS[digest]


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 digest of `data`."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """Return the SM3 digest of `data`."""
    return Sm3(data).digest()


def digest_text(digest: str, parts: bytes | Iterable[bytes]) -> str:
    """Return `sha256:<hex>` or `sm3:<hex>` of the bytes given whole or in parts: how entries write digests."""
    computing = hasher(digest)(b"")
    for part in (parts,) if isinstance(parts, bytes) else parts:
        computing.update(part)
    return f"{digest}:{computing.digest().hex()}"
