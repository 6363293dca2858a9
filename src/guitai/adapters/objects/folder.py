"""Objects in a local folder: durable, private to its owner, and never half-written under their own name."""

import errno
import fcntl
import os
import re
import secrets
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from obstore.store import LocalStore

from guitai.adapters.objects.stored import Stored
from guitai.vault import StoreFailedError, StoreFullError

_INCOMING = ".incoming"
_KEY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Folder(Stored):
    """An object store in one folder (folders 0700, files 0600).

    A write goes to `.incoming`, is synced, then renamed to its key, and the folders on the way are synced. What a
    killed process left in `.incoming` is swept away when the folder is next opened while nobody writes to it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._incoming = self._root / _INCOMING
        self._name = f"folder {self._root}"
        with self._failures("."):
            _make_folder(self._incoming)
            super().__init__(self._name, LocalStore(self._root))
            with self._alone() as alone:
                for leftover in self._incoming.iterdir() if alone else ():
                    leftover.unlink()

    def put(self, key: str, chunks: Iterable[bytes | bytearray]) -> None:
        """Write the joined chunks under `key`, synced to the disk; on any error nothing of them stays."""
        target = self._path(key)
        staged = self._incoming / secrets.token_hex(16)
        with self._writing(key):
            try:
                self._write(staged, chunks, key)
                with self._failures(key):
                    _make_folder(target.parent)
                    staged.replace(target)
                    _sync_folder(target.parent)
            except BaseException:
                with suppress(OSError):
                    staged.unlink(missing_ok=True)
                raise

    def delete(self, key: str) -> None:
        """Remove the object and the folders it leaves empty, durably."""
        target = self._path(key)
        super().delete(key)
        with self._failures(key):
            if target.parent.exists():
                _sync_folder(target.parent)
            with self._alone() as alone:
                folder = target.parent
                while alone and folder != self._root and folder.exists() and not any(folder.iterdir()):
                    folder.rmdir()
                    folder = folder.parent

    def list(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys under the folder `prefix`."""
        return (key for key in super().list(prefix) if not key.startswith(_INCOMING + "/"))

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("keys are names of letters, digits, hyphens and underscores parted by slashes")
        return self._root / key

    def _write(self, path: Path, chunks: Iterable[bytes | bytearray], key: str) -> None:
        """Write and sync a new file; errors raised by `chunks` itself pass through as they are."""
        with self._failures(key):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            written = 0
            for chunk in chunks:
                with self._failures(key):
                    _write_all(file, chunk)
                    # Starts the disk's work now, so that the sync at the end finds little left to do.
                    os.posix_fadvise(file, written, len(chunk), os.POSIX_FADV_DONTNEED)
                written += len(chunk)
            with self._failures(key):
                os.fsync(file)
                # Whoever reads the copy back to prove it must see the disk's bytes, not the memory's.
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(file)

    @contextmanager
    def _writing(self, key: str) -> Generator[None]:
        """Hold off sweeping while this process writes."""
        with self._failures(key):
            lock = os.open(self._incoming, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with self._failures(key):
                fcntl.flock(lock, fcntl.LOCK_SH)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def _alone(self) -> Generator[bool]:
        """Say whether nobody else writes, and keep it so meanwhile."""
        lock = os.open(self._incoming, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(lock)

    @contextmanager
    def _failures(self, key: str) -> Generator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StoreFullError(
                    f"{self._name} has no room left for {key}.", hint="Free or add space, then run the command again."
                ) from error
            reason = os.strerror(error.errno or 0)
            raise StoreFailedError(
                f"{self._name} failed on {key} ({reason}).", hint="Check that the folder is there and writable."
            ) from error


def _write_all(file: int, chunk: bytes | bytearray) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(file, view) :]


def _make_folder(path: Path) -> None:
    """Make a folder and those above it, each synced into its parent."""
    if path.is_dir():
        return
    _make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
