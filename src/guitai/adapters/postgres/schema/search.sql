-- One row a call, the compared text within it (up to about 1,300 characters; longer ones are moved out): a look at a
-- term longer than a key reads no second page.
CREATE TABLE transcript_search (
    recording_id text COLLATE "C" PRIMARY KEY,
    started_at   timestamptz NOT NULL,
    agent_id     text COLLATE "C",
    agent_name   text COLLATE "C",
    team         text COLLATE "C",
    scene        text COLLATE "C",
    score        double precision,
    tags         text[] COLLATE "C" NOT NULL,
    marks        text[] COLLATE "C" NOT NULL,
    number_keys  text[] COLLATE "C" NOT NULL,
    last4        text[] COLLATE "C" NOT NULL,
    folded       text COLLATE "C" NOT NULL
) WITH (toast_tuple_target = 4096);

ALTER TABLE transcript_search ALTER COLUMN folded SET STORAGE EXTERNAL;

-- What is read for the hits of a page alone: the masked text, an utterance a line, and when each begins (seconds).
CREATE TABLE transcript_search_shown (
    recording_id text COLLATE "C" PRIMARY KEY REFERENCES transcript_search ON DELETE CASCADE,
    shown        text NOT NULL,
    starts       real[] NOT NULL
);

-- A block is a team's calls of one month (UTC). Every run of characters is indexed under its block's seed, so that a
-- search reads the newest month first and stops when it has enough, and never reads another team's entries.
CREATE TABLE transcript_search_block (
    month integer NOT NULL,
    seed  bigint NOT NULL,
    team  text COLLATE "C",
    since timestamptz NOT NULL, -- the month as times, the end excluded: a search compares every call with them
    until timestamptz NOT NULL,
    PRIMARY KEY (month, seed)
);

CREATE FUNCTION transcript_month(started_at timestamptz) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (extract(year FROM started_at AT TIME ZONE 'UTC') * 12
        + extract(month FROM started_at AT TIME ZONE 'UTC') - 1)::integer;

CREATE FUNCTION transcript_seed(team text, month integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended(coalesce('team ' || team, ''), month);

-- A label such as scene=投诉 as a key beside the runs, without a block.
CREATE FUNCTION transcript_label(kind text, value text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended(kind || '=' || value, 0);

CREATE FUNCTION transcript_labels(kind text, many text[]) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT array_agg(transcript_label(kind, one)) FROM unnest(many) AS one);

-- Every run of one, two or three characters inside an utterance, packed 21 bits a character, exclusive-or the seed: no
-- two runs of a block share a key, so a term of up to three characters needs no look at the text. (hashint8extended
-- would not do: it folds its argument to 32 bits.) Keys of two blocks may meet; a search checks each call's block.
CREATE FUNCTION transcript_grams(folded text, seed bigint) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT array_agg(a # seed)
            || array_agg((a << 21 | b) # seed) FILTER (WHERE b <> 10)
            || array_agg(((a << 21 | b) << 21 | c) # seed) FILTER (WHERE b <> 10 AND c <> 10)
        FROM (
            SELECT array_agg(ascii(letter)::bigint ORDER BY place) AS codes
            FROM unnest(string_to_array(folded, NULL)) WITH ORDINALITY AS letters (letter, place)
        ) AS text, unnest(codes, codes[2:], codes[3:]) AS runs (a, b, c)
        WHERE a <> 10
    );

-- All keys of a call. In plpgsql, so that the planner sees one call and not the whole expression; costly, so that it
-- never asks a row for its keys; with its path, because building an index looks into pg_catalog alone.
CREATE FUNCTION transcript_keys(
    folded text, started_at timestamptz, team text, agent_id text, agent_name text, scene text,
    tags text[], number_keys text[], last4 text[]
) RETURNS bigint[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT
    AS $$
BEGIN
    RETURN transcript_grams(folded, transcript_seed(team, transcript_month(started_at)))
        || transcript_label('agent', agent_id)
        || transcript_label('agent', agent_name)
        || transcript_label('scene', scene)
        || transcript_labels('tag', tags)
        || transcript_labels('number', number_keys)
        || transcript_labels('number', last4);
END
$$;

-- Without the pending list: a search never reads entries one by one that nobody has sorted in yet.
CREATE INDEX transcript_search_keys ON transcript_search USING gin (
    transcript_keys(folded, started_at, team, agent_id, agent_name, scene, tags, number_keys, last4)
) WITH (fastupdate = off);

-- The planner needs no statistics of the keys, and gathering them would split thousands of texts into runs.
ALTER INDEX transcript_search_keys ALTER COLUMN 1 SET STATISTICS 0;

CREATE INDEX transcript_search_newest ON transcript_search (started_at DESC, recording_id DESC);
CREATE INDEX transcript_search_team_newest ON transcript_search (team, started_at DESC, recording_id DESC);
