"""Exporting an evidence pack: the original, its metadata, words and scorecard, with the proofs of each."""

from pathlib import Path, PurePath

from guitai.evidence.pack import PackContents, build_pack
from guitai.recording.calls import find_call
from guitai.recording.describing import source_name_of
from guitai.recording.finishing import heard_bytes
from guitai.recording.proving import Proving

_WITNESSED = ("recording", "transcript", "scorecard")


def export_pack(recording_id: str, out: Path, proving: Proving) -> None:
    """Write the pack of one call to `out` and note it in the audit trail; PackRefusedError where it would not hold."""
    with proving.transactions.begin() as work:
        _, recording = find_call(work, recording_id)
        transcript = work.transcripts.get(recording.id)
        scorecards = work.scorecards.of(recording.id)
        logged = [entry for entry in work.evidence.of(recording.id) if entry.kind in _WITNESSED]
        work.audit.append("evidence.export", recording.id)
    metadata = proving.vault.read(recording.metadata_sealed)
    contents = PackContents(
        recording_id=recording.id,
        recording=proving.vault.read(recording.sealed),
        metadata=metadata,
        entries=tuple(entry.leaf_index for entry in logged),
        suffix=PurePath(source_name_of(metadata)).suffix,
        transcript=heard_bytes(recording, transcript.language, transcript.masked) if transcript else None,
        scorecard=scorecards[0].body if scorecards else None,
    )
    build_pack(out, contents, proving.log)
