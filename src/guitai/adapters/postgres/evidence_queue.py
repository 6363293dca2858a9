"""Evidence entries on their way into the log."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import DictRow

from guitai.recording.ports import LoggedEntry, WaitingEntry

_ANCHOR_LOCK = 0x616E6368  # "anch"


class PostgresEvidenceQueue:
    """`EvidenceQueue` on PostgreSQL."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, kind: str, subject: str, body: bytes) -> None:
        """Insert, once."""
        self._connection.execute(
            "insert into evidence_entry (kind, subject, body) values (%s, %s, %s) on conflict (body) do nothing",
            (kind, subject, body),
        )

    def waiting(self) -> Sequence[WaitingEntry]:
        """Lock and read what has no place yet, in the order it was queued."""
        rows = self._connection.execute(
            "select id, body from evidence_entry where leaf_index is null order by id for update"
        )
        return [WaitingEntry(row["id"], row["body"]) for row in rows]

    def logged(self, entry_id: int, leaf_index: int) -> None:
        """Note the place."""
        self._connection.execute("update evidence_entry set leaf_index = %s where id = %s", (leaf_index, entry_id))

    def known(self) -> tuple[int, bytes] | None:
        """Read the log's size and root as last seen."""
        row = self._connection.execute("select size, root from evidence_state").fetchone()
        return (row["size"], row["root"]) if row else None

    def remember(self, size: int, root: bytes) -> None:
        """Note the log's size and root, unless a later state is noted already."""
        self._connection.execute(
            """insert into evidence_state (size, root) values (%s, %s)
               on conflict (singleton) do update set size = excluded.size, root = excluded.root
               where evidence_state.size < excluded.size""",
            (size, root),
        )

    def anchored_until(self) -> int:
        """Read the newest audit entry, taking turns with others who anchor."""
        self._connection.execute("select pg_advisory_xact_lock(%s)", (_ANCHOR_LOCK,))
        row = self._connection.execute(
            "select coalesce(max(subject::bigint), 0) as seq from evidence_entry where kind = 'audit'"
        ).fetchone()
        return row["seq"] if row else 0

    def of(self, subject: str) -> Sequence[LoggedEntry]:
        """Read what is logged about one subject."""
        rows = self._connection.execute(
            """select kind, subject, body, leaf_index from evidence_entry
               where subject = %s and leaf_index is not null order by leaf_index""",
            (subject,),
        )
        return [LoggedEntry(**row) for row in rows]

    def all(self) -> Sequence[LoggedEntry]:
        """Read everything logged."""
        rows = self._connection.execute(
            """select kind, subject, body, leaf_index from evidence_entry
               where leaf_index is not null order by leaf_index"""
        )
        return [LoggedEntry(**row) for row in rows]
