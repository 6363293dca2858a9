"""The statements of the search index, made of literal pieces alone: what a user wrote is always a parameter."""

# ruff: noqa: S608 - the type LiteralString proves the same

from typing import Any, LiteralString

from guitai.transcripts.search import TOTAL_CAP, SearchQuery
from guitai.transcripts.search_text import Words, fold

_COLUMNS: tuple[LiteralString, ...] = (
    "recording_id", "started_at", "agent_id", "agent_name", "team", "scene", "score",
    "tags", "marks", "number_keys", "last4", "folded", "shown", "starts",
)  # fmt: skip
INSERT = (
    f"INSERT INTO transcript_search ({', '.join(_COLUMNS)}) VALUES ({', '.join(f'%({name})s' for name in _COLUMNS)})"
)
UPSERT = f"{INSERT} ON CONFLICT (recording_id) DO UPDATE SET " + ", ".join(
    f"{name} = EXCLUDED.{name}" for name in _COLUMNS[1:]
)
_KEYS = (
    "(transcript_grams(folded) || transcript_label('team', team) || transcript_label('agent', agent_id)"
    " || transcript_label('agent', agent_name) || transcript_label('scene', scene) || transcript_labels('tag', tags)"
    " || transcript_labels('number', number_keys) || transcript_labels('number', last4))"
)
_EXACT_LENGTH = 3


def gram(letters: str) -> int:
    """Pack one to three characters into a key, as transcript_grams does."""
    key = 0
    for letter in letters:
        key = key << 21 | ord(letter)
    return key


def page_statement(query: SearchQuery, words: Words) -> tuple[LiteralString, dict[str, Any]]:
    """One statement for a page: rows of (total, hit…), the hit NULL where there is none."""
    values: dict[str, Any] = {"cap": TOTAL_CAP + 1, "limit": query.limit}
    labels, filters = _filters(query, values)
    keys = [gram(term[at : at + 3]) for term in words.wanted for at in range(max(1, len(term) - 2))]
    checks: list[LiteralString] = []
    long = [term for term in words.wanted if len(term) > _EXACT_LENGTH]
    if long:
        values["long"] = long
        checks.append("(SELECT bool_and(strpos(folded, term) > 0) FROM unnest(%(long)s::text[]) AS term)")
    if words.unwanted:
        values["unwanted"] = list(words.unwanted)
        checks.append("(SELECT bool_and(strpos(folded, term) = 0) FROM unnest(%(unwanted)s::text[]) AS term)")
    if keys or labels:
        values["keys"] = keys
        filters.append(f"{_KEYS} @> ({' || '.join(['%(keys)s::bigint[]', *labels])})")
    before: LiteralString = "true"
    if query.before is not None:
        values |= {"before_at": query.before.started_at, "before_id": query.before.recording_id}
        before = "(started_at, recording_id) < (%(before_at)s, %(before_id)s)"
    order = "ORDER BY started_at DESC, recording_id DESC"
    candidates = (
        f"SELECT recording_id, started_at, folded FROM transcript_search WHERE {' AND '.join(filters) or 'true'}"
    )
    check = " AND ".join(checks) or "true"
    return (
        f"WITH candidates AS MATERIALIZED ({candidates}),"
        f" ordered AS (SELECT * FROM candidates {order}),"
        f" counted AS MATERIALIZED (SELECT recording_id, started_at FROM ordered WHERE {check} LIMIT %(cap)s),"
        f" page AS (SELECT recording_id FROM {'counted' if before == 'true' else 'ordered'}"
        f" WHERE {before} AND {'true' if before == 'true' else check} LIMIT %(limit)s)"
        " SELECT total, t.recording_id, t.started_at, t.agent_name, t.team, t.scene, t.score,"
        " t.folded, t.shown, t.starts FROM (SELECT count(*) AS total FROM counted) AS c"
        " LEFT JOIN (page JOIN transcript_search AS t USING (recording_id)) ON true"
        " ORDER BY t.started_at DESC, t.recording_id DESC"
    ), values


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
