"""Scorecards and the findings that follow from them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from guitai.inspection.scorecards import Finding, Scorecard
from guitai.recording.ports import StoredScorecard


class PostgresScorecards:
    """`ScorecardStore` on PostgreSQL; the body is kept as text, byte for byte."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def put(self, stored: StoredScorecard, made_at: datetime) -> None:
        """Replace the scorecard and its findings."""
        card = stored.scorecard
        key = (stored.recording_id, card.form, card.form_version)
        self._connection.execute("delete from finding where (recording_id, form, form_version) = (%s, %s, %s)", key)
        self._connection.execute(
            """insert into scorecard (recording_id, form, form_version, body, digest, total, made_at)
               values (%s, %s, %s, %s, %s, %s, %s)
               on conflict (recording_id, form, form_version) do update
               set body = excluded.body, digest = excluded.digest, total = excluded.total,
                 made_at = excluded.made_at""",
            (*key, stored.body.decode(), stored.digest, card.total, made_at),
        )
        with self._connection.cursor() as cursor:
            cursor.executemany(
                """insert into finding (recording_id, form, form_version, criterion, title, dimension, severity,
                     outcome, points, at_ms) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                [(*key, *_finding_row(finding)) for finding in card.findings],
            )

    def of(self, recording_id: str) -> Sequence[StoredScorecard]:
        """List newest first."""
        rows = self._connection.execute(
            "select body, digest from scorecard where recording_id = %s order by made_at desc, form, form_version",
            (recording_id,),
        )
        return [_stored(recording_id, row) for row in rows]

    def findings_differ(self, recording_id: str) -> bool:
        """Compare the rows with what the bodies say."""
        expected: set[tuple[Any, ...]] = set()
        totals: set[tuple[Any, ...]] = set()
        for stored in self.of(recording_id):
            card = stored.scorecard
            totals.add((card.form, card.form_version, Decimal(str(card.total))))
            for finding in card.findings:
                expected.add((card.form, card.form_version, *_finding_row(finding)))
        rows = self._connection.execute(
            """select form, form_version, criterion, title, dimension, severity, outcome, points, at_ms
               from finding where recording_id = %s""",
            (recording_id,),
        )
        found = {tuple(row.values()) for row in rows}
        rows = self._connection.execute(
            "select form, form_version, total from scorecard where recording_id = %s", (recording_id,)
        )
        return found != expected or {tuple(row.values()) for row in rows} != totals


def _finding_row(finding: Finding) -> tuple[Any, ...]:
    at_ms = round(finding.citations[0].start_s * 1000) if finding.citations else None
    return (
        finding.criterion, finding.title, finding.dimension, str(finding.severity), str(finding.outcome),
        Decimal(str(finding.points)), at_ms,
    )  # fmt: skip


def _stored(recording_id: str, row: DictRow) -> StoredScorecard:
    body = row["body"].encode()
    return StoredScorecard(recording_id, Scorecard.from_bytes(body), body, row["digest"])
