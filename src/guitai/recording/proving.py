"""Holding everything stored against everything witnessed: objects, rows and trail against the evidence log.

The log says what was sealed; each recording's rows must say the same, its objects must hash to it, and what the rows
show must follow from what is sealed. Whatever does not is named.
"""

from collections.abc import Callable, Iterator, Sequence
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
from guitai.kernel.errors import GuitaiError
from guitai.recording.describing import interaction_of
from guitai.recording.finishing import masked_digest, scorecard_entry_of, transcript_entry_of
from guitai.recording.model import Interaction, Recording
from guitai.recording.ports import StoredScorecard, Transactions, UnitOfWork
from guitai.recording.sealing import entry_of
from guitai.transcripts.ports import StoredTranscript
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


def verify_all(proving: Proving, on_progress: Callable[[int, int], None] = lambda _done, _all: None) -> Verdict:
    """Check the log, the queue, the audit trail and every recording, reading every stored byte."""
    problems = [Problem(p.code, p.subject, p.message) for p in proving.log.verify()]
    if problems:  # what a damaged log says of the rest proves nothing
        return Verdict(0, proving.log.size, tuple(problems))
    with proving.transactions.begin() as work:
        ids = work.recordings.ids()
        problems += _database_against_log(work, proving.log)
        problems += _audit(work, proving.log)
        problems += _coverage(work)
    for done, recording_id in enumerate(ids, 1):
        problems += verify_recording(recording_id, proving)
        on_progress(done, len(ids))
    return Verdict(len(ids), proving.log.size, tuple(problems))


def verify_recording(recording_id: str, proving: Proving) -> list[Problem]:
    """Check one recording: its entries are in the log, its rows agree with them, every copy of its objects is whole."""
    with proving.transactions.begin() as work:
        found = work.recordings.get(recording_id)
        if found is None:
            return [Problem("recording.missing", recording_id, "the database has no such recording")]
        rows = _Rows(*found, work.transcripts.get(recording_id), work.scorecards.of(recording_id))
        entries = [entry.body for entry in work.evidence.of(recording_id)]
        derived = work.scorecards.findings_differ(recording_id)
        indexed = work.search.shown(recording_id)
    problems = list(_rows_against_entries(rows, entries, proving.log))
    if derived:
        problems.append(
            Problem("findings.altered", recording_id, "findings or total in the database differ from the scorecard")
        )
    problems += _objects(rows, proving.vault)
    problems += _contents(rows, indexed, proving)
    return problems


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


def _rows_against_entries(rows: _Rows, bodies: Sequence[bytes], log: EvidenceLog) -> Iterator[Problem]:
    recording_id = rows.recording.id
    entries = [_decoded(body) for body in bodies if log.find(body) is not None]
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
    elif masked_digest(rows.transcript.masked) != rows.transcript.masked_digest:
        yield Problem("transcript.altered", recording_id, "its masked words were changed")
    yield from _scorecards(rows, [entry for entry in entries if isinstance(entry, ScorecardEntry)])


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


def _contents(rows: _Rows, indexed: str | None, proving: Proving) -> Iterator[Problem]:
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
    if rows.transcript is not None:
        said = "\n".join(utterance.text for utterance in rows.transcript.masked)
        if indexed != said:
            yield Problem("search.altered", recording.id, "the search index does not hold its masked words")


def _comparable(interaction: Interaction) -> dict[str, object]:
    return {**asdict(interaction), "started_at": interaction.started_at.astimezone(UTC).isoformat()}


def _decoded(
    body: bytes,
) -> RecordingEntry | TranscriptEntry | ScorecardEntry | AuditEntry | DestructionEntry | None:
    try:
        return decode_entry(body)
    except EntryRefusedError:
        return None
