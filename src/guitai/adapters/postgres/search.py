"""The search index in PostgreSQL: see docs/adr/0070 for the choice and the figures."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.rows import tuple_row

from guitai.adapters.postgres.search_sql import HELD, INSERT, page_statement
from guitai.transcripts.search import TOTAL_CAP, Document, Hit, SearchPage, SearchQuery
from guitai.transcripts.search_text import Words, first_match, fold, fold_lines, line_at, parse, show_lines, snippet


class PostgresSearch:
    """`SearchIndex` over one psycopg connection; the caller begins and commits the transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def index(self, document: Document) -> None:
        """Insert the call's row, or replace it."""
        self._connection.execute(INSERT, _row(document))

    def index_all(self, documents: Iterable[Document]) -> None:
        """Insert them in one pipeline."""
        with self._connection.cursor() as cursor:
            cursor.executemany(INSERT, map(_row, documents))

    def holds(self, document: Document) -> bool:
        """Compare the call's rows column by column, and look for its block."""
        return bool(self._fetch(HELD, _row(document)))

    def remove(self, recording_id: str) -> None:
        """Delete the row; its index entries lead nowhere from then on and go with the next vacuum."""
        self._connection.execute("DELETE FROM transcript_search WHERE recording_id = %s", [recording_id])

    def search(self, query: SearchQuery) -> SearchPage:
        """Find one page of calls."""
        began = perf_counter()
        words = parse(query.text) if query.text is not None else Words((), ())
        rows = self._fetch(*page_statement(query, words))
        hits = tuple(_hit(row, words) for row in rows if row[1] is not None)
        total = rows[0][0]
        return SearchPage(hits, min(total, TOTAL_CAP), total > TOTAL_CAP, (perf_counter() - began) * 1000)

    def _fetch(self, statement: LiteralString, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor(row_factory=tuple_row, binary=True)
        return cursor.execute(statement, values, prepare=True).fetchall()


def _row(document: Document) -> dict[str, Any]:
    lines = [line.text for line in document.utterances]
    return {
        "recording_id": document.recording_id,
        "started_at": document.started_at,
        "agent_id": document.agent_id,
        "agent_name": document.agent_name,
        "team": document.team,
        "scene": document.scene,
        "score": document.score,
        "tags": list(document.tags),
        "marks": [fold(mark) for mark in document.marks],
        "number_keys": [key.hex() if isinstance(key, bytes) else key for key in document.number_keys],
        "last4": list(document.last4),
        "folded": fold_lines(lines),
        "shown": show_lines(lines),
        "starts": [float(line.start_s) for line in document.utterances],
    }


def _hit(row: tuple[Any, ...], words: Words) -> Hit:
    _, recording_id, started_at, agent_name, team, scene, score, folded, shown, starts = row
    place = first_match(folded, words)
    return Hit(
        recording_id=recording_id,
        started_at=started_at,
        agent_name=agent_name,
        team=team,
        scene=scene,
        total_score=score,
        snippet=snippet(shown, folded, words, place),
        at_s=None if place is None else starts[line_at(folded, place)],
    )
