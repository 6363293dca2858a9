"""The second half of a call's way in: its transcript masked and sealed, inspected, and committed with its evidence."""

import hashlib
from collections.abc import Mapping, Sequence
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
from guitai.transcripts.model import Transcript, mask_transcript
from guitai.transcripts.ports import StoredTranscript
from guitai.transcripts.search import Document, SpokenLine
from guitai.vault.operations import Vault

_MACHINE = "inspection"


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
    digest = masked_digest(masked)
    stored = StoredTranscript(
        call.recording.id, sealed, call.transcript.language, call.transcript.models, masked, digest, now
    )
    scorecard = inspect_masked(call, masked, finishing.form)
    with finishing.transactions.begin() as work:
        work.transcripts.put(stored)
        work.evidence.add("transcript", call.recording.id, encode_entry(transcript_entry_of(stored)))
        if call.quality is not None:
            work.recordings.measured(
                call.recording, _figures(call.quality), [flag.words for flag in call.quality.flags]
            )
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
    for finding in scorecard.findings:
        if finding.outcome is Outcome.VIOLATED and finding.citations:
            work.marks.add(call.recording.id, Mark(finding.citations[0].start_s, finding.title, _MACHINE))
    index_call(work, call, masked, scorecard)


def index_call(work: UnitOfWork, call: HeardCall, masked: Sequence[Utterance], scorecard: Scorecard | None) -> None:
    """Write the call's search document from its masked words and its rows."""
    item = call.interaction
    work.search.index(
        Document(
            recording_id=call.recording.id,
            started_at=item.started_at,
            agent_id=item.agent_id,
            agent_name=item.agent_name,
            team=item.team,
            scene=item.scene,
            tags=item.tags,
            marks=tuple(mark.label for mark in work.marks.of(call.recording.id)),
            score=scorecard.total if scorecard else None,
            number_keys=item.number_keys,
            last4=item.number_ends,
            utterances=tuple(SpokenLine(said.start_s, said.party, said.text) for said in masked),
        )
    )


def masked_bytes(masked: Sequence[Utterance]) -> bytes:
    """Return the masked words as evidence holds them: [index, party, start ms, end ms, text] each, canonical JSON."""
    rows = [
        [said.index, said.party, round(said.start_s * 1000), round(said.end_s * 1000), said.text] for said in masked
    ]
    return canonical_json(rows)


def masked_digest(masked: Sequence[Utterance]) -> str:
    """Return the SHA-256 (hex) of `masked_bytes`."""
    return hashlib.sha256(masked_bytes(masked)).hexdigest()


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


def _figures(quality: CallQuality) -> list[Mapping[str, Any]]:
    return [asdict(track) for track in quality.tracks]
