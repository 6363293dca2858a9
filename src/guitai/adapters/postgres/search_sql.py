"""The statements of the search index, made of literal pieces alone: what a user wrote is always a parameter."""

# ruff: noqa: S608 - the type LiteralString proves the same

from collections.abc import Iterator
from typing import Any, LiteralString

from guitai.transcripts.search import TOTAL_CAP, SearchQuery
from guitai.transcripts.search_text import Words, fold

Statement = tuple[LiteralString, dict[str, Any]]

_COLUMNS: tuple[LiteralString, ...] = (
    "recording_id", "started_at", "agent_id", "agent_name", "team", "scene", "score",
    "tags", "marks", "number_keys", "last4", "folded",
)  # fmt: skip
INSERT = (
    "WITH block AS (INSERT INTO transcript_search_block SELECT month, transcript_seed(%(team)s, month), %(team)s,"
    " make_timestamptz(month / 12, mod(month, 12) + 1, 1, 0, 0, 0, 'UTC'),"
    " make_timestamptz((month + 1) / 12, mod(month + 1, 12) + 1, 1, 0, 0, 0, 'UTC')"
    " FROM transcript_month(%(started_at)s) AS month ON CONFLICT DO NOTHING),"
    f" call AS (INSERT INTO transcript_search ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(f'%({name})s' for name in _COLUMNS)})"
    f" ON CONFLICT (recording_id) DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in _COLUMNS[1:])})"
    " INSERT INTO transcript_search_shown VALUES (%(recording_id)s, %(shown)s, %(starts)s)"
    " ON CONFLICT (recording_id) DO UPDATE SET shown = EXCLUDED.shown, starts = EXCLUDED.starts"
)
HELD = (
    "SELECT 1 FROM transcript_search AS t JOIN transcript_search_shown AS s USING (recording_id)"
    " JOIN transcript_search_block AS b ON b.month = transcript_month(t.started_at)"
    " AND b.seed = transcript_seed(t.team, b.month) AND b.team IS NOT DISTINCT FROM t.team"
    f" WHERE {' AND '.join(f't.{name} IS NOT DISTINCT FROM %({name})s' for name in _COLUMNS)}"
    " AND s.shown = %(shown)s AND s.starts = %(starts)s::real[]"
)
_KEYS = "transcript_keys(folded, started_at, team, agent_id, agent_name, scene, tags, number_keys, last4)"
_EXACT_LENGTH = 3
_WANTED: tuple[LiteralString, ...] = (
    "wanted0", "wanted1", "wanted2", "wanted3", "wanted4", "wanted5", "wanted6", "wanted7",
)  # fmt: skip
_UNWANTED: tuple[LiteralString, ...] = (
    "unwanted0", "unwanted1", "unwanted2", "unwanted3", "unwanted4", "unwanted5", "unwanted6", "unwanted7",
)  # fmt: skip
_NEWEST = "ORDER BY started_at DESC, recording_id DESC"


def keys_of(term: str) -> list[int]:
    """Pack runs that together cover the term, as transcript_grams does before it adds the seed.

    Side by side, for the text is looked at anyway: each run between two others costs more than the calls it rules out.
    """
    last = max(0, len(term) - _EXACT_LENGTH)
    return [_packed(term[at : at + _EXACT_LENGTH]) for at in (*range(0, last, _EXACT_LENGTH), last)]


def _packed(letters: str) -> int:
    key = 0
    for letter in letters:
        key = key << 21 | ord(letter)
    return key


def page_statement(query: SearchQuery, words: Words) -> Statement:
    """One statement for a page: rows of (total, hit…), the hit NULL where there is none."""
    values: dict[str, Any] = {"cap": TOTAL_CAP + 1, "limit": query.limit}
    labels, filters = _filters(query, values)
    check = " AND ".join(_checks(words, values)) or "true"
    folded: LiteralString = "" if check == "true" else ", folded"
    source: LiteralString = "counted"
    before: LiteralString = "true"
    if query.before is not None:
        values |= {"before_at": query.before.started_at, "before_id": query.before.recording_id}
        source, before = "found", f"(started_at, recording_id) < (%(before_at)s, %(before_id)s) AND {check}"
    if words.wanted:
        values["runs"] = [key for term in words.wanted for key in keys_of(term)]
        found = _by_block(query, labels, filters, folded)
    else:
        if labels:
            filters.append(f"{_KEYS} @> ARRAY[{', '.join(labels)}]")
        where = " AND ".join(filters) or "true"
        found = f"SELECT ctid AS place, recording_id, started_at{folded} FROM transcript_search WHERE {where} {_NEWEST}"
    return (
        f"WITH found AS ({found}),"
        f" counted AS MATERIALIZED (SELECT place FROM found WHERE {check} LIMIT %(cap)s),"
        f" page AS (SELECT place FROM {source} WHERE {before} LIMIT %(limit)s)"
        " SELECT total, hit.* FROM (SELECT count(*) AS total FROM counted) AS c"
        # LIMIT 1 makes it twenty reads by key, whatever the planner thinks the page holds.
        " LEFT JOIN (page CROSS JOIN LATERAL (SELECT t.recording_id, t.started_at, t.agent_name, t.team, t.scene,"
        " t.score, t.folded, s.shown, s.starts FROM transcript_search AS t JOIN transcript_search_shown AS s"
        " USING (recording_id) WHERE t.ctid = page.place LIMIT 1) AS hit) ON true"
        " ORDER BY hit.started_at DESC, hit.recording_id DESC"
    ), values


def _by_block(
    query: SearchQuery,
    labels: list[LiteralString],
    filters: list[LiteralString],
    folded: LiteralString,
) -> LiteralString:
    """Read month after month, the newest first: whoever takes rows and stops leaves the older months unread."""
    blocks: list[LiteralString] = []
    if query.team is not None:
        blocks.append("team = %(team)s")
    if query.from_ is not None:
        blocks.append("month >= transcript_month(%(from)s)")
    if query.to is not None:
        blocks.append("month <= transcript_month(%(to)s)")
    hashed = "ARRAY(SELECT run # seed FROM unnest(%(runs)s::bigint[]) AS run)"
    keys = " || ".join([hashed, *labels])
    # Keys of two blocks may meet; the team asked for is the block's own.
    own: list[LiteralString] = [
        "call.team IS NOT DISTINCT FROM block.team",
        "started_at >= since",
        "started_at < until",
    ]
    found = own + filters[query.team is not None :]
    columns: LiteralString = "since, until, seed, team"
    grouped: LiteralString = ""
    each: LiteralString = ""
    if query.team is None:
        columns, grouped = "since, until, array_agg(seed) AS seeds, array_agg(team) AS teams", " GROUP BY since, until"
        each = "unnest(month.seeds, month.teams) AS block (seed, team) CROSS JOIN LATERAL"
    # OFFSET 0 keeps the filters out of the innermost part: a second index beside the keys costs more than it saves.
    return (
        f"SELECT calls.* FROM (SELECT {columns} FROM transcript_search_block"
        f" WHERE {' AND '.join(blocks) or 'true'}{grouped} ORDER BY since DESC) AS {'month' if each else 'block'}"
        f" CROSS JOIN LATERAL (SELECT place, recording_id, started_at{folded} FROM {each}"
        f" (SELECT ctid AS place, * FROM transcript_search WHERE {_KEYS} @> ({keys}) OFFSET 0) AS call"
        f" WHERE {' AND '.join(found)} {_NEWEST}) AS calls"
    )


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
        ("team", query.team, "transcript_search.team = %(team)s", None),
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
