"""From plain bytes to stored bytes, a few pieces at a time."""

import secrets
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from typing import BinaryIO

from guitai.vault.digests import SideDigest
from guitai.vault.errors import WrongSourceError
from guitai.vault.format import SALT_SIZE, Layout, Subject, nonce
from guitai.vault.suites import TAG_SIZE, Aead

_PIECE = 1 << 20
_WORKERS = 2
_AHEAD = 3


class Sealing:
    """Seals one source once: iterate `pieces()` to its end, then read the sizes and digests.

    Memory: about eight pieces of 1 MiB, whatever the size of the source.
    """

    def __init__(
        self, subject: Subject, data_key: bytes, source: bytes | BinaryIO, expected_digest: bytes | None
    ) -> None:
        self._subject = subject
        self._data_key = data_key
        self._source = BytesIO(source) if isinstance(source, bytes) else source
        self._expected = expected_digest
        self.plain_size = 0
        self.cipher_size = 0
        self.plain_digest = b""
        self.cipher_digest = b""

    def pieces(self) -> Iterator[bytes | bytearray]:
        """Yield the stored bytes in order; WrongSourceError at the end where the source is not the expected one."""
        salt = secrets.token_bytes(SALT_SIZE)
        aead = self._subject.aead(self._data_key, salt)
        suite = self._subject.suite
        with SideDigest(suite) as plain, SideDigest(suite) as cipher, ThreadPoolExecutor(_WORKERS) as workers:
            for piece in self._stored(salt, aead, plain, workers):
                cipher.update(piece)
                self.cipher_size += len(piece)
                yield piece
            self.plain_digest = plain.digest()
            self.cipher_digest = cipher.digest()
        if self._expected is not None and self.plain_digest != self._expected:
            raise WrongSourceError(
                f"The {self._subject.role} of {self._subject.object_id} changed before it was sealed.",
                hint="Import it again once nothing writes to it any more.",
            )

    def _stored(
        self, salt: bytes, aead: Aead, plain: SideDigest, workers: ThreadPoolExecutor
    ) -> Iterator[bytes | bytearray]:
        yield self._subject.header(salt)
        ahead: deque[Future[bytearray]] = deque()
        number = 0
        for data, last in self._read():
            plain.update(data)
            self.plain_size += len(data)
            ahead.append(workers.submit(self._seal, aead, data, number, last=last))
            number += len(data) // self._subject.chunk_size
            if len(ahead) == _AHEAD:
                yield ahead.popleft().result()
        for future in ahead:
            yield future.result()

    def _read(self) -> Iterator[tuple[bytes, bool]]:
        """Yield (whole chunks, is this the end) with at least one pair, the last one perhaps short or empty."""
        size = max(1, _PIECE // self._subject.chunk_size) * self._subject.chunk_size
        data = _read_full(self._source, size)
        while following := _read_full(self._source, size) if len(data) == size else b"":
            yield data, False
            data = following
        yield data, True

    def _seal(self, aead: Aead, data: bytes, number: int, *, last: bool) -> bytearray:
        size = self._subject.chunk_size
        chunks = Layout(size, len(data)).chunks
        out = bytearray(len(data) + chunks * TAG_SIZE)
        plain, sealed = memoryview(data), memoryview(out)
        for i in range(chunks):
            part = plain[i * size : (i + 1) * size]
            begin = i * (size + TAG_SIZE)
            associated = self._subject.associated(number + i, last=last and i == chunks - 1)
            aead.seal_into(nonce(number + i), part, associated, sealed[begin : begin + len(part) + TAG_SIZE])
        return out


def _read_full(source: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end: a raw file or a pipe may give less at a time."""
    data = source.read(size)
    if len(data) in (0, size):
        return data
    parts = [data]
    missing = size - len(data)
    while missing and (data := source.read(missing)):
        parts.append(data)
        missing -= len(data)
    return b"".join(parts)
