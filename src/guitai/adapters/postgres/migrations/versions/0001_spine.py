"""The spine: interactions, recordings, transcripts, scorecards, coverage, audit and what waits for the evidence log.

Each table with personal data says its class (JR/T 0171-2020) and who shreds it. Customers' numbers are kept only masked
and as a keyed digest; the whole values lie sealed with the recording's own data key.
"""

from alembic import op

revision = "0001"
down_revision = None

_SCHEMA = """
create table interaction (
    id text primary key,
    channel text not null,
    started_at timestamptz not null,
    direction text,
    caller_masked text,
    callee_masked text,
    number_keys text[] not null default '{}',
    number_ends text[] not null default '{}',
    agent_id text,
    agent_name text,
    team text,
    scene text not null,
    tags text[] not null default '{}',
    customer_ref text
);
comment on table interaction is 'class C2 (masked); shredder: destroy_recording';
create index interaction_newest on interaction (started_at desc, id desc);

create table recording (
    id text primary key,
    interaction_id text not null references interaction (id),
    source_name text not null,
    original_digest text not null unique,
    original_size bigint not null,
    container text not null,
    codec text not null,
    sample_rate integer not null,
    duration_ms bigint not null,
    sealed jsonb not null,
    metadata_sealed jsonb not null,
    tracks jsonb not null,
    flags text[] not null default '{}',
    sealed_at timestamptz not null
);
comment on table recording is 'class C2 (wrapped keys of the sealed audio and metadata); shredder: destroy_recording';
create index recording_interaction on recording (interaction_id);

create table transcript (
    recording_id text primary key references recording (id),
    sealed jsonb not null,
    language text not null,
    models text[] not null,
    masked_utterances jsonb not null,
    masked_digest text not null,
    made_at timestamptz not null
);
comment on table transcript is 'class C2 (masked text; the whole text is sealed); shredder: destroy_recording';

create table scorecard (
    recording_id text not null references recording (id),
    form text not null,
    form_version text not null,
    body text not null,
    digest text not null,
    total numeric(4, 1) not null,
    made_at timestamptz not null,
    primary key (recording_id, form, form_version)
);
comment on table scorecard is 'class C2 (masked citations); shredder: destroy_recording';

create table finding (
    recording_id text not null references recording (id),
    form text not null,
    form_version text not null,
    criterion text not null,
    title text not null,
    dimension text not null,
    severity text not null,
    outcome text not null,
    points numeric(4, 1) not null,
    at_ms bigint,
    primary key (recording_id, form, form_version, criterion),
    foreign key (recording_id, form, form_version) references scorecard (recording_id, form, form_version)
);
comment on table finding is 'no personal data';
create index finding_criterion on finding (criterion, outcome);

create table mark (
    recording_id text not null references recording (id),
    at_ms bigint not null,
    label text not null,
    source text not null,
    primary key (recording_id, at_ms, label)
);
comment on table mark is 'class C2 (masked label); shredder: destroy_recording';

create table coverage (
    id bigint generated always as identity primary key,
    run_id text not null,
    path_masked text not null,
    recording_id text references recording (id),
    outcome text not null check (outcome in ('inspected', 'duplicate', 'skipped', 'failed')),
    reason text not null default '',
    at timestamptz not null
);
comment on table coverage is 'class C2 (masked file name); shredder: destroy_recording';
create index coverage_run on coverage (run_id);
create index coverage_recording on coverage (recording_id);

create table audit_event (
    seq bigint primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail jsonb not null,
    digest text not null
);
comment on table audit_event is 'no personal data (ids and counts only); kept at least as long as the data';

create table evidence_entry (
    id bigint generated always as identity primary key,
    kind text not null,
    subject text not null,
    body bytea not null unique,
    leaf_index bigint unique
);
comment on table evidence_entry is 'no personal data (digests only)';
create table evidence_state (
    singleton boolean primary key default true check (singleton),
    size bigint not null,
    root bytea not null
);
comment on table evidence_state is 'no personal data; the log as last seen, so that a log set back is found';

create index evidence_waiting on evidence_entry (id) where leaf_index is null;
create index evidence_subject on evidence_entry (subject);
"""


def upgrade() -> None:
    op.execute(_SCHEMA)
