"""Hashing beside the work that makes the bytes."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from guitai.vault.suites import Suite


class SideDigest:
    """A hash fed in another thread; holds at most one piece that is not hashed yet. Leave it with `with`."""

    def __init__(self, suite: Suite) -> None:
        self._hash = suite.hasher()
        self._thread = ThreadPoolExecutor(1, "vault-digest")
        self._pending: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def update(self, piece: bytes | bytearray) -> None:
        """Take the next piece, which must not change from now on."""
        self._settle()
        self._pending = self._thread.submit(self._hash.update, piece)

    def digest(self) -> bytes:
        """Return the hash of all pieces."""
        self._settle()
        return self._hash.digest()

    def _settle(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None
