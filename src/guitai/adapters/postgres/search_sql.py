"""The statements of the search index, made of literal pieces alone: what a user wrote is always a parameter."""

# ruff: noqa: S608 - the type LiteralString proves the same

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, LiteralString

from guitai.transcripts.search import TOTAL_CAP, SearchQuery
from guitai.transcripts.search_text import Words, fold

Statement = tuple[LiteralString, dict[str, Any]]

_COLUMNS: tuple[LiteralString, ...] = (
    "recording_id", "started_at", "agent_id", "agent_name", "team", "scene", "score",
    "tags", "marks", "number_keys", "last4", "folded",
)  # fmt: skip
INSERT = (
    f"WITH call AS (INSERT INTO transcript_search ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(f'%({name})s' for name in _COLUMNS)})"
    f" ON CONFLICT (recording_id) DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in _COLUMNS[1:])})"
    " INSERT INTO transcript_search_shown VALUES (%(recording_id)s, %(shown)s, %(starts)s)"
    " ON CONFLICT (recording_id) DO UPDATE SET shown = EXCLUDED.shown, starts = EXCLUDED.starts"
)
_KEYS = "transcript_keys(folded, started_at, team, agent_id, agent_name, scene, tags, number_keys, last4)"
_SAMPLE = "300"
_COMMON = "0.05"
# Only one transaction refreshes at a time; the others go on with what is there.
REFRESH = (
    "WITH mine AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('transcript_search_common')) AS held),"
    f" sample AS MATERIALIZED (SELECT {_KEYS} AS keys FROM transcript_search, mine WHERE held"
    f" ORDER BY started_at DESC LIMIT {_SAMPLE}),"
    " fresh AS (SELECT key, count(*) / (SELECT count(*) FROM sample)::real AS share"
    " FROM sample, LATERAL (SELECT DISTINCT unnest(keys)) AS u (key) WHERE key >= 0 GROUP BY key),"
    f" kept AS (INSERT INTO transcript_search_common SELECT * FROM fresh WHERE share >= {_COMMON}"
    " ON CONFLICT (key) DO UPDATE SET share = EXCLUDED.share RETURNING key)"
    " DELETE FROM transcript_search_common USING mine WHERE held AND key NOT IN (SELECT key FROM kept)"
)
SHARES = "SELECT key, share FROM transcript_search_common WHERE key = ANY (%(keys)s)"
_WEEK_SECONDS = 604_800
_MOST_WEEKS = 60
_EXACT_LENGTH = 3
_WANTED: tuple[LiteralString, ...] = (
    "wanted0", "wanted1", "wanted2", "wanted3", "wanted4", "wanted5", "wanted6", "wanted7",
)  # fmt: skip
_UNWANTED: tuple[LiteralString, ...] = (
    "unwanted0", "unwanted1", "unwanted2", "unwanted3", "unwanted4", "unwanted5", "unwanted6", "unwanted7",
)  # fmt: skip
_NEWEST = "ORDER BY started_at DESC, recording_id DESC"


def keys_of(term: str) -> list[int]:
    """Give the keys that every text with this term has, the same as transcript_grams makes."""
    runs = [term[at : at + _EXACT_LENGTH] for at in range(max(1, len(term) - _EXACT_LENGTH + 1))]
    return [_key(run) for run in runs]


def _key(letters: str) -> int:
    key = 0
    for letter in letters:
        key = key << 21 | ord(letter)
    return key


def window_size(terms: Sequence[Sequence[int]], shares: dict[int, float]) -> int | None:
    """Guess how many of the newest calls hold more hits than are counted; None where a term is not common.

    `terms` are the keys of each term. A quarter more than needed is taken: another, longer search costs more.
    """
    together = 1.0
    for keys in terms:
        if any(key not in shares for key in keys):
            return None
        together *= min(shares[key] for key in keys)
    return int((TOTAL_CAP + 1) / together * 1.25) if terms else None


def edge_statement(query: SearchQuery, size: int) -> Statement:
    """When the newest of these calls began, and the one that stands `size` calls below."""
    where: LiteralString = "true" if query.team is None else "team = %(team)s"
    calls = f"(SELECT started_at FROM transcript_search WHERE {where} {_NEWEST}"
    return f"SELECT {calls} LIMIT 1), {calls} OFFSET %(size)s LIMIT 1)", {"team": query.team, "size": size}


