"""Search over 100,000 calls, one team's: the 20 newest hits and the total, beside LIKE on the same table."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.result import Result
from benchmarks.search_corpus import Corpus, queries
from guitai.adapters.postgres.search import PostgresSearch
from guitai.adapters.postgres.server import EmbeddedServer
from guitai.transcripts.search import TOTAL_CAP, SearchQuery
from guitai.transcripts.search_text import parse

CALLS = 100_000
QUERIES = 200
ROUNDS = 5
ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".cache" / "bench-search"
SCHEMA = ROOT / "src" / "guitai" / "adapters" / "postgres" / "schema" / "search.sql"
Answer = tuple[list[str], int]


def run() -> list[Result]:
    server = EmbeddedServer(FOLDER)
    try:
        with psycopg.connect(server.start(), autocommit=True) as connection:
            _build(connection)
            return _measure(connection)
    finally:
        server.stop()


def _build(connection: psycopg.Connection[Any]) -> None:
    """Fill the database, unless an earlier run did so from the same schema and corpus."""
    source = SCHEMA.read_text(encoding="utf-8") + repr(list(Corpus().documents(50)))
    mark = f"bench_{hashlib.sha256(source.encode()).hexdigest()[:16]}"
    if connection.execute("SELECT to_regclass(%s)", [mark]).fetchone() != (None,):
        return
    began = time.perf_counter()
    connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    (index,) = connection.execute("SELECT pg_get_indexdef('transcript_search_keys'::regclass)").fetchone() or ("",)
    connection.execute("DROP INDEX transcript_search_keys")
    with connection.transaction():
        PostgresSearch(connection).index_all(Corpus().documents(CALLS))
    print(f"{CALLS} calls written in {time.perf_counter() - began:.0f} s")
    connection.execute("SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 1")
    connection.execute(index)
    connection.execute("ALTER INDEX transcript_search_keys ALTER COLUMN 1 SET STATISTICS 0")
    connection.execute("VACUUM ANALYZE transcript_search")
    connection.execute("VACUUM ANALYZE transcript_search_shown")
    connection.execute("ANALYZE transcript_search_block")
    connection.execute(f"CREATE TABLE {mark} ()")
    print(f"indexed after {time.perf_counter() - began:.0f} s")


def _measure(connection: psycopg.Connection[Any]) -> list[Result]:
    search = PostgresSearch(connection)
    asked = list(queries(QUERIES))

    def ours(text: str, team: str) -> Answer:
        page = search.search(SearchQuery(text, team=team))
        return [hit.recording_id for hit in page.hits], page.total + page.total_capped

    def like(text: str, team: str) -> Answer:
        return _like(connection, text, team)

    our_ms, our_answers = _timed(ours, asked)
    like_ms, like_answers = _timed(like, asked)
    assert our_answers == like_answers, "the index and LIKE disagree"
    totals = sorted(total for _, total in our_answers)
    print(f"totals: median {totals[len(totals) // 2]}, none {totals.count(0)}, capped {totals.count(TOTAL_CAP + 1)}")
    for name, figures in (("index", our_ms), ("LIKE", like_ms)):
        print(f"{name}: p50 {_at(figures, 50):.2f} ms, p95 {_at(figures, 95):.2f} ms, p99 {_at(figures, 99):.2f} ms")
    work = f"{CALLS} calls of 400 characters, {QUERIES} queries in one team: 20 newest and total to {TOTAL_CAP}"
    results: list[Result] = []
    for percent, bar in ((50, 25.0), (95, 12.0)):
        ours_ms, peer_ms = _at(our_ms, percent), _at(like_ms, percent)
        ratio = peer_ms / ours_ms
        results.append(
            Result(
                f"search p{percent}",
                work,
                ours_ms,
                peer_ms,
                "SQL LIKE",
                "ms",
                ratio,
                f"≥ {bar:g}× faster",
                ratio >= bar,
            )
        )
    p99 = _at(our_ms, 99)
    results.append(Result("search p99", work, p99, _at(like_ms, 99), "SQL LIKE", "ms", p99, "≤ 40 ms", p99 <= 40))
    return results


def _like(connection: psycopg.Connection[Any], text: str, team: str) -> Answer:
    words = parse(text).wanted
    values = {f"w{n}": "%" + _literal(word) + "%" for n, word in enumerate(words)} | {"team": team}
    tests = " AND ".join(f"folded LIKE %(w{n})s" for n in range(len(words)))
    rows = connection.execute(
        f"WITH found AS MATERIALIZED (SELECT recording_id, started_at FROM transcript_search WHERE team = %(team)s"
        f" AND {tests} ORDER BY started_at DESC, recording_id DESC LIMIT {TOTAL_CAP + 1})"
        " SELECT total, t.recording_id, t.started_at, t.agent_name, t.team, t.scene, t.score, t.folded, s.shown,"
        " s.starts FROM (SELECT count(*) AS total FROM found) AS c LEFT JOIN ((SELECT recording_id FROM found LIMIT 20)"
        " AS page JOIN transcript_search AS t USING (recording_id)"
        " JOIN transcript_search_shown AS s USING (recording_id)) ON true"
        " ORDER BY t.started_at DESC, t.recording_id DESC",
        values,
        prepare=True,
    ).fetchall()
    return [row[1] for row in rows if row[1] is not None], rows[0][0]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _timed(ask: Callable[[str, str], Answer], asked: list[tuple[str, str]]) -> tuple[list[float], list[Answer]]:
    """Each query's best over the rounds in ms, after one round that warms the caches, and the answers."""
    answers = [ask(*query) for query in asked]
    taken: list[list[float]] = [[] for _ in asked]
    for _ in range(ROUNDS):
        for query, times in zip(asked, taken, strict=True):
            began = time.perf_counter()
            ask(*query)
            times.append((time.perf_counter() - began) * 1000)
    return [min(times) for times in taken], answers


def _at(figures: list[float], percent: int) -> float:
    return sorted(figures)[min(len(figures) - 1, len(figures) * percent // 100)]


if __name__ == "__main__":
    for result in run():
        print(result)
