"""The evidence log: entries in the order they were given, under a signed Merkle root."""

import fcntl
import os
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from guitai.evidence import merkle
from guitai.evidence.check import check_log
from guitai.evidence.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from guitai.evidence.digests import sha256
from guitai.evidence.disk import PosixDisk
from guitai.evidence.errors import (
    AppendFailedError,
    CheckpointInvalidError,
    EntryRefusedError,
    EvidenceError,
    LogDamagedError,
    LogRolledBackError,
    OutOfRangeError,
)
from guitai.evidence.index import INDEX, EntryIndex
from guitai.evidence.merkle import ConsistencyProof, InclusionProof
from guitai.evidence.model import Known, Problem
from guitai.evidence.notes import parse_key, sign_note
from guitai.evidence.ports import Disk, Signer, TimestampAuthority
from guitai.evidence.store import CHECKPOINT, DAMAGED_HINT, DATA_FILES, MAX_ENTRY, LogFiles, replace_file
from guitai.evidence.timestamps import TIMESTAMPS, Timestamp, load_timestamps, store_timestamp


@dataclass(slots=True)
class _Batch:
    """The entries of one caller, waiting for a commit."""

    entries: Sequence[bytes]
    first: int | None = None
    failure: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.first is not None or self.failure is not None


class EvidenceLog:
    """An append-only log in a directory, shared by threads and processes."""

    def __init__(self, directory: Path, signer: Signer, digest: str, origin: str, disk: Disk) -> None:
        """Use `EvidenceLog.open`."""
        self.directory = directory
        self.digest = digest
        self.origin = origin
        self.key = parse_key(signer.verifier)
        self._signer = signer
        self._disk = disk
        self._waiting: list[_Batch] = []
        self._committing = False
        self._turn = threading.Condition()
        self._refresh_lock = threading.Lock()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._files: LogFiles | None = None
        self._index = EntryIndex(directory / INDEX)
        self._seen: tuple[int, ...] = ()
        self._checkpoint: Checkpoint | None = None

    @classmethod
    def open(
        cls,
        directory: Path,
        signer: Signer,
        *,
        digest: str = "sha256",
        origin: str,
        known: Known | None = None,
        disk: Disk | None = None,
    ) -> Self:
        """Open the log in `directory`, made if absent, and cut off what an interrupted append left behind.

        `known` is a size and root seen earlier: a log that does not contain that state raises LogRolledBackError.
        Files that do not fit the checkpoint raise CheckpointInvalidError, LogTruncatedError or LogDamagedError; `verify`
        reads every byte.
        """
        log = cls(directory, signer, digest, origin, disk or PosixDisk())
        try:
            with log._exclusively():
                log._recover()
            if known is not None:
                log._require(known)
        except BaseException:
            log.close()
            raise
        return log

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()
        if self._files is not None:
            self._files.close()
            self._files = None
        os.close(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # appending

    def append(self, entries: Sequence[bytes]) -> list[int]:
        """Append `entries` in order and return their indices once they and their checkpoint are on the disk.

        Callers that wait at the same time share one commit. Raises EntryRefusedError for an entry over 1 MiB,
        AppendFailedError when the disk refuses: then none of the entries is acknowledged, though they may be there
        (see `find`).
        """
        if any(len(entry) > MAX_ENTRY for entry in entries):
            raise EntryRefusedError("an entry is larger than 1 MiB", hint="Log its digest instead.")
        if not entries:
            return []
        batch = _Batch(entries)
        with self._turn:
            self._waiting.append(batch)
            self._turn.wait_for(lambda: batch.done or not self._committing)
            batches = self._take_waiting() if not batch.done else []
        if batches:
            self._commit_all(batches)
        if batch.first is None:
            raise self._explained(batch.failure) from batch.failure
        return list(range(batch.first, batch.first + len(entries)))

    def _take_waiting(self) -> list[_Batch]:
        batches, self._waiting = self._waiting, []
        self._committing = True
        return batches

    def _commit_all(self, batches: Sequence[_Batch]) -> None:
        """Commit what several callers wait for, and tell each of them how it ended."""
        try:
            with self._exclusively():
                self._recover()
                first = self._commit([entry for batch in batches for entry in batch.entries])
            for batch in batches:
                batch.first, first = first, first + len(batch.entries)
        except BaseException as failure:
            for batch in batches:
                batch.failure = failure
            if not isinstance(failure, OSError | EvidenceError):
                raise
        finally:
            with self._turn:
                self._committing = False
                self._turn.notify_all()

    def _commit(self, entries: Sequence[bytes]) -> int:
        size, files = self._refresh().size, self._open_files()
        roots = [files.node(level, index) for level, index in merkle.subtrees(0, size)]
        frontier = merkle.Frontier(self.digest, size, roots)
        hashes = [made for entry in entries for made in frontier.add(merkle.leaf_hash(entry, self.digest))]
        files.write(size, entries, b"".join(hashes))
        checkpoint = sign_checkpoint(self.origin, frontier.size, frontier.root(), self.digest, self._signer)
        files.write_checkpoint(checkpoint.note)
        return size

    @staticmethod
    def _explained(failure: BaseException | None) -> EvidenceError:
        if isinstance(failure, EvidenceError):
            return type(failure)(failure.message, hint=failure.hint)
        reason = failure.strerror if isinstance(failure, OSError) else None
        hint = "Nothing of it was acknowledged: make room or mend the disk, then run again."
        return AppendFailedError(f"the evidence log could not be written: {reason or 'the writer stopped'}", hint=hint)

    # reading

    @property
    def size(self) -> int:
        """Return how many entries the log has, those of other processes included."""
        return self._refresh().size

    def checkpoint(self) -> Checkpoint:
        """Return the signed state of the log now."""
        return self._refresh()

    def entry(self, index: int) -> bytes:
        """Return entry `index`; raise LogDamagedError where it no longer matches its hash."""
        self._require_size(index + 1, lowest=1)
        files = self._open_files()
        entry = files.entry(index)
        if merkle.leaf_hash(entry, self.digest) != files.node(0, index):
            raise LogDamagedError(f"entry {index} of the evidence log no longer matches its hash", hint=DAMAGED_HINT)
        return entry

    def find(self, entry: bytes) -> int | None:
        """Return the index of the first entry with these bytes, None where there is none."""
        return self._index.find(merkle.leaf_hash(entry, self.digest), self._refresh().size, self._open_files())

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree of the first `size` entries (all, if None)."""
        size = self._require_size(size)
        return merkle.range_root(0, size, self._open_files().node, self.digest)

    def inclusion_proof(self, index: int, size: int | None = None) -> InclusionProof:
        """Return the proof that entry `index` is among the first `size` entries (all, if None)."""
        size = self._require_size(size)
        if not 0 <= index < size:
            raise OutOfRangeError(f"there is no entry {index} among {size} entries")
        return merkle.prove_inclusion(index, size, self._open_files().node, self.digest)

    def consistency_proof(self, old: int, new: int | None = None) -> ConsistencyProof:
        """Return the proof that the first `old` entries begin the first `new` (all, if None)."""
        new = self._require_size(new)
        if not 0 <= old <= new:
            raise OutOfRangeError(f"a log of {new} entries has no beginning of {old}")
        return merkle.prove_consistency(old, new, self._open_files().node, self.digest)

    def sign(self, text: str) -> bytes:
        """Return `text` as a note signed by the log's key; it must not read like a checkpoint."""
        return sign_note(text, self._signer)

    def timestamp(self, authority: TimestampAuthority) -> Timestamp:
        """Have the checkpoint of now timestamped, and keep the token beside the log."""
        checkpoint = self.checkpoint()
        timestamp = Timestamp(checkpoint, authority.timestamp(sha256(checkpoint.note)))
        store_timestamp(self.directory / TIMESTAMPS, timestamp, self._disk)
        return timestamp

    def timestamps(self) -> list[Timestamp]:
        """Return the timestamps kept, smallest log first."""
        return load_timestamps(self.directory / TIMESTAMPS, self.key, self.origin)

    def verify(self, known: Known | None = None) -> list[Problem]:
        """Re-read every byte of the log and name all that is damaged; empty when the log is sound.

        `known` is a size and root seen earlier, kept elsewhere: with it a log set back to an older state is found.
        """
        return check_log(self.directory, self.key, self.digest, self.origin, known)

    # state

    @contextmanager
    def _exclusively(self) -> Generator[None]:
        fcntl.flock(self._folder, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._folder, fcntl.LOCK_UN)

    def _recover(self) -> None:
        """With the lock held: read the checkpoint, cut off what was never acknowledged, see that the ends fit."""
        path = self.directory / CHECKPOINT
        if not path.exists():
            self._create()
        before = self._checkpoint
        checkpoint = self._refresh()
        files = self._open_files()
        files.trim(checkpoint.size)
        if before is checkpoint:
            return
        if merkle.range_root(0, checkpoint.size, files.node, self.digest) != checkpoint.root:
            raise LogDamagedError("the evidence log's hashes do not give the root of its checkpoint", hint=DAMAGED_HINT)
        if checkpoint.size:
            self.entry(checkpoint.size - 1)

    def _create(self) -> None:
        """Start an empty log; the first checkpoint stands before any data, so that its absence tells."""
        if any((self.directory / name).exists() for name in DATA_FILES):
            raise CheckpointInvalidError(
                "the evidence log's checkpoint is missing", hint="Restore the evidence folder from a copy."
            )
        empty = sign_checkpoint(self.origin, 0, merkle.root_of((), self.digest), self.digest, self._signer)
        replace_file(self.directory / CHECKPOINT, empty.note, self._disk)

    def _open_files(self) -> LogFiles:
        if self._files is None:
            self._files = LogFiles(self.directory, self._disk)
        return self._files

    def _refresh(self) -> Checkpoint:
        """Return the checkpoint on the disk, read again if any process has replaced it."""
        path = self.directory / CHECKPOINT
        with self._refresh_lock:
            try:
                status = path.stat()
                seen = (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
                if self._checkpoint is None or seen != self._seen:
                    self._checkpoint, self._seen = self._successor(path.read_bytes()), seen
            except FileNotFoundError:
                raise CheckpointInvalidError("the evidence log's checkpoint is missing", hint=DAMAGED_HINT) from None
            return self._checkpoint

    def _successor(self, note: bytes) -> Checkpoint:
        """Return the checkpoint that `note` is; raise LogRolledBackError unless it extends the last one."""
        fresh, before = open_checkpoint(note, self.key, self.origin), self._checkpoint
        if fresh.digest != self.digest:
            raise CheckpointInvalidError(f"the log is hashed with {fresh.digest}, not {self.digest}")
        if before is not None and (
            fresh.size < before.size
            or merkle.range_root(0, before.size, self._open_files().node, self.digest) != before.root
        ):
            raise LogRolledBackError("the evidence log was set back or rewritten while it was open", hint=DAMAGED_HINT)
        return fresh

    def _require_size(self, size: int | None, lowest: int = 0) -> int:
        last = self._checkpoint.size if self._checkpoint is not None else 0
        if size is None or size > last:
            last = self._refresh().size
        if size is not None and not lowest <= size <= last:
            raise OutOfRangeError(f"the evidence log has {last} entries")
        return last if size is None else size

    def _require(self, known: Known) -> None:
        size, root = known
        if size > self.size or self.root(size) != root:
            raise LogRolledBackError("the evidence log does not contain a state seen earlier", hint=DAMAGED_HINT)
