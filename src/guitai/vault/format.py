"""The stored bytes of a sealed object, format version 1; enough to write another reader.

All integers are big-endian. Suites: 1 = AES-256-GCM, SHA-256, 32-byte keys; 2 = SM4-GCM, SM3, 16-byte keys.

    object  = header | chunk 0 | chunk 1 | … | chunk n-1
    header  = "GUITAIV" (7 bytes) | version u8 (1) | suite u8 | 3 zero bytes | chunk_size u32 | salt (32 bytes)
    chunk i = ciphertext of plain[i * chunk_size : (i + 1) * chunk_size] | tag (16 bytes)

There are n = max(1, ceil(plain_size / chunk_size)) chunks: an empty object is one chunk of nothing, and only the last
chunk may be short. The stored size is therefore 48 + plain_size + 16 n.

    data key   = random, one for all objects that share an object id; kept only wrapped by the key service, with
                 the context "guitai-vault" | version u8 | suite u8 | object id
    object key = HKDF(hash of the suite, secret = data key, salt = header's salt, length = key size,
                      info = "guitai-vault" | version u8 | suite u8 | u16 length of object id | object id | role)
    nonce i    = i as 12 bytes
    associated data of chunk i = "guitai-vault" | version u8 | suite u8 | chunk_size u32 | i u64 | last u8 (1 or 0)
                                 | u16 length of object id | object id | role

The salt is fresh for every sealing, so that sealing again under the same data key never meets the same key and nonce.
Ids and roles are ASCII. A reader must check the header against the object's record, the tag of every chunk it
returns, and the last flag where its reading ends the object.
"""

import struct
from dataclasses import dataclass

from guitai.vault.suites import SUITES, TAG_SIZE, Aead, Suite

VERSION = 1
SALT_SIZE = 32
_MAGIC = b"GUITAIV"
_LABEL = b"guitai-vault"
_HEADER = struct.Struct(f">7sBB3xI{SALT_SIZE}s")
HEADER_SIZE = _HEADER.size


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the chunks of one object lie; sizes in bytes."""

    chunk_size: int
    plain_size: int

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return max(1, -(-self.plain_size // self.chunk_size))

    @property
    def cipher_size(self) -> int:
        """The stored size."""
        return HEADER_SIZE + self.plain_size + TAG_SIZE * self.chunks

    def stored(self, first: int, stop: int) -> tuple[int, int]:
        """Return the stored bytes [start, end) that hold chunks [first, stop)."""
        stride = self.chunk_size + TAG_SIZE
        return HEADER_SIZE + first * stride, min(HEADER_SIZE + stop * stride, self.cipher_size)


@dataclass(frozen=True, slots=True)
class Subject:
    """What every key and chunk of an object is bound to."""

    suite: Suite
    object_id: str
    role: str
    chunk_size: int

    def header(self, salt: bytes) -> bytes:
        """Return the header that announces `salt`."""
        return _HEADER.pack(_MAGIC, VERSION, self.suite.number, self.chunk_size, salt)

    def salt_of(self, header: bytes) -> bytes | None:
        """Return the salt, or None where `header` is not this object's."""
        if len(header) != HEADER_SIZE:
            return None
        salt = header[-SALT_SIZE:]
        return salt if header == self.header(salt) else None

    def aead(self, data_key: bytes, salt: bytes) -> Aead:
        """Return the cipher of this object as sealed with `salt`."""
        return self.suite.aead(self.suite.derive(data_key, salt, self._label() + self._names()))

    def associated(self, number: int, *, last: bool) -> bytes:
        """Return the associated data of chunk `number`."""
        return self._label() + struct.pack(">IQ?", self.chunk_size, number, last) + self._names()

    def key_context(self) -> bytes:
        """Return what the wrapped data key is bound to."""
        return self._label() + self.object_id.encode("ascii")

    def _label(self) -> bytes:
        return _LABEL + bytes([VERSION, self.suite.number])

    def _names(self) -> bytes:
        object_id = self.object_id.encode("ascii")
        return struct.pack(">H", len(object_id)) + object_id + self.role.encode("ascii")


def nonce(number: int) -> bytes:
    """Return the nonce of chunk `number`."""
    return number.to_bytes(12, "big")


def subject(profile: str, object_id: str, role: str, chunk_size: int) -> Subject:
    """Return what the keys and chunks of this object are bound to; KeyError for an unknown profile."""
    return Subject(SUITES[profile], object_id, role, chunk_size)
