"""The two hash functions: SHA-256 in the standard profile, SM3 (GB/T 32905) in the SM profile."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol

from cryptography.hazmat.primitives import hashes

from guitai.evidence.errors import EvidenceError

SIZE = 32
"""Bytes in a digest of either function."""

DIGESTS = ("sha256", "sm3")


class Hasher(Protocol):
    """A hash being computed."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...

    def digest(self) -> bytes:
        """Return the digest of all bytes taken in."""
        ...


class _Sm3:
    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, data: bytes, /) -> None:
        self._hash.update(data)

    def digest(self) -> bytes:
        return self._hash.copy().finalize()


def new_hasher(digest: str) -> Hasher:
    """Return a hasher of the function named `digest`: sha256 or sm3."""
    if digest == "sha256":
        return hashlib.sha256()
    if digest == "sm3":
        return _Sm3()
    raise EvidenceError(f"the hash function {digest!r} is not known", hint="Use sha256 or sm3.")


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 digest of `data`."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """Return the SM3 digest of `data`."""
    return _digest_of("sm3", (data,))


def function(digest: str) -> Callable[[bytes], bytes]:
    """Return the function named `digest` from bytes to their 32-byte digest."""
    if digest not in DIGESTS:
        new_hasher(digest)
    return sha256 if digest == "sha256" else sm3


def digest_text(digest: str, parts: bytes | Iterable[bytes]) -> str:
    """Return `sha256:<hex>` or `sm3:<hex>` of the bytes given whole or in parts: how entries write digests."""
    return f"{digest}:{_digest_of(digest, (parts,) if isinstance(parts, bytes) else parts).hex()}"


def _digest_of(digest: str, parts: Iterable[bytes]) -> bytes:
    hasher = new_hasher(digest)
    for part in parts:
        hasher.update(part)
    return hasher.digest()
