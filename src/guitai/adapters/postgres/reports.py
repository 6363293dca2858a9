"""What reports read."""

from collections.abc import Iterator
from typing import Any

from guitai.adapters.postgres.stores import PostgresTransactions
from guitai.insight.model import CallFacts, Violation
from guitai.recording.calls import Call, call_of

_NONE = "—"
_CALLS = """
    select r.id, r.source_name, r.flags, i.started_at, i.agent_id, i.agent_name, i.team, i.scene, s.total, f.found
    from recording r
    join interaction i on i.id = r.interaction_id
    join lateral (
        select * from scorecard where recording_id = r.id order by made_at desc, form, form_version limit 1
    ) s on true
    left join lateral (
        select jsonb_agg(jsonb_build_array(criterion, title, points) order by points desc, criterion) as found
        from finding
        where (recording_id, form, form_version) = (s.recording_id, s.form, s.form_version) and outcome = 'violated'
    ) f on true
"""


class PostgresReportSource:
    """`ReportSource` on PostgreSQL."""

    def __init__(self, transactions: PostgresTransactions) -> None:
        self._transactions = transactions

    def calls(self) -> Iterator[CallFacts]:
        """Read each call with its newest scorecard; the trail notes that a report was read."""
        with self._transactions.begin() as work:
            work.audit.append("report.read", "")
            for row in work.rows(_CALLS):
                yield _facts(row)

    def call(self, recording_id: str) -> Call:
        """Read one call."""
        with self._transactions.begin() as work:
            return call_of(work, recording_id)


def _facts(row: dict[str, Any]) -> CallFacts:
    return CallFacts(
        recording_id=row["id"],
        source_name=row["source_name"],
        started_at=row["started_at"],
        agent=row["agent_name"] or row["agent_id"] or _NONE,
        team=row["team"] or _NONE,
        scene=row["scene"],
        score=float(row["total"]),
        violations=tuple(Violation(code, title, float(points)) for code, title, points in row["found"] or ()),
        flags=tuple(row["flags"]),
    )
