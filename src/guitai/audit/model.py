"""The audit trail: a chain in which each event's digest covers the one before it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from guitai.kernel.canonical import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to what, when; `detail` holds ids and counts, never personal data.

    `digest` (SHA-256, hex) covers the event and the digest of the event before it.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, str | int]
    digest: str


def chained(
    previous: str, seq: int, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, str | int]
) -> AuditEvent:
    """Return the event that follows the one with digest `previous`."""
    body = {
        "previous": previous,
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": dict(detail),
    }
    return AuditEvent(seq, at, actor, action, subject, detail, hashlib.sha256(canonical_json(body)).hexdigest())


def broken_links(events: Iterable[AuditEvent], previous: str = GENESIS, after: int = 0) -> list[int]:
    """Return the numbers of the events that are missing or do not follow from the one before; empty when whole."""
    broken: list[int] = []
    expected = after + 1
    for event in events:
        broken += range(expected, event.seq)
        link = chained(previous, event.seq, event.at, event.actor, event.action, event.subject, event.detail)
        if link.digest != event.digest:
            broken.append(event.seq)
        previous = event.digest
        expected = event.seq + 1
    return broken
