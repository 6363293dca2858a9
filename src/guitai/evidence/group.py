"""Group commit: callers that append at the same time share one write and one sync."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guitai.evidence.errors import AppendFailedError, EvidenceError


@dataclass(slots=True)
class _Batch:
    """The entries of one caller, waiting; then where they went or why they did not."""

    entries: Sequence[bytes]
    first: int | None = None
    failure: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.first is not None or self.failure is not None


class GroupCommit:
    """Lets one of the waiting threads at a time commit the entries of all."""

    def __init__(self, commit: Callable[[Sequence[bytes]], int]) -> None:
        """Take what makes entries durable and returns the index of the first."""
        self._commit = commit
        self._waiting: list[_Batch] = []
        self._busy = False
        self._turn = threading.Condition()

    def append(self, entries: Sequence[bytes]) -> int:
        """Return the index of the first of `entries` once they are durable; raise an EvidenceError if they are not."""
        batch = _Batch(entries)
        with self._turn:
            self._waiting.append(batch)
            self._turn.wait_for(lambda: batch.done or not self._busy)
            batches = [] if batch.done else self._take_waiting()
        if batches:
            self._commit_all(batches)
        if batch.first is None:
            raise _explained(batch.failure) from batch.failure
        return batch.first

    def _take_waiting(self) -> list[_Batch]:
        batches, self._waiting = self._waiting, []
        self._busy = True
        return batches

    def _commit_all(self, batches: Sequence[_Batch]) -> None:
        try:
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
                self._busy = False
                self._turn.notify_all()


def _explained(failure: BaseException | None) -> EvidenceError:
    """Return a fresh error for one of the callers of a failed commit."""
    if isinstance(failure, EvidenceError):
        return type(failure)(failure.message, hint=failure.hint)
    reason = failure.strerror if isinstance(failure, OSError) else "the writing thread was stopped"
    hint = "Nothing of it was acknowledged: make room or mend the disk, then run again."
    return AppendFailedError(f"the evidence log could not be written: {reason}", hint=hint)
