"""What the pipeline needs from outside: one transaction's view of the stored tables."""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guitai.audit.ports import AuditTrail
from guitai.inspection.scorecards import Scorecard
from guitai.interactions.model import Mark
from guitai.recording.model import Interaction, Recording
from guitai.transcripts.ports import TranscriptIndex
from guitai.transcripts.search import SearchIndex
from guitai.vault.model import SealedObject


class RecordingStore(Protocol):
    """Interactions and their recordings."""

    def take_turn(self, patience_s: float = 20.0) -> None:
        """Be the only run that takes calls in until this transaction ends; raise RunInProgress where one goes on."""
        ...

    def add(self, interaction: Interaction, recording: Recording) -> None:
        """Store both; a second recording with the same original digest is an error of the caller."""
        ...

    def by_digest(self, original_digest: str) -> Recording | None:
        """Return the recording of these original bytes, if they were sealed before."""
        ...

    def get(self, recording_id: str) -> tuple[Interaction, Recording] | None:
        """Return one call, or None."""
        ...

    def ids(self) -> Sequence[str]:
        """Return every recording's id, oldest call first."""
        ...

    def measured(self, recording: Recording) -> None:
        """Store how long the recording proved to be, the quality figures of its tracks, and its flags."""
        ...

    def rewrapped(self, recording_id: str, sealed: SealedObject, metadata_sealed: SealedObject) -> None:
        """Store the same objects under newly wrapped keys."""
        ...


@dataclass(frozen=True, slots=True)
class StoredScorecard:
    """A scorecard as it was computed, byte for byte, with its digest."""

    recording_id: str
    scorecard: Scorecard
    body: bytes
    digest: str

    def is_whole(self) -> bool:
        """Say whether the body still has its digest."""
        return hashlib.sha256(self.body).hexdigest() == self.digest


class ScorecardStore(Protocol):
    """Scorecards and, derived from them, findings."""

    def put(self, stored: StoredScorecard, made_at: datetime) -> None:
        """Store or replace the scorecard of this recording, form and version."""
        ...

    def of(self, recording_id: str) -> Sequence[StoredScorecard]:
        """Return the recording's scorecards, newest first."""
        ...

    def findings_differ(self, recording_id: str) -> bool:
        """Say whether the derived columns and rows no longer follow from the stored bodies."""
        ...


class MarkStore(Protocol):
    """Marks on the time line."""

    def add(self, recording_id: str, mark: Mark) -> None:
        """Store a mark; the same mark twice is one."""
        ...

    def of(self, recording_id: str) -> Sequence[Mark]:
        """Return the recording's marks in time order."""
        ...

    def set_by_hand(self) -> Sequence[tuple[str, Mark]]:
        """Return every mark that follows from no scorecard, with its recording's id."""
        ...


class CoverageLedger(Protocol):
    """What became of every file that was ever found."""

    def record(self, run_id: str, path_masked: str, outcome: str, reason: str, recording_id: str | None) -> None:
        """Add one line; `outcome` is inspected, duplicate, skipped or failed."""
        ...

    def unexplained(self) -> Sequence[str]:
        """Return the ids of recordings that are neither inspected nor explained."""
        ...


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An evidence entry that is committed here and not yet known to be in the log."""

    id: int
    body: bytes


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An evidence entry and its place in the log."""

    kind: str
    subject: str
    body: bytes
    leaf_index: int


class EvidenceQueue(Protocol):
    """Entries on their way into the evidence log, committed with the deed that they witness."""

    def add(self, kind: str, subject: str, body: bytes) -> None:
        """Queue an entry; the same body twice is one."""
        ...

    def waiting(self) -> Sequence[WaitingEntry]:
        """Return and lock what no other process is about to log."""
        ...

    def logged(self, entry_id: int, leaf_index: int) -> None:
        """Note the entry's place in the log."""
        ...

    def known(self) -> tuple[int, bytes] | None:
        """Return the size and root of the log as last seen; None before the first entry."""
        ...

    def remember(self, size: int, root: bytes) -> None:
        """Note the size and root of the log, so that a log set back is found."""
        ...

    def anchored_until(self) -> int:
        """Return the number of the newest audit event that an entry fixes; 0 where none does."""
        ...

    def of(self, subject: str) -> Sequence[LoggedEntry]:
        """Return the logged entries about one subject, in log order."""
        ...

    def all(self) -> Sequence[LoggedEntry]:
        """Return every logged entry, in log order."""
        ...


class UnitOfWork(Protocol):
    """One transaction; what is done through it happens wholly or not at all."""

    @property
    def recordings(self) -> RecordingStore:
        """Interactions and recordings."""
        ...

    @property
    def transcripts(self) -> TranscriptIndex:
        """Transcripts."""
        ...

    @property
    def scorecards(self) -> ScorecardStore:
        """Scorecards."""
        ...

    @property
    def marks(self) -> MarkStore:
        """Marks."""
        ...

    @property
    def coverage(self) -> CoverageLedger:
        """The coverage ledger."""
        ...

    @property
    def evidence(self) -> EvidenceQueue:
        """What waits for the evidence log."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """The audit trail."""
        ...

    @property
    def search(self) -> SearchIndex:
        """The search index."""
        ...


class Transactions(Protocol):
    """Begins transactions."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """Commit when the block ends, undo when it raises."""
        ...
