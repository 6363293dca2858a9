"""From stored bytes back to plain ones, whichever copy is good."""

import io
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag

from guitai.vault.errors import (
    CopyDamagedError,
    ObjectMissingError,
    StoreFailedError,
    UnreadableError,
)
from guitai.vault.format import HEADER_SIZE, Layout, Subject, nonce
from guitai.vault.model import Problem, SealedObject
from guitai.vault.ports import ObjectStore
from guitai.vault.suites import TAG_SIZE, Aead

_WINDOW = 1 << 20


class Chunks:
    """Decrypts ranges of chunks of one object, going on to the next copy where one fails and staying with it."""

    def __init__(
        self,
        stores: Sequence[ObjectStore],
        sealed: SealedObject,
        subject: Subject,
        data_key: bytes,
        report: Callable[[Problem], None],
    ) -> None:
        self.layout = Layout(sealed.chunk_size, sealed.plain_size)
        self._stores = stores
        self._key = sealed.key
        self._subject = subject
        self._data_key = data_key
        self._report = report
        self._ciphers: dict[int, Aead] = {}
        self._order = list(range(len(stores)))

    def plain(self, first: int, stop: int) -> bytes:
        """Return the plaintext of chunks [first, stop); UnreadableError where no copy has it intact."""
        for position in tuple(self._order):
            try:
                return self._from_copy(position, first, stop)
            except (StoreFailedError, CopyDamagedError) as error:
                self._report(problem_of(error, self._stores[position], self._key))
                self._order.remove(position)
                self._order.append(position)
        raise UnreadableError(
            f"No copy of {self._key} can be read.",
            hint="Restore one store's copy from a backup, then run `guitai evidence verify` on it.",
        )

    def _from_copy(self, position: int, first: int, stop: int) -> bytes:
        store = self._stores[position]
        aead = self._cipher(position)
        start, end = self.layout.stored(first, stop)
        stored = memoryview(store.get_range(self._key, start, end))
        if len(stored) != end - start:
            raise CopyDamagedError(f"The copy of {self._key} in {store.name} is cut short.")
        stride = self.layout.chunk_size + TAG_SIZE
        parts: list[bytes] = []
        for number in range(first, stop):
            begin = (number - first) * stride
            associated = self._subject.associated(number, last=number == self.layout.chunks - 1)
            try:
                parts.append(aead.open(nonce(number), stored[begin : begin + stride], associated))
            except InvalidTag as error:
                message = f"Chunk {number} of the copy of {self._key} in {store.name} is damaged."
                raise CopyDamagedError(message) from error
        return b"".join(parts)

    def _cipher(self, position: int) -> Aead:
        if position not in self._ciphers:
            store = self._stores[position]
            salt = self._subject.salt_of(store.get_range(self._key, 0, HEADER_SIZE))
            if salt is None:
                raise CopyDamagedError(f"The header of the copy of {self._key} in {store.name} is damaged.")
            self._ciphers[position] = self._subject.aead(self._data_key, salt)
        return self._ciphers[position]


class SealedReader(io.RawIOBase):
    """A read-only seekable stream of the plaintext; keeps about 1 MiB of it."""

    def __init__(self, chunks: Chunks) -> None:
        super().__init__()
        self._chunks = chunks
        self._position = 0
        self._window = b""
        self._window_start = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the position in the plaintext."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move as in any stream; before the start is a ValueError, past the end reads nothing."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._chunks.layout.plain_size}[whence]
        if base + offset < 0:
            raise ValueError("cannot seek before the start")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride] # Buffer is 3.12's
        """Fill `buffer` as far as the current window reaches; 0 at the end."""
        view = memoryview(buffer).cast("B")
        if self._position >= self._chunks.layout.plain_size or not len(view):
            return 0
        at = self._position - self._window_start
        if not 0 <= at < len(self._window):
            self._fetch()
            at = self._position - self._window_start
        part = self._window[at : at + len(view)]
        view[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _fetch(self) -> None:
        layout = self._chunks.layout
        first = self._position // layout.chunk_size
        stop = min(layout.chunks, first + max(1, _WINDOW // layout.chunk_size))
        self._window = self._chunks.plain(first, stop)
        self._window_start = first * layout.chunk_size


def problem_of(error: StoreFailedError | CopyDamagedError, store: ObjectStore, key: str) -> Problem:
    """Return what `error` says of the copy of `key` in `store`."""
    code = "store-failed"
    if isinstance(error, ObjectMissingError):
        code = "copy-missing"
    elif isinstance(error, CopyDamagedError):
        code = "copy-damaged"
    return Problem(code, f"{store.name}/{key}", error.message)
