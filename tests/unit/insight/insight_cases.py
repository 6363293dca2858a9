"""Invented calls for the tests of this folder."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guitai.insight.model import CallFacts, Violation
from guitai.inspection.scorecards import Citation, DimensionScore, Finding, Outcome, Scorecard, Severity
from guitai.interactions.model import Mark, Party, Utterance
from guitai.recording.calls import Call
from guitai.recording.model import Interaction, Recording
from guitai.recording.ports import StoredScorecard
from guitai.transcripts.ports import StoredTranscript
from guitai.vault.format import Layout
from guitai.vault.model import SealedObject, storage_key

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TRACK = {
    "duration_ms": 60_000,
    "speech_ms": 20_000,
    "level_cdb": -2590,
    "peak_cdb": -300,
    "noise_cdb": -7000,
    "snr_cdb": 4410,
    "clipping_ppm": 100,
    "silence_permille": 429,
    "dropouts": 0,
    "dropout_ms": 0,
    "dc_ppm": 0,
}


def facts(
    number: int,
    score: float,
    *,
    agent: str = "林晓雯",
    team: str = "一组",
    scene: str = "loan",
    violations: Sequence[str] = (),
    flags: Sequence[str] = (),
    name: str = "call.opus",
) -> CallFacts:
    found = tuple(Violation(title, title, 5.0) for title in violations)
    at = BEGIN + timedelta(minutes=number)
    return CallFacts(recording_id(number), name, at, agent, team, scene, score, found, tuple(flags))


def recording_id(number: int) -> str:
    return f"call{number:022d}"


def call(item: CallFacts, *, said: str = "保本保收益", label: str = "客户询问收益", bare: bool = False) -> Call:
    """Return a call with one finding, one mark and three utterances; `bare` leaves out words, scores and quality."""
    sealed, metadata = _sealed(item.recording_id, "recording"), _sealed(item.recording_id, "metadata")
    interaction = Interaction(
        "i", "voice", item.started_at, "inbound", "138****0021", "4006021188", (), (), "A1001", item.agent,
        item.team, item.scene, ("营销",), None,
    )  # fmt: skip
    recording = Recording(
        item.recording_id, "i", item.source_name, "00", 100, "ogg", "opus", 8000, 60_000, sealed, metadata, BEGIN,
        () if bare else (TRACK, TRACK), item.flags,
    )  # fmt: skip
    if bare:
        return Call(interaction, recording, None, (), ())
    words = (
        Utterance(0, Party.AGENT, 0.5, 4.0, said, said),
        Utterance(1, Party.CUSTOMER, 3.5, 9.0, "真的吗", "真的吗", confidence=0.3, mood="angry"),
        Utterance(2, Party.UNKNOWN, 50.0, 59.0, "再见", "再见"),
    )
    transcript = StoredTranscript(
        item.recording_id, _sealed(item.recording_id, "transcript"), "zh", ("m",), words, "ab" * 32, BEGIN
    )
    findings = (
        _finding("promises_return", Outcome.VIOLATED, 20.0, said),
        _finding("no_farewell", Outcome.MET, 0.0, said),
        _finding("shouting", Outcome.UNDETERMINED, 0.0, said),
    )
    dimensions = (DimensionScore("manners", "服务态度", 30, 30.0), DimensionScore("resolution", "问题解决", 70, 50.0))
    card = Scorecard("bank", "1.0", "00", 80.0, dimensions, findings)
    stored = StoredScorecard(item.recording_id, card, card.to_bytes(), "cd" * 32)
    return Call(interaction, recording, transcript, (stored,), (Mark(20.0, label, "cli"),))


def _finding(criterion: str, outcome: Outcome, points: float, said: str) -> Finding:
    cited = (Citation(0, Party.AGENT, 0.5, 4.0, said),)
    return Finding(
        criterion, criterion, "resolution", Severity.CRITICAL, outcome, points, "第一条", cited, "同音匹配", 0.9
    )


def _sealed(object_id: str, role: str) -> SealedObject:
    size = Layout(65_536, 100).cipher_size
    return SealedObject(
        object_id, role, storage_key(object_id, role), "standard", "k", b"w", 65_536, 100, size, b"\x01" * 32,
        b"\x02" * 32, "sha256",
    )  # fmt: skip


class Archive:
    """The public read port over calls held in memory."""

    def __init__(self, items: Iterable[CallFacts], **options: object) -> None:
        self._items = {item.recording_id: item for item in items}
        self._options = options

    def calls(self) -> list[CallFacts]:
        return list(self._items.values())

    def call(self, recording_id: str) -> Call:
        return call(self._items[recording_id], **self._options)


def pages(folder: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}
