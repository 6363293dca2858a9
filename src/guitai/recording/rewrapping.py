"""Moving every data key under the current key-encryption key; sealed bytes and evidence stay as they are."""

from dataclasses import replace

from guitai.recording.ports import Transactions
from guitai.transcripts.ports import StoredTranscript
from guitai.vault.operations import Vault


def rewrap_all(vault: Vault, transactions: Transactions) -> int:
    """Rewrap what is still under an older key, a call a transaction, and return how many calls changed."""
    with transactions.begin() as work:
        ids = work.recordings.ids()
    changed = 0
    for recording_id in ids:
        with transactions.begin() as work:
            rows = work.recordings.get(recording_id)
            if rows is None:
                continue
            recording = rows[1]
            sealed, metadata = vault.rewrap(recording.sealed), vault.rewrap(recording.metadata_sealed)
            transcript = work.transcripts.get(recording_id)
            if sealed == recording.sealed and metadata == recording.metadata_sealed:
                continue
            work.recordings.rewrapped(recording_id, sealed, metadata)
            if transcript is not None:
                work.transcripts.put(_rewrapped(transcript, vault))
            work.audit.append("recording.rewrap", recording_id, {"key": sealed.kek_id})
            changed += 1
    return changed


def _rewrapped(stored: StoredTranscript, vault: Vault) -> StoredTranscript:
    return replace(stored, sealed=vault.rewrap(stored.sealed))
