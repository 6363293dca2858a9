"""The evidence log: entries in the order they were given, under a signed Merkle root."""

import fcntl
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from guitai.evidence import merkle
from guitai.evidence.check import check_log
from guitai.evidence.checkpoint_file import CheckpointFile
from guitai.evidence.checkpoints import Checkpoint, sign_checkpoint
from guitai.evidence.digests import sha256
from guitai.evidence.disk import PosixDisk
from guitai.evidence.errors import (
    CheckpointInvalidError,
    EntryRefusedError,
    EvidenceError,
    LogDamagedError,
    LogRolledBackError,
    OutOfRangeError,
)
from guitai.evidence.group import GroupCommit
from guitai.evidence.index import INDEX, EntryIndex
from guitai.evidence.merkle import ConsistencyProof, InclusionProof
from guitai.evidence.model import Known, Problem
from guitai.evidence.notes import parse_key, sign_note
from guitai.evidence.ports import Disk, Signer, TimestampAuthority
from guitai.evidence.store import CHECKPOINT, DAMAGED_HINT, DATA_FILES, MAX_ENTRY, LogFiles, sync_folder
from guitai.evidence.timestamps import TIMESTAMPS, Timestamp, load_timestamps, store_timestamp


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
        self._group = GroupCommit(self._commit)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder: int | None = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._files: LogFiles | None = None
        self._index = EntryIndex(directory / INDEX)
        self._checkpoint = CheckpointFile(directory / CHECKPOINT, self.key, origin, digest, self._root_at)

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
        Files that do not fit the checkpoint raise CheckpointInvalidError, LogTruncatedError or LogDamagedError;
        `verify` reads every byte.
        """
        log = cls(directory, signer, digest, origin, disk or PosixDisk())
        try:
            with log._exclusively():
                log._recover(known)
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
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None

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
        first = self._group.append(entries)
        return list(range(first, first + len(entries)))

    def _commit(self, entries: Sequence[bytes]) -> int:
        """Append entries of any number of callers; return the index of the first."""
        with self._exclusively():
            self._recover()
            return self._write(entries)

    def _write(self, entries: Sequence[bytes]) -> int:
        size, files = self._checkpoint.known_size, self._open_files()
        roots = [files.node(level, index) for level, index in merkle.subtrees(0, size)]
        frontier = merkle.Frontier(self.digest, size, roots)
        hashes = [made for entry in entries for made in frontier.add(merkle.leaf_hash(entry, self.digest))]
        files.write(size, entries, b"".join(hashes))
        checkpoint = sign_checkpoint(self.origin, frontier.size, frontier.root(), self.digest, self._signer)
        self._checkpoint.write(checkpoint, self._disk)
        return size

    # reading

    @property
    def size(self) -> int:
        """Return how many entries the log has, those of other processes included."""
        return self.checkpoint().size

    def checkpoint(self) -> Checkpoint:
        """Return the signed state of the log now."""
        checkpoint = self._checkpoint.read()
        self._open_files().covered = checkpoint.size
        return checkpoint

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
        return self._index.find(merkle.leaf_hash(entry, self.digest), self.size, self._open_files())

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree of the first `size` entries (all, if None)."""
        return self._root_at(self._require_size(size))

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
        if self._folder is None:
            raise EvidenceError("the evidence log was closed")
        fcntl.flock(self._folder, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._folder, fcntl.LOCK_UN)

    def _recover(self, known: Known | None = None) -> None:
        """With the lock held: read the checkpoint, cut off what was never acknowledged, see that the ends fit.

        A log set back must be found before anything is cut off: what it once held may still be there.
        """
        if not self._checkpoint.exists():
            self._create()
        checkpoint = self._checkpoint.read(certain=True)
        if known is not None and known[0] > checkpoint.size:
            raise LogRolledBackError("the evidence log was once longer than it is", hint=DAMAGED_HINT)
        if self._root_at(checkpoint.size) != checkpoint.root:
            raise LogDamagedError("the evidence log's hashes do not give the root of its checkpoint", hint=DAMAGED_HINT)
        if checkpoint.size:
            self.entry(checkpoint.size - 1)
        if known is not None and self._root_at(known[0]) != known[1]:
            raise LogRolledBackError("the evidence log does not contain a state seen earlier", hint=DAMAGED_HINT)
        # Last: where the last entry and its hash are whole, its offset is, and nothing that was acknowledged is cut.
        self._open_files().trim(checkpoint.size)

    def _create(self) -> None:
        """Start an empty log; the first checkpoint stands before any data, so that its absence tells."""
        if any((self.directory / name).exists() for name in DATA_FILES):
            raise CheckpointInvalidError(
                "the evidence log's checkpoint is missing", hint="Restore the evidence folder from a copy."
            )
        sync_folder(self.directory.parent, self._disk)
        empty = sign_checkpoint(self.origin, 0, merkle.root_of((), self.digest), self.digest, self._signer)
        self._checkpoint.write(empty, self._disk)

    def _open_files(self) -> LogFiles:
        if self._folder is None:
            raise EvidenceError("the evidence log was closed")
        if self._files is None:
            self._files = LogFiles(self.directory, self._disk)
        return self._files

    def _require_size(self, size: int | None, lowest: int = 0) -> int:
        last = self._checkpoint.known_size
        if size is None or size > last:
            last = self.size
        if size is not None and not lowest <= size <= last:
            raise OutOfRangeError(f"the evidence log has {last} entries")
        return last if size is None else size

    def _root_at(self, size: int) -> bytes:
        return merkle.range_root(0, size, self._open_files().node, self.digest)
