"""The audit trail: appends wait for one another, so that the chain never forks."""

from collections.abc import Mapping, Sequence

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from guitai.audit.model import GENESIS, AuditEvent, chained
from guitai.kernel.clock import Clock

_APPEND_LOCK = 0x61756469  # "audi"


class PostgresAuditTrail:
    """`AuditTrail` on PostgreSQL, for one actor."""

    def __init__(self, connection: Connection[DictRow], actor: str, clock: Clock) -> None:
        self._connection = connection
        self._actor = actor
        self._clock = clock

    def append(self, action: str, subject: str, detail: Mapping[str, str | int] | None = None) -> AuditEvent:
        """Insert the next event; other transactions wait until this one ends."""
        self._connection.execute("select pg_advisory_xact_lock(%s)", (_APPEND_LOCK,))
        head = self.head()
        previous, seq = (head.digest, head.seq + 1) if head else (GENESIS, 1)
        event = chained(previous, seq, self._clock.now(), self._actor, action, subject, detail or {})
        self._connection.execute(
            """insert into audit_event (seq, at, actor, action, subject, detail, digest)
               values (%s, %s, %s, %s, %s, %s, %s)""",
            (event.seq, event.at, event.actor, event.action, event.subject, Jsonb(dict(event.detail)), event.digest),
        )
        return event

    def head(self) -> AuditEvent | None:
        """Read the newest event."""
        row = self._connection.execute("select * from audit_event order by seq desc limit 1").fetchone()
        return AuditEvent(**row) if row else None

    def events(self) -> Sequence[AuditEvent]:
        """Read in order."""
        rows = self._connection.execute("select * from audit_event order by seq")
        return [AuditEvent(**row) for row in rows]