def weeks_between(newest: datetime, oldest: datetime) -> list[str] | None:
    """Name the weeks that hold both; None where they are too many to be worth naming."""
    first, last = (int(moment.timestamp() // _WEEK_SECONDS) for moment in (oldest, newest))
    return [str(week) for week in range(first, last + 1)] if last - first < _MOST_WEEKS else None


def page_statement(query: SearchQuery, words: Words, weeks: list[str] | None = None) -> Statement:
    """One statement for a page: rows of (total, hit…), the hit NULL where there is none; `weeks` limits both."""
    values: dict[str, Any] = {"cap": TOTAL_CAP + 1, "limit": query.limit}
    labels, filters = _filters(query, values)
    if words.wanted or labels:
        values["keys"] = [key for term in words.wanted for key in keys_of(term)]
        filters.append(f"{_KEYS} @> ({' || '.join(['%(keys)s::bigint[]', *labels])})")
    if weeks is not None:
        values["weeks"] = weeks
        kind: LiteralString = "'week'" if query.team is None else "'week of ' || %(team)s"
        filters.append(f"{_KEYS} && transcript_labels({kind}, %(weeks)s)")
    check = " AND ".join(_checks(words, values)) or "true"
    source: LiteralString = "counted"
    before: LiteralString = "true"
    if query.before is not None:
        values |= {"before_at": query.before.started_at, "before_id": query.before.recording_id}
        source, before = "ordered", f"(started_at, recording_id) < (%(before_at)s, %(before_id)s) AND {check}"
    folded = "" if check == "true" else ", folded"
    return (
        f"WITH ordered AS (SELECT * FROM (SELECT recording_id, started_at{folded} FROM transcript_search"
        f" WHERE {' AND '.join(filters) or 'true'} OFFSET 0) AS found {_NEWEST}),"
        f" counted AS MATERIALIZED (SELECT recording_id, started_at FROM ordered WHERE {check} LIMIT %(cap)s),"
        f" page AS (SELECT recording_id FROM {source} WHERE {before} LIMIT %(limit)s)"
        " SELECT total, t.recording_id, t.started_at, t.agent_name, t.team, t.scene, t.score, t.folded, s.shown,"
        " s.starts FROM (SELECT count(*) AS total FROM counted) AS c"
        " LEFT JOIN (page JOIN transcript_search AS t USING (recording_id)"
        " JOIN transcript_search_shown AS s USING (recording_id)) ON true"
        " ORDER BY t.started_at DESC, t.recording_id DESC"
    ), values


def _checks(words: Words, values: dict[str, Any]) -> Iterator[LiteralString]:
    """Look at the text itself, for terms longer than a key and for those that must not occur.

    A test a term, not one over an array: each is run for up to a thousand calls, and an array costs more than the look.
    """
    long = [term for term in words.wanted if len(term) > _EXACT_LENGTH]
    for name, term in zip(_WANTED, long, strict=False):
        values[name] = term
        yield f"strpos(folded, %({name})s) > 0"
    for name, term in zip(_UNWANTED, words.unwanted, strict=False):
        values[name] = term
        yield f"strpos(folded, %({name})s) = 0"


def _filters(query: SearchQuery, values: dict[str, Any]) -> tuple[list[LiteralString], list[LiteralString]]:
    wanted: list[tuple[LiteralString, Any, LiteralString, LiteralString | None]] = [
        ("team", query.team, "team = %(team)s", "team"),
        ("agent", query.agent, "(agent_id = %(agent)s OR agent_name = %(agent)s)", "agent"),
        ("scene", query.scene, "scene = %(scene)s", "scene"),
        ("tag", query.tag, "%(tag)s = ANY (tags)", "tag"),
        ("number", query.number, "(%(number)s = ANY (number_keys) OR %(number)s = ANY (last4))", "number"),
        ("from", query.from_, "started_at >= %(from)s", None),
        ("to", query.to, "started_at < %(to)s", None),
        ("min_score", query.min_score, "score >= %(min_score)s", None),
        ("max_score", query.max_score, "score <= %(max_score)s", None),
        ("mark", None if query.mark is None else fold(query.mark),
         "EXISTS (SELECT FROM unnest(marks) AS label WHERE strpos(label, %(mark)s) > 0)", None),
    ]  # fmt: skip
    labels: list[LiteralString] = []
    filters: list[LiteralString] = []
    for name, value, condition, label in wanted:
        if value is not None:
            values[name] = value
            filters.append(condition)
            if label:
                labels.append(f"transcript_label('{label}', %({name})s)")
    return labels, filters
