"""The two cipher suites: AES-256-GCM with SHA-256, and SM4-GCM with SM3 (GB/T 32907, GB/T 32905)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TAG_SIZE = 16
NONCE_SIZE = 12

Octets = bytes | bytearray | memoryview


class Hasher(Protocol):
    """A hash in the making."""

    def update(self, data: Octets, /) -> None:
        """Take the next bytes."""
        ...

    def digest(self) -> bytes:
        """Return the hash of all bytes taken so far."""
        ...


class Aead(Protocol):
    """Authenticated encryption under one key; safe to use from several threads."""

    def seal_into(self, nonce: bytes, plain: Octets, associated: bytes, out: memoryview) -> None:
        """Write ciphertext and 16-byte tag to `out`, which is exactly 16 bytes longer than `plain`."""
        ...

    def open(self, nonce: bytes, sealed: Octets, associated: bytes) -> bytes:
        """Return the plaintext, or raise cryptography's InvalidTag."""
        ...


class _Aes:
    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal_into(self, nonce: bytes, plain: Octets, associated: bytes, out: memoryview) -> None:
        self._aead.encrypt_into(nonce, plain, associated, out)

    def open(self, nonce: bytes, sealed: Octets, associated: bytes) -> bytes:
        return self._aead.decrypt(nonce, sealed, associated)


class _Sm4:
    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def seal_into(self, nonce: bytes, plain: Octets, associated: bytes, out: memoryview) -> None:
        encryptor = Cipher(self._key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        encryptor.update_into(plain, out)
        encryptor.finalize()
        out[-TAG_SIZE:] = encryptor.tag

    def open(self, nonce: bytes, sealed: Octets, associated: bytes) -> bytes:
        if len(sealed) < TAG_SIZE:
            raise InvalidTag
        view = memoryview(sealed)
        decryptor = Cipher(self._key, modes.GCM(nonce, bytes(view[-TAG_SIZE:]))).decryptor()
        decryptor.authenticate_additional_data(associated)
        plain = decryptor.update(view[:-TAG_SIZE])
        decryptor.finalize()
        return plain


@dataclass(frozen=True, slots=True)
class Suite:
    """One profile's algorithms; `number` stands for it inside stored bytes, `key_size` is in bytes."""

    profile: str
    number: int
    key_size: int
    digest: str
    aead: Callable[[bytes], Aead]
    _hkdf_hash: Callable[[], hashes.HashAlgorithm]

    def derive(self, secret: bytes, salt: bytes, info: bytes) -> bytes:
        """Return a key of this suite's size by HKDF (RFC 5869) with the suite's hash."""
        return HKDF(self._hkdf_hash(), self.key_size, salt, info).derive(secret)

    def hasher(self) -> Hasher:
        """Return a fresh hash object; hashlib's own, as it lets other threads run while it works."""
        return hashlib.new(self.digest)


SUITES = {
    "standard": Suite("standard", 1, 32, "sha256", _Aes, hashes.SHA256),
    "sm": Suite("sm", 2, 16, "sm3", _Sm4, hashes.SM3),
}
