"""The second half of a call's way in: its transcript masked and sealed, inspected, and committed with its evidence."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from guitai.evidence.entries import ScorecardEntry, TranscriptEntry, encode_entry
from guitai.inspection.model import Conversation
from guitai.inspection.operations import CompiledForm
from guitai.inspection.scorecards import Outcome, Scorecard
from guitai.interactions.model import Mark, Utterance
from guitai.kernel.canonical import canonical_json
from guitai.kernel.clock import Clock
from guitai.privacy.mask import mask
from guitai.recording.model import Interaction, Recording
from guitai.recording.ports import StoredScorecard, Transactions, UnitOfWork
from guitai.speech.quality import CallQuality
from guitai.transcripts.model import Transcript, mask_transcript, utterance_to_json
from guitai.transcripts.ports import StoredTranscript
from guitai.transcripts.search import Document, SpokenLine
from guitai.vault.operations import Vault

MACHINE = "inspection"
"""Who sets the marks that follow from scorecards."""


@dataclass(frozen=True, slots=True)
class Finishing:
    """What finishing a call needs."""

    vault: Vault
    transactions: Transactions
    clock: Clock
    form: CompiledForm


@dataclass(frozen=True, slots=True)
class HeardCall:
    """A call that was listened to: its rows, its words, its quality."""

    interaction: Interaction
    recording: Recording
    transcript: Transcript
    quality: CallQuality | None


def finish_call(call: HeardCall, finishing: Finishing) -> Scorecard:
    """Seal the transcript under the recording's key, inspect the masked words, and commit all of it at once."""
    now = finishing.clock.now()
    sealed = finishing.vault.seal(
        call.recording.id, call.transcript.to_bytes(), role="transcript", share_key_of=call.recording.sealed
    )
    masked = mask_transcript(call.transcript)
    call = replace(call, recording=_measured(call.recording, call.quality))
    language = call.transcript.language
    digest = hashlib.sha256(heard_bytes(call.recording, language, masked)).hexdigest()
    stored = StoredTranscript(call.recording.id, sealed, language, call.transcript.models, masked, digest, now)
    scorecard = inspect_masked(call, masked, finishing.form)
    with finishing.transactions.begin() as work:
        work.transcripts.put(stored)
        work.evidence.add("transcript", call.recording.id, encode_entry(transcript_entry_of(stored)))
        work.recordings.measured(call.recording)
        store_scorecard(work, call, masked, scorecard, now)
        work.audit.append("recording.inspect", call.recording.id, {"utterances": len(masked)})
    return scorecard


def score_again(call: HeardCall, masked: Sequence[Utterance], finishing: Finishing) -> Scorecard:
    """Inspect a stored transcript with this form and commit the scorecard."""
    scorecard = inspect_masked(call, masked, finishing.form)
    with finishing.transactions.begin() as work:
        store_scorecard(work, call, masked, scorecard, finishing.clock.now())
        work.audit.append("recording.score", call.recording.id, {"form": scorecard.form})
    return scorecard


def inspect_masked(call: HeardCall, masked: Sequence[Utterance], form: CompiledForm) -> Scorecard:
    """Return the scorecard of what was said: rules hear the whole words, citations show only the masked ones."""
    conversation = Conversation(
        utterances=call.transcript.utterances,
        duration_s=call.recording.duration_ms / 1000,
        scene=call.interaction.scene,
        tags=call.interaction.tags,
        on=call.interaction.started_at.date(),
    )
    scorecard = form.inspect(conversation, [said.text for said in masked])
    return replace(scorecard, findings=tuple(replace(one, note=mask(one.note)) for one in scorecard.findings))


def store_scorecard(
    work: UnitOfWork, call: HeardCall, masked: Sequence[Utterance], scorecard: Scorecard, now: datetime
) -> None:
    """Store the scorecard with its evidence entry and marks, and index the call anew with its score."""
    body = scorecard.to_bytes()
    digest = hashlib.sha256(body).hexdigest()
    stored = StoredScorecard(call.recording.id, scorecard, body, digest)
    work.scorecards.put(stored, now)
    work.evidence.add("scorecard", call.recording.id, encode_entry(scorecard_entry_of(stored)))
    for mark in marks_of([scorecard]):
        work.marks.add(call.recording.id, mark)
    index_call(work, call, masked, scorecard)


def index_call(work: UnitOfWork, call: HeardCall, masked: Sequence[Utterance], scorecard: Scorecard | None) -> None:
    """Write the call's search document from its masked words and its rows."""
    marks = work.marks.of(call.recording.id)
    work.search.index(search_document(call.interaction, call.recording.id, masked, marks, scorecard))


def search_document(
    item: Interaction,
    recording_id: str,
    masked: Sequence[Utterance],
    marks: Sequence[Mark],
    scorecard: Scorecard | None,
) -> Document:
    """Return what the index holds of a call; it follows from the other rows alone."""
    return Document(
        recording_id=recording_id,
        started_at=item.started_at,
        agent_id=item.agent_id,
        agent_name=item.agent_name,
        team=item.team,
        scene=item.scene,
        tags=item.tags,
        marks=tuple(mark.label for mark in marks),
        score=scorecard.total if scorecard else None,
        number_keys=item.number_keys,
        last4=item.number_ends,
        utterances=tuple(SpokenLine(said.start_s, said.party, said.text) for said in masked),
    )


def marks_of(scorecards: Iterable[Scorecard]) -> Iterator[Mark]:
    """Yield the mark of each violation: where its first citation begins."""
    for scorecard in scorecards:
        for finding in scorecard.findings:
            if finding.outcome is Outcome.VIOLATED and finding.citations:
                yield Mark(finding.citations[0].start_s, finding.title, MACHINE)


def heard_bytes(recording: Recording, language: str, masked: Sequence[Utterance]) -> bytes:
    """Return all that was heard, masked, as evidence holds it: canonical JSON, each float in thousandths."""
    body = {
        "audio": {
            "container": recording.container,
            "codec": recording.codec,
            "sample_rate": recording.sample_rate,
            "duration_ms": recording.duration_ms,
            "tracks": [dict(track) for track in recording.tracks],
            "flags": list(recording.flags),
        },
        "language": language,
        "utterances": [utterance_to_json(said) for said in masked],
    }
    return canonical_json(_without_floats(body))


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        return round(value * 1000)
    if isinstance(value, dict):
        return {name: _without_floats(item) for name, item in value.items()}
    return [_without_floats(item) for item in value] if isinstance(value, list) else value


def transcript_entry_of(stored: StoredTranscript) -> TranscriptEntry:
    """Return what the evidence log says of a transcript."""
    return TranscriptEntry(
        recording_id=stored.recording_id,
        ciphertext_digest=f"{stored.sealed.digest}:{stored.sealed.cipher_digest.hex()}",
        masked_digest=f"sha256:{stored.masked_digest}",
        models=stored.models,
    )


def scorecard_entry_of(stored: StoredScorecard) -> ScorecardEntry:
    """Return what the evidence log says of a scorecard."""
    card = stored.scorecard
    return ScorecardEntry(stored.recording_id, card.form, card.form_version, f"sha256:{stored.digest}")


def _measured(recording: Recording, quality: CallQuality | None) -> Recording:
    if quality is None:
        return recording
    tracks = tuple(asdict(track) for track in quality.tracks)
    return replace(recording, tracks=tracks, flags=tuple(flag.words for flag in quality.flags))
