"""What the trail needs from outside."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from guitai.audit.model import AuditEvent


class AuditTrail(Protocol):
    """The stored chain, seen within one transaction."""

    def append(self, action: str, subject: str, detail: Mapping[str, str | int] | None = None) -> AuditEvent:
        """Add an event by the current actor; it exists if and only if the transaction commits."""
        ...

    def head(self) -> AuditEvent | None:
        """Return the newest event."""
        ...

    def events(self) -> Sequence[AuditEvent]:
        """Return every event in order."""
        ...
