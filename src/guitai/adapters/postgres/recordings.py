"""Interactions, recordings, marks and the coverage ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from psycopg import Connection
from psycopg.errors import LockNotAvailable
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from guitai.interactions.model import Mark
from guitai.kernel.clock import Clock
from guitai.recording.errors import RunInProgress
from guitai.recording.finishing import MACHINE
from guitai.recording.model import Interaction, Recording
from guitai.vault.model import SealedObject

_INTERACTION = (
    "id", "channel", "started_at", "direction", "caller_masked", "callee_masked", "number_keys", "number_ends",
    "agent_id", "agent_name", "team", "scene", "tags", "customer_ref",
)  # fmt: skip
_INTAKE_LOCK = 0x696E7461  # "inta"
_ARRAYS = ("number_keys", "number_ends", "tags")


class PostgresRecordings:
    """`RecordingStore` on PostgreSQL."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def take_turn(self, patience_s: float = 20.0) -> None:
        """Hold an advisory lock; a killed run's is free as soon as the server notices."""
        self._connection.execute("select set_config('lock_timeout', %s, true)", (f"{round(patience_s * 1000)}ms",))
        try:
            self._connection.execute("select pg_advisory_xact_lock(%s)", (_INTAKE_LOCK,))
        except LockNotAvailable as error:
            raise RunInProgress(
                "Another `guitai inspect` is running.", hint="Run this again when it has ended: nothing is done twice."
            ) from error

    def add(self, interaction: Interaction, recording: Recording) -> None:
        """Insert both rows."""
        row = {name: _plain(value) for name, value in asdict(interaction).items()}
        self._connection.execute(
            """insert into interaction (id, channel, started_at, direction, caller_masked, callee_masked, number_keys,
                 number_ends, agent_id, agent_name, team, scene, tags, customer_ref)
               values (%(id)s, %(channel)s, %(started_at)s, %(direction)s, %(caller_masked)s, %(callee_masked)s,
                 %(number_keys)s, %(number_ends)s, %(agent_id)s, %(agent_name)s, %(team)s, %(scene)s, %(tags)s,
                 %(customer_ref)s)""",
            row,
        )
        self._connection.execute(
            """insert into recording (id, interaction_id, source_name, original_digest, original_size, container, codec,
                 sample_rate, duration_ms, sealed, metadata_sealed, tracks, flags, sealed_at)
               values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                recording.id,
                recording.interaction_id,
                recording.source_name,
                recording.original_digest,
                recording.original_size,
                recording.container,
                recording.codec,
                recording.sample_rate,
                recording.duration_ms,
                Jsonb(recording.sealed.to_json()),
                Jsonb(recording.metadata_sealed.to_json()),
                Jsonb(list(recording.tracks)),
                list(recording.flags),
                recording.sealed_at,
            ),
        )

    def by_digest(self, original_digest: str) -> Recording | None:
        """Find by the original's SHA-256."""
        row = self._connection.execute(
            "select * from recording where original_digest = %s", (original_digest,)
        ).fetchone()
        return _recording(row) if row else None

    def get(self, recording_id: str) -> tuple[Interaction, Recording] | None:
        """Find by id."""
        row = self._connection.execute("select * from recording where id = %s", (recording_id,)).fetchone()
        if row is None:
            return None
        about = self._connection.execute("select * from interaction where id = %s", (row["interaction_id"],)).fetchone()
        if about is None:
            return None
        return _interaction(about), _recording(row)

    def ids(self) -> Sequence[str]:
        """List by start of the call."""
        rows = self._connection.execute(
            "select r.id from recording r join interaction i on i.id = r.interaction_id order by i.started_at, r.id"
        )
        return [row["id"] for row in rows]

    def measured(self, recording: Recording) -> None:
        """Update the quality figures."""
        self._connection.execute(
            "update recording set duration_ms = %s, tracks = %s, flags = %s where id = %s",
            (recording.duration_ms, Jsonb(list(recording.tracks)), list(recording.flags), recording.id),
        )

    def rewrapped(self, recording_id: str, sealed: SealedObject, metadata_sealed: SealedObject) -> None:
        """Update the wrapped keys."""
        self._connection.execute(
            "update recording set sealed = %s, metadata_sealed = %s where id = %s",
            (Jsonb(sealed.to_json()), Jsonb(metadata_sealed.to_json()), recording_id),
        )


class PostgresMarks:
    """`MarkStore` on PostgreSQL."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, recording_id: str, mark: Mark) -> None:
        """Insert, once."""
        self._connection.execute(
            "insert into mark (recording_id, at_ms, label, source) values (%s, %s, %s, %s) on conflict do nothing",
            (recording_id, round(mark.at_s * 1000), mark.label, mark.source),
        )

    def of(self, recording_id: str) -> Sequence[Mark]:
        """List in time order."""
        rows = self._connection.execute(
            "select at_ms, label, source from mark where recording_id = %s order by at_ms, label", (recording_id,)
        )
        return [_mark(row) for row in rows]

    def set_by_hand(self) -> Sequence[tuple[str, Mark]]:
        """List all others."""
        rows = self._connection.execute(
            """select recording_id, at_ms, label, source from mark where source <> %s
               order by recording_id, at_ms, label""",
            (MACHINE,),
        )
        return [(row["recording_id"], _mark(row)) for row in rows]


class PostgresCoverage:
    """`CoverageLedger` on PostgreSQL."""

    def __init__(self, connection: Connection[DictRow], clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def record(self, run_id: str, path_masked: str, outcome: str, reason: str, recording_id: str | None) -> None:
        """Insert one line."""
        self._connection.execute(
            """insert into coverage (run_id, path_masked, recording_id, outcome, reason, at)
               values (%s, %s, %s, %s, %s, %s)""",
            (run_id, path_masked, recording_id, outcome, reason, self._clock.now()),
        )

    def unexplained(self) -> Sequence[str]:
        """List the recordings without scorecard and without a reason."""
        rows = self._connection.execute(
            """select r.id from recording r
               where not exists (select 1 from scorecard s where s.recording_id = r.id)
                 and not exists (select 1 from coverage c where c.recording_id = r.id and c.outcome = 'failed')
               order by r.id"""
        )
        return [row["id"] for row in rows]


def _mark(row: Mapping[str, Any]) -> Mark:
    return Mark(row["at_ms"] / 1000, row["label"], row["source"])


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _interaction(row: Mapping[str, Any]) -> Interaction:
    fields: dict[str, Any] = {name: row[name] for name in _INTERACTION}
    for name in _ARRAYS:
        fields[name] = tuple(row[name])
    return Interaction(**fields)


def _recording(row: Mapping[str, Any]) -> Recording:
    fields: dict[str, Any] = dict(row)
    for name in ("sealed", "metadata_sealed"):
        fields[name] = SealedObject.from_json(row[name])
    for name in ("tracks", "flags"):
        fields[name] = tuple(row[name])
    return Recording(**fields)
