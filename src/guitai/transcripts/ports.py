"""What transcripts need from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guitai.interactions.model import Utterance
from guitai.vault.model import SealedObject


@dataclass(frozen=True, slots=True)
class StoredTranscript:
    """A transcript's sealed whole and its masked utterances; `masked_digest` is the SHA-256 (hex) of the latter."""

    recording_id: str
    sealed: SealedObject
    language: str
    models: tuple[str, ...]
    masked: tuple[Utterance, ...]
    masked_digest: str
    made_at: datetime


class TranscriptIndex(Protocol):
    """Stored transcripts."""

    def put(self, stored: StoredTranscript) -> None:
        """Store the recording's transcript, in place of an earlier one."""
        ...

    def get(self, recording_id: str) -> StoredTranscript | None:
        """Return the recording's transcript, or None."""
        ...
