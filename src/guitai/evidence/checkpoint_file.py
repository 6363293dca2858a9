"""The log's checkpoint on the disk, which any process may replace at any time."""

import threading
from collections.abc import Callable
from pathlib import Path

from guitai.evidence.checkpoints import Checkpoint, open_checkpoint
from guitai.evidence.errors import CheckpointInvalidError, LogRolledBackError
from guitai.evidence.notes import VerifierKey
from guitai.evidence.ports import Disk
from guitai.evidence.store import DAMAGED_HINT, replace_file


class CheckpointFile:
    """Gives the newest checkpoint and refuses one that does not extend the last one seen."""

    def __init__(self, path: Path, key: VerifierKey, origin: str, digest: str, root_at: Callable[[int], bytes]) -> None:
        """Take what the checkpoint must say, and what gives the root of the first entries as the files have them."""
        self._path = path
        self._key = key
        self._origin = origin
        self._digest = digest
        self._root_at = root_at
        self._lock = threading.Lock()
        self._last: Checkpoint | None = None
        self._seen: tuple[int, ...] = ()

    @property
    def known_size(self) -> int:
        """Return how many entries the last checkpoint seen covers, without looking at the disk."""
        return self._last.size if self._last is not None else 0

    def exists(self) -> bool:
        """Say whether there is a checkpoint."""
        return self._path.exists()

    def read(self, *, certain: bool = False) -> Checkpoint:
        """Return the checkpoint on the disk; the file is read if its status has changed, or if it must be `certain`."""
        with self._lock:
            try:
                seen = self._status()
                if self._last is None or certain or seen != self._seen:
                    self._last, self._seen = self._successor(self._path.read_bytes()), seen
            except FileNotFoundError:
                raise CheckpointInvalidError("the evidence log's checkpoint is missing", hint=DAMAGED_HINT) from None
            return self._last

    def write(self, checkpoint: Checkpoint, disk: Disk) -> None:
        """Put `checkpoint` in the place of the last one, and return when it is on the disk."""
        replace_file(self._path, checkpoint.note, disk)
        with self._lock:
            self._last, self._seen = checkpoint, self._status()

    def _status(self) -> tuple[int, ...]:
        status = self._path.stat()
        return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size

    def _successor(self, note: bytes) -> Checkpoint:
        last = self._last
        if last is not None and last.note == note:
            return last
        fresh = open_checkpoint(note, self._key, self._origin)
        if fresh.digest != self._digest:
            raise CheckpointInvalidError(f"the log is hashed with {fresh.digest}, not {self._digest}")
        if last is not None and (fresh.size < last.size or self._root_at(last.size) != last.root):
            raise LogRolledBackError("the evidence log was set back or rewritten while it was open", hint=DAMAGED_HINT)
        return fresh
