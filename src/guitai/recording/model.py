"""A call as it is kept: its interaction, its sealed recording, and what a run did with each file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guitai.vault.model import SealedObject


@dataclass(frozen=True, slots=True)
class Interaction:
    """The searchable, masked side of a call's metadata; the whole metadata lies sealed with the recording.

    `number_keys` are keyed digests of the whole numbers, `number_ends` their last four digits (see `numbers.py`).
    """

    id: str
    channel: str
    started_at: datetime
    direction: str | None
    caller_masked: str | None
    callee_masked: str | None
    number_keys: tuple[str, ...]
    number_ends: tuple[str, ...]
    agent_id: str | None
    agent_name: str | None
    team: str | None
    scene: str
    tags: tuple[str, ...]
    customer_ref: str | None


@dataclass(frozen=True, slots=True)
class Recording:
    """One sealed recording.

    `tracks` are the quality figures of each party's audio and `flags` what 待复核 rests on, once it was listened to.
    """

    id: str
    interaction_id: str
    source_name: str
    original_digest: str
    original_size: int
    container: str
    codec: str
    sample_rate: int
    duration_ms: int
    sealed: SealedObject
    metadata_sealed: SealedObject
    sealed_at: datetime
    tracks: tuple[Mapping[str, Any], ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(slots=True)
class RunReport:
    """What `inspect` did: every file found is in exactly one of the lists or counted in `inspected`."""

    calls: int = 0
    inspected: int = 0
    duplicates: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    skipped: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    failed: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    warnings: list[str] = field(default_factory=list[str])
    recordings: list[str] = field(default_factory=list[str])
    audio_seconds: float = 0.0
    wall_seconds: float = 0.0
    scores: list[float] = field(default_factory=list[float])

    def to_json(self) -> dict[str, Any]:
        """Return the document that `inspect --json` prints."""
        mean = round(sum(self.scores) / len(self.scores), 2) if self.scores else None
        return {
            "calls": self.calls,
            "inspected": self.inspected,
            "duplicates": self.duplicates,
            "skipped": self.skipped,
            "failed": self.failed,
            "warnings": self.warnings,
            "recordings": self.recordings,
            "audio_seconds": round(self.audio_seconds, 2),
            "wall_seconds": round(self.wall_seconds, 2),
            "rtf": round(self.wall_seconds / self.audio_seconds, 4) if self.audio_seconds else None,
            "mean_score": mean,
        }
