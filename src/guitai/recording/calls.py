"""Reading calls: each read is in the audit trail, and shows only masked words."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guitai.interactions.model import Mark, Utterance
from guitai.privacy.mask import mask
from guitai.recording.errors import BadTime, CallNotFound
from guitai.recording.model import Interaction, Recording
from guitai.recording.ports import StoredScorecard, Transactions, UnitOfWork
from guitai.transcripts.ports import StoredTranscript

MARKED = "recording.mark"
"""What the audit trail calls a mark that someone set."""


@dataclass(frozen=True, slots=True)
class Call:
    """All that is shown of one call."""

    interaction: Interaction
    recording: Recording
    transcript: StoredTranscript | None
    scorecards: Sequence[StoredScorecard]
    marks: Sequence[Mark]

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """The masked utterances."""
        return self.transcript.masked if self.transcript else ()

    def to_json(self) -> dict[str, Any]:
        """Return the document that `calls show --json` prints."""
        return {
            "id": self.recording.id,
            "call": _interaction_json(self.interaction),
            "recording": recording_json(self.recording),
            "language": self.transcript.language if self.transcript else None,
            "models": list(self.transcript.models) if self.transcript else [],
            "utterances": [_utterance_json(said) for said in self.utterances],
            "scorecards": [stored.scorecard.to_json() | {"digest": stored.digest} for stored in self.scorecards],
            "scorecard": self.scorecards[0].scorecard.to_json() if self.scorecards else None,
            "marks": [{"at_s": mark.at_s, "label": mark.label, "source": mark.source} for mark in self.marks],
        }


def show_call(recording_id: str, transactions: Transactions) -> Call:
    """Return one call; the audit trail notes the read."""
    with transactions.begin() as work:
        call = call_of(work, recording_id)
        work.audit.append("recording.show", call.recording.id)
        return call


def call_of(work: UnitOfWork, recording_id: str) -> Call:
    """Return one call as a transaction sees it; raises CallNotFound. The caller notes the read in the trail."""
    interaction, recording = find_call(work, recording_id)
    return Call(
        interaction,
        recording,
        work.transcripts.get(recording.id),
        work.scorecards.of(recording.id),
        work.marks.of(recording.id),
    )


def find_call(work: UnitOfWork, recording_id: str) -> tuple[Interaction, Recording]:
    """Return the rows of a call; raises CallNotFound."""
    rows = work.recordings.get(recording_id)
    if rows is None:
        raise CallNotFound("No call has this id.", hint="`guitai calls list` shows the ids.")
    return rows


def mark_call(recording_id: str, at_s: float, label: str, transactions: Transactions, source: str) -> None:
    """Put a mark on a call's time line and make it findable; the label is stored masked."""
    from guitai.recording.finishing import HeardCall, index_call
    from guitai.transcripts.model import Transcript

    with transactions.begin() as work:
        interaction, recording = find_call(work, recording_id)
        if not 0 <= at_s <= recording.duration_ms / 1000:
            raise BadTime(f"The call is {recording.duration_ms / 1000:.1f} s long.", hint="Give a time inside it.")
        made = Mark(round(at_s, 3), mask(label), source)
        work.marks.add(recording.id, made)
        transcript = work.transcripts.get(recording.id)
        if transcript is not None:
            scorecards = work.scorecards.of(recording.id)
            call = HeardCall(interaction, recording, Transcript((), transcript.language, ()), None)
            index_call(work, call, transcript.masked, scorecards[0].scorecard if scorecards else None)
        work.audit.append(MARKED, recording.id, mark_detail(made))


def mark_detail(mark: Mark) -> dict[str, str | int]:
    """Return what the audit trail says of a mark: enough to find it changed, not what it says."""
    return {"at_ms": round(mark.at_s * 1000), "label_sha256": hashlib.sha256(mark.label.encode()).hexdigest()}


def recording_json(recording: Recording) -> dict[str, Any]:
    """Return what is shown of a recording."""
    sealed = recording.sealed
    return {
        "source_name": recording.source_name,
        "sha256": recording.original_digest,
        "digest": sealed.digest,
        "original_digest": sealed.plain_digest.hex(),
        "ciphertext_digest": sealed.cipher_digest.hex(),
        "metadata_digest": recording.metadata_sealed.plain_digest.hex(),
        "profile": sealed.profile,
        "bytes": recording.original_size,
        "container": recording.container,
        "codec": recording.codec,
        "sample_rate": recording.sample_rate,
        "duration_s": recording.duration_ms / 1000,
        "tracks": [dict(track) for track in recording.tracks],
        "flags": list(recording.flags),
        "sealed_at": recording.sealed_at.isoformat(),
    }


def _interaction_json(interaction: Interaction) -> Mapping[str, Any]:
    return {
        "started_at": interaction.started_at.isoformat(),
        "direction": interaction.direction,
        "caller": interaction.caller_masked,
        "callee": interaction.callee_masked,
        "agent_id": interaction.agent_id,
        "agent_name": interaction.agent_name,
        "team": interaction.team,
        "scene": interaction.scene,
        "tags": list(interaction.tags),
        "customer_ref": interaction.customer_ref,
    }


def _utterance_json(said: Utterance) -> Mapping[str, Any]:
    return {
        "index": said.index,
        "party": str(said.party),
        "start_s": round(said.start_s, 3),
        "end_s": round(said.end_s, 3),
        "text": said.text,
        "spoken": said.spoken,
        "language": said.language,
        "confidence": round(said.confidence, 3),
        "loudness_db": said.loudness_db,
        "mood": said.mood,
        "words": [
            {"text": word.text, "start_s": word.start_s, "end_s": word.end_s, "confidence": word.confidence}
            for word in said.words
        ],
    }
