"""The first half of a call's way in: looked at, sealed, and committed with its evidence entry."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC

from guitai.evidence.entries import RecordingEntry, encode_entry
from guitai.kernel.clock import Clock
from guitai.recording.describing import interaction_of, metadata_document, source_name_of
from guitai.recording.intake import Digests, Found
from guitai.recording.model import Recording
from guitai.recording.ports import Transactions
from guitai.speech.model import AudioInfo
from guitai.speech.ports import AudioDecoder
from guitai.vault.model import SealedObject
from guitai.vault.operations import Vault

_ALGORITHMS = {"standard": "AES-256-GCM", "sm": "SM4-GCM"}


@dataclass(frozen=True, slots=True)
class Sealing:
    """What sealing a recording needs; `index_secret` keys recording ids and the digests of telephone numbers."""

    vault: Vault
    transactions: Transactions
    decoder: AudioDecoder
    clock: Clock
    index_secret: bytes


@dataclass(frozen=True, slots=True)
class SealedCall:
    """A recording's sealed objects, before it is committed."""

    id: str
    info: AudioInfo
    sealed: SealedObject
    metadata_sealed: SealedObject
    metadata: bytes


def recording_id(index_secret: bytes, original_digest: str) -> str:
    """Return the id of the recording with these original bytes: the same again after a crash, in no other house."""
    mac = hmac.new(index_secret, b"guitai recording\x00" + original_digest.encode(), hashlib.sha256)
    return base64.b32encode(mac.digest())[:26].decode().lower()


def seal_objects(found: Found, digests: Digests, scene: str | None, sealing: Sealing) -> SealedCall:
    """Seal the file's bytes as they are, and its metadata.

    Raises AudioError for what is no audio, VaultError where it cannot be sealed or changed since it was hashed.
    """
    name = recording_id(sealing.index_secret, digests.identity)
    with found.path.open("rb") as file:
        info = sealing.decoder.probe(file)
        file.seek(0)
        sealed = sealing.vault.seal(name, file, role="recording", expected_digest=digests.sealed)
    document = metadata_document(found, scene)
    metadata_sealed = sealing.vault.seal(name, document, role="metadata", share_key_of=sealed)
    return SealedCall(name, info, sealed, metadata_sealed, document)


def commit_recording(call: SealedCall, original_digest: str, sealing: Sealing) -> Recording:
    """Commit the recording, its evidence entry and the audit event in one transaction."""
    interaction = interaction_of(call.id, call.metadata, sealing.index_secret)
    recording = Recording(
        id=call.id,
        interaction_id=interaction.id,
        source_name=source_name_of(call.metadata),
        original_digest=original_digest,
        original_size=call.sealed.plain_size,
        container=call.info.container,
        codec=call.info.codec,
        sample_rate=call.info.sample_rate,
        duration_ms=round(call.info.duration_s * 1000),
        sealed=call.sealed,
        metadata_sealed=call.metadata_sealed,
        sealed_at=sealing.clock.now(),
    )
    with sealing.transactions.begin() as work:
        work.recordings.add(interaction, recording)
        work.evidence.add("recording", recording.id, encode_entry(entry_of(recording)))
        work.audit.append("recording.seal", recording.id, {"bytes": recording.original_size})
    return recording


def entry_of(recording: Recording) -> RecordingEntry:
    """Return what the evidence log says of a recording."""
    sealed = recording.sealed
    return RecordingEntry(
        recording_id=recording.id,
        original_digest=f"{sealed.digest}:{sealed.plain_digest.hex()}",
        ciphertext_digest=f"{sealed.digest}:{sealed.cipher_digest.hex()}",
        metadata_digest=f"{sealed.digest}:{recording.metadata_sealed.plain_digest.hex()}",
        algorithm=_ALGORITHMS[sealed.profile],
        sealed_at=recording.sealed_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    )
