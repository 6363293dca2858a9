"""`inspect`: every file found is sealed, heard, scored and accounted for; one bad file never stops the others."""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from guitai.evidence.log import EvidenceLog
from guitai.interactions.model import Party
from guitai.kernel.errors import GuitaiError
from guitai.kernel.ids import new_id
from guitai.recording.describing import mask_label
from guitai.recording.finishing import Finishing, HeardCall, finish_call, score_again
from guitai.recording.intake import Found, LeftOut, digests_of
from guitai.recording.model import Recording, RunReport
from guitai.recording.sealing import Sealing, commit_recording, recording_id, seal_objects
from guitai.recording.witnessing import witness
from guitai.speech.model import CallAudio, CallTranscript, Samples, Span
from guitai.speech.operations import SpeechEngine, transcribe
from guitai.speech.ports import VoiceActivity
from guitai.speech.quality import CallQuality, Flag, measure_call
from guitai.speech.roles import tracks_look_swapped
from guitai.transcripts.model import Transcript

_WITNESS_EVERY_S = 2.0
_STEREO = (Party.AGENT, Party.CUSTOMER)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything a run needs."""

    sealing: Sealing
    finishing: Finishing
    speech: SpeechEngine
    log: EvidenceLog


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: files taken up and done with, seconds of audio heard."""

    found: int
    done: int
    audio_s: float


@dataclass(slots=True)
class _Pending:
    """A call between being sealed and being finished."""

    path: Path
    recording: Recording
    quality: CallQuality = field(default_factory=lambda: CallQuality((), ()))


@dataclass(slots=True)
class _Run:
    pipeline: Pipeline
    scene: str | None
    on_progress: Callable[[Progress], None]
    id: str = field(default_factory=new_id)
    report: RunReport = field(default_factory=RunReport)
    pending: dict[str, _Pending] = field(default_factory=dict[str, _Pending])
    sealed_as: dict[Path, str] = field(default_factory=dict[Path, str])
    done: int = 0
    witnessed_at: float = field(default_factory=time.monotonic)


