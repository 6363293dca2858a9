"""Holding everything stored against everything witnessed: objects, rows and trail against the evidence log.

The log says what was sealed; each recording's rows must say the same, its objects must hash to it, and what the rows
show must follow from what is sealed. Whatever does not is named.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC

from guitai.audit.model import GENESIS, broken_links
from guitai.evidence.entries import (
    AuditEntry,
    DestructionEntry,
    RecordingEntry,
    ScorecardEntry,
    TranscriptEntry,
    decode_entry,
)
from guitai.evidence.errors import EntryRefusedError
from guitai.evidence.log import EvidenceLog
from guitai.inspection.errors import ScorecardError
from guitai.interactions.model import Mark
from guitai.kernel.errors import GuitaiError
from guitai.privacy.mask import mask
from guitai.recording.calls import MARKED, mark_detail
from guitai.recording.describing import interaction_of, source_name_of
from guitai.recording.finishing import (
    MACHINE,
    heard_bytes,
    marks_of,
    scorecard_entry_of,
    search_document,
    transcript_entry_of,
)
from guitai.recording.model import Interaction, Recording
from guitai.recording.ports import StoredScorecard, Transactions, UnitOfWork
from guitai.recording.sealing import entry_of
from guitai.recording.sealing import recording_id as recording_id_of
from guitai.transcripts.ports import StoredTranscript
from guitai.vault.errors import RecordDamagedError
from guitai.vault.operations import Vault


@dataclass(frozen=True, slots=True)
class Proving:
    """What proving needs."""

    vault: Vault
    transactions: Transactions
    log: EvidenceLog
    index_secret: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was witnessed: `subject` names it."""

    code: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at and what is wrong."""

    recordings: int
    entries: int
    problems: tuple[Problem, ...]
    log_is_damaged: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the document that `evidence verify --json` prints."""
        return {
            "ok": not self.problems,
            "recordings": self.recordings,
            "entries": self.entries,
            "problems": [asdict(problem) for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class _Rows:
    interaction: Interaction
    recording: Recording
    transcript: StoredTranscript | None
    scorecards: Sequence[StoredScorecard]
    marks: Sequence[Mark]
    entries: Sequence[bytes]
    findings_differ: bool
    index_holds: bool


def verify_all(proving: Proving, on_progress: Callable[[int, int], None] = lambda _done, _all: None) -> Verdict:
    """Check the log, the queue, the audit trail and every recording, reading every stored byte."""
    problems = [Problem(p.code, p.subject, p.message) for p in proving.log.verify()]
    if problems:  # what a damaged log says of the rest proves nothing
        return Verdict(0, proving.log.size, tuple(problems), log_is_damaged=True)
    with proving.transactions.begin() as work:
        ids = work.recordings.ids()
        problems += _database_against_log(work, proving.log)
        problems += _audit(work, proving.log)
        problems += _coverage(work)
        problems += _marks_by_hand(work)
    for done, recording_id in enumerate(ids, 1):
        problems += verify_recording(recording_id, proving)
        on_progress(done, len(ids))
    return Verdict(len(ids), proving.log.size, tuple(problems))


def verify_recording(recording_id: str, proving: Proving) -> list[Problem]:
    """Check one recording: its entries are in the log, its rows agree with them, every copy of its objects is whole."""
    try:
        with proving.transactions.begin() as work:
            rows = _read(work, recording_id)
    except (
        RecordDamagedError,
        ScorecardError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ):  # whatever was written into them
        return [Problem("recording.unreadable", recording_id, "its rows do not hold what they were written with")]
    if rows is None:
        return [Problem("recording.missing", mask(recording_id), "the database has no such recording")]
    problems = list(_rows_against_entries(rows, proving.log))
    problems += _derived(rows)
    problems += _objects(rows, proving.vault)
    problems += _contents(rows, proving)
    return problems


def _read(work: UnitOfWork, recording_id: str) -> _Rows | None:
    found = work.recordings.get(recording_id)
    if found is None:
        return None
    interaction, recording = found
    transcript = work.transcripts.get(recording_id)
    scorecards = work.scorecards.of(recording_id)
    marks = work.marks.of(recording_id)
    entries = [entry.body for entry in work.evidence.of(recording_id)]
    newest = scorecards[0].scorecard if scorecards else None
    masked = transcript.masked if transcript else ()
    index_holds = work.search.holds(search_document(interaction, recording_id, masked, marks, newest))
    findings_differ = work.scorecards.findings_differ(recording_id)
    return _Rows(interaction, recording, transcript, scorecards, marks, entries, findings_differ, index_holds)


def _derived(rows: _Rows) -> Iterator[Problem]:
    """Check what follows from other rows: findings and marks from scorecards, the index from all of them."""
    recording_id = rows.recording.id
    if rows.findings_differ:
        yield Problem("findings.altered", recording_id, "findings or total in the database differ from the scorecard")
    expected = {(mark.at_s, mark.label) for mark in marks_of(stored.scorecard for stored in rows.scorecards)}
    by_machine = {(mark.at_s, mark.label) for mark in rows.marks if mark.source == MACHINE}
    if by_machine - expected or expected - {(mark.at_s, mark.label) for mark in rows.marks}:
        yield Problem("marks.altered", recording_id, "its marks do not follow from its scorecards")
    if rows.transcript is not None and not rows.index_holds:
        yield Problem("search.altered", recording_id, "the search index does not hold what its other rows say")


def _database_against_log(work: UnitOfWork, log: EvidenceLog) -> Iterator[Problem]:
    """Find entries that only one of the two knows: a log cut short, or a database set back."""
    known = {entry.leaf_index: entry.body for entry in work.evidence.all()}
    if known and max(known) >= log.size:
        yield Problem("log.truncated", "log", f"the database knows entry {max(known)}, the log ends at {log.size - 1}")
    unknown = [index for index in range(log.size) if index not in known]
    for index in unknown:
        yield Problem(
            "database.rolled_back", f"entry {index}",
            f"the log holds {_said(log.entry(index))}, of which the database knows nothing: it was set back or altered",
        )  # fmt: skip
    for index, body in known.items():
        if index < log.size and log.entry(index) != body:
            yield Problem("database.entry_altered", f"entry {index}", "the database and the log say different things")


def _said(body: bytes) -> str:
    try:
        entry = decode_entry(body)
    except EntryRefusedError:
        return "an entry of an unknown kind"
    if isinstance(entry, AuditEntry):
        return f"audit events {entry.first} to {entry.last}"
    return f"a {entry.kind} entry of {entry.recording_id}"


def _audit(work: UnitOfWork, log: EvidenceLog) -> Iterator[Problem]:
    events = work.audit.events()
    for seq in broken_links(events):
        yield Problem("audit.broken", f"audit event {seq}", "the event is missing or was altered")
    heads = {event.seq: event.digest for event in events}
    anchored = 0
    for index in range(log.size):
        entry = _decoded(log.entry(index))
        if not isinstance(entry, AuditEntry):
            continue
        anchored = max(anchored, entry.last)
        if f"sha256:{heads.get(entry.last, GENESIS)}" != entry.head:
            yield Problem("audit.rewritten", f"audit event {entry.last}", "the trail is not the one that the log fixed")


def _coverage(work: UnitOfWork) -> Iterator[Problem]:
    logged = {row.subject for row in work.evidence.all() if row.kind == "recording"}
    destroyed = {row.subject for row in work.evidence.all() if row.kind == "destruction"}
    for recording_id in sorted(logged - destroyed - set(work.recordings.ids())):
        yield Problem("recording.missing", recording_id, "the log says it was sealed; the database has it no more")


def _marks_by_hand(work: UnitOfWork) -> Iterator[Problem]:
    noted = {_mark_key(event.subject, event.detail) for event in work.audit.events() if event.action == MARKED}
    found = {_mark_key(recording_id, mark_detail(mark)) for recording_id, mark in work.marks.set_by_hand()}
    for recording_id in sorted({key[0] for key in noted ^ found}):
        yield Problem("marks.altered", recording_id, "its marks are not those that the audit trail tells of")


def _mark_key(recording_id: str, detail: Mapping[str, str | int]) -> tuple[str, str | int | None, str | int | None]:
    return recording_id, detail.get("at_ms"), detail.get("label_sha256")


def _rows_against_entries(rows: _Rows, log: EvidenceLog) -> Iterator[Problem]:
    recording_id = rows.recording.id
    entries = [_decoded(body) for body in rows.entries if log.find(body) is not None]
    sealed = [entry for entry in entries if isinstance(entry, RecordingEntry)]
    if not sealed:
        yield Problem("recording.unwitnessed", recording_id, "no entry of the log says that it was sealed")
    elif entry_of(rows.recording) != sealed[-1]:
        yield Problem("recording.altered", recording_id, "its row does not say what the log says")
    heard = [entry for entry in entries if isinstance(entry, TranscriptEntry)]
    if rows.transcript is None:
        if heard:
            yield Problem("transcript.missing", recording_id, "the log names a transcript that is gone")
    elif not heard or transcript_entry_of(rows.transcript) != heard[-1]:
        yield Problem("transcript.altered", recording_id, "its row does not say what the log says")
    elif _heard_digest(rows.recording, rows.transcript) != rows.transcript.masked_digest:
        yield Problem("transcript.altered", recording_id, "its masked words or what is known of its sound were changed")
    yield from _scorecards(rows, [entry for entry in entries if isinstance(entry, ScorecardEntry)])


def _heard_digest(recording: Recording, transcript: StoredTranscript) -> str:
    return hashlib.sha256(heard_bytes(recording, transcript.language, transcript.masked)).hexdigest()


def _scorecards(rows: _Rows, entries: Sequence[ScorecardEntry]) -> Iterator[Problem]:
    latest = {(entry.form, entry.form_version): entry for entry in entries}
    stored = {(card.scorecard.form, card.scorecard.form_version): card for card in rows.scorecards}
    for key in sorted(latest.keys() | stored.keys()):
        subject = f"{rows.recording.id} {key[0]} {key[1]}"
        if key not in stored:
            yield Problem("scorecard.missing", subject, "the log names a scorecard that is gone")
        elif key not in latest or scorecard_entry_of(stored[key]) != latest[key] or not stored[key].is_whole():
            yield Problem("scorecard.altered", subject, "the scorecard is not the one that the log names")


def _objects(rows: _Rows, vault: Vault) -> Iterator[Problem]:
    objects = [rows.recording.sealed, rows.recording.metadata_sealed]
    if rows.transcript is not None:
        objects.append(rows.transcript.sealed)
    for sealed in objects:
        for problem in vault.verify(sealed):
            yield Problem(problem.code, problem.subject, problem.message)


def _contents(rows: _Rows, proving: Proving) -> Iterator[Problem]:
    """Open the metadata and see that the searchable rows follow from it."""
    recording = rows.recording
    try:
        document = proving.vault.read(recording.metadata_sealed)
    except GuitaiError as error:
        yield Problem(error.code, recording.id, error.message)
        return
    follows = interaction_of(rows.interaction.id, document, proving.index_secret)
    if _comparable(follows) != _comparable(rows.interaction):
        yield Problem("interaction.altered", recording.id, "its searchable row differs from its sealed metadata")
    named = (source_name_of(document), recording.sealed.plain_size)
    known_as = recording_id_of(proving.index_secret, recording.original_digest)
    if (recording.source_name, recording.original_size) != named or recording.id != known_as:
        yield Problem(
            "recording.altered", recording.id, "its name, size or original digest differs from what is sealed"
        )


def _comparable(interaction: Interaction) -> dict[str, object]:
    return {**asdict(interaction), "started_at": interaction.started_at.astimezone(UTC).isoformat()}


def _decoded(
    body: bytes,
) -> RecordingEntry | TranscriptEntry | ScorecardEntry | AuditEntry | DestructionEntry | None:
    try:
        return decode_entry(body)
    except EntryRefusedError:
        return None