def inspect_files(
    found: Iterable[Found | LeftOut],
    pipeline: Pipeline,
    *,
    scene: str | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> RunReport:
    """Take every file through sealing, hearing and scoring, and return what became of each.

    Files are taken up while earlier ones are still being heard. What is in the report is committed, and in the
    evidence log. Run again after any crash, it continues where it stopped and does nothing twice. Runs take turns;
    raises RunInProgress where one goes on for long.
    """
    begun = time.monotonic()
    run = _Run(pipeline, scene, on_progress)
    with pipeline.sealing.transactions.begin() as turn:
        turn.recordings.take_turn()
        _inspect_all(found, run)
    run.report.wall_seconds = time.monotonic() - begun
    return run.report


def _inspect_all(found: Iterable[Found | LeftOut], run: _Run) -> None:
    log, transactions, speech = run.pipeline.log, run.pipeline.sealing.transactions, run.pipeline.speech
    witness(log, transactions)
    voice = _RememberedVoice(speech.voice)
    for transcript in transcribe(_take_up(found, run, voice), replace(speech, voice=voice)):
        pending = run.pending.pop(transcript.id)
        with _Accounting(run, pending.path):
            _finish(transcript, pending, run)
        _witness_sometimes(run)
    witness(log, transactions)


def _take_up(found: Iterable[Found | LeftOut], run: _Run, voice: "_RememberedVoice") -> Iterator[CallAudio]:
    """Seal each file in turn and yield its audio; files that go no further are accounted for here."""
    for item in found:
        if isinstance(item, LeftOut):
            _account(run, item.path, "failed" if item.is_failure else "skipped", item.reason)
            continue
        run.report.calls += 1
        audio: CallAudio | None = None
        with _Accounting(run, item.path):
            audio = _admit(item, run, voice)
        if audio is not None:
            yield audio


def _admit(item: Found, run: _Run, voice: "_RememberedVoice") -> CallAudio | None:
    sealing = run.pipeline.sealing
    digests = digests_of(item.path, sealing.vault.digest)
    digest = digests.identity
    name = recording_id(sealing.index_secret, digest)
    if name in run.pending:
        _duplicate(run, item.path, name)
        return None
    with sealing.transactions.begin() as work:
        known = work.recordings.by_digest(digest)
        heard = work.transcripts.get(known.id) if known else None
        scorecards = work.scorecards.of(known.id) if known else ()
    form = run.pipeline.finishing.form.form
    if known and any((s.scorecard.form, s.scorecard.form_version) == (form.id, form.version) for s in scorecards):
        _duplicate(run, item.path, known.id)
        return None
    if known and heard:
        _score_stored(run, item.path, known)
        return None
    recording = known or commit_recording(seal_objects(item, digests, run.scene, sealing), digest, sealing)
    pending = _Pending(item.path, recording)
    run.pending[recording.id] = pending
    run.sealed_as[item.path] = recording.id
    try:
        return _listen(pending, run, voice)
    except GuitaiError:
        del run.pending[recording.id]
        raise


def _listen(pending: _Pending, run: _Run, voice: "_RememberedVoice") -> CallAudio:
    """Decode what was sealed (not the file, which may change) and measure it."""
    sealing = run.pipeline.sealing
    with sealing.vault.open(pending.recording.sealed) as raw:
        decoded = sealing.decoder.decode(io.BufferedReader(raw, 1 << 18))
    speech = [voice.spans(track) for track in decoded.tracks]
    pending.quality = measure_call(decoded.tracks, speech, decoded.flags)
    pending.recording = replace(pending.recording, duration_ms=round(decoded.info.duration_s * 1000))
    run.report.audio_seconds += decoded.info.duration_s
    parties = _STEREO if len(decoded.tracks) == len(_STEREO) else None
    return CallAudio(pending.recording.id, decoded.tracks, parties)


def _finish(transcript: CallTranscript, pending: _Pending, run: _Run) -> None:
    finishing = run.pipeline.finishing
    with finishing.transactions.begin() as work:
        rows = work.recordings.get(transcript.id)
    if rows is None:
        raise LookupError(transcript.id)
    words = Transcript(transcript.utterances, transcript.language, transcript.model_ids)
    quality = _with_swapped_tracks(pending.quality, transcript)
    scorecard = finish_call(HeardCall(rows[0], pending.recording, words, quality), finishing)
    _inspected(run, pending.path, transcript.id, scorecard.total)


def _with_swapped_tracks(quality: CallQuality, transcript: CallTranscript) -> CallQuality:
    """Flag a stereo call whose parties speak like each other."""
    said = {party: [said.text for said in transcript.utterances if said.party is party] for party in _STEREO}
    if len(quality.tracks) == len(_STEREO) and tracks_look_swapped(*(said[party] for party in _STEREO)):
        return replace(quality, flags=(*quality.flags, Flag("tracks_swapped")))
    return quality


def _score_stored(run: _Run, path: Path, recording: Recording) -> None:
    """Score a call whose words are known already with a form that has not seen it."""
    finishing = run.pipeline.finishing
    with finishing.transactions.begin() as work:
        rows = work.recordings.get(recording.id)
        stored = work.transcripts.get(recording.id)
    if rows is None or stored is None:
        raise LookupError(recording.id)
    words = Transcript.from_bytes(finishing.vault.read(stored.sealed))
    scorecard = score_again(HeardCall(*rows, words, None), stored.masked, finishing)
    _inspected(run, path, recording.id, scorecard.total)


def _inspected(run: _Run, path: Path, name: str, total: float) -> None:
    run.report.inspected += 1
    run.report.recordings.append(name)
    run.report.scores.append(total)
    _ledger(run, path, "inspected", "", name)


def _duplicate(run: _Run, path: Path, name: str) -> None:
    run.report.duplicates.append({"path": str(path), "recording": name})
    _ledger(run, path, "duplicate", "the same bytes were imported before", name)


def _account(run: _Run, path: Path, outcome: str, reason: str) -> None:
    if outcome == "skipped":
        run.report.skipped.append({"path": str(path), "reason": reason})
    else:
        run.report.failed.append({"path": str(path), "error": reason})
    _ledger(run, path, outcome, reason, run.sealed_as.get(path))


def _ledger(run: _Run, path: Path, outcome: str, reason: str, name: str | None) -> None:
    with run.pipeline.sealing.transactions.begin() as work:
        work.coverage.record(run.id, mask_label(str(path)), outcome, reason, name)
    run.done += 1
    found = run.report.calls + len(run.report.skipped)
    run.on_progress(Progress(found, run.done, run.report.audio_seconds))


def _witness_sometimes(run: _Run) -> None:
    if time.monotonic() - run.witnessed_at >= _WITNESS_EVERY_S:
        witness(run.pipeline.log, run.pipeline.sealing.transactions)
        run.witnessed_at = time.monotonic()


class _Accounting:
    """Turns what one file raises into its line in the report; what is nobody's fault but ours passes through."""

    def __init__(self, run: _Run, path: Path) -> None:
        self._run, self._path = run, path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Account for an error of this file."""
        if isinstance(error, GuitaiError):
            _account(self._run, self._path, "failed", f"{error} [{error.code}]")
            return True
        if isinstance(error, OSError):
            _account(self._run, self._path, "failed", f"The file cannot be read: {error.strerror}.")
            return True
        return False


class _RememberedVoice:
    """Voice activity found once for each track, though both quality and recognition ask for it."""

    def __init__(self, voice: VoiceActivity) -> None:
        self._voice = voice
        self._tracks: list[tuple[Samples, list[Span]]] = []

    @property
    def model_id(self) -> str:
        return self._voice.model_id

    def spans(self, samples: Samples) -> list[Span]:
        for position, (track, spans) in enumerate(self._tracks):
            if track is samples:
                del self._tracks[position]
                return spans
        spans = self._voice.spans(samples)
        self._tracks.append((samples, spans))
        return spans
