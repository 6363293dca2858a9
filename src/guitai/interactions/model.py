"""What a conversation is made of, whatever channel brought it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Party(StrEnum):
    """Who speaks."""

    AGENT = "agent"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Word:
    """One word (one character in Chinese) as spoken, with its time in the call in seconds."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of speech or text.

    `spoken` is simplified text as said (一三七…), `text` the same with numbers as digits (137…). Times are seconds
    from the start of the call; `confidence` 0–1; `loudness_db` is dBFS (RMS over the speech), None for text.
    `mood` is one of calm, tense, angry, low, or None where it was not measured.
    """

    index: int
    party: Party
    start_s: float
    end_s: float
    text: str
    spoken: str
    language: str = "zh"
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    loudness_db: float | None = None
    mood: str | None = None


@dataclass(frozen=True, slots=True)
class CallMetadata:
    """What the switch or the metadata file says of a call; every field may be absent.

    `caller` and `callee` are personal data (C2); `customer_ref` is the bank's own reference.
    """

    started_at: datetime | None = None
    caller: str | None = None
    callee: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    direction: str | None = None
    scene: str | None = None
    tags: tuple[str, ...] = ()
    customer_ref: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment worth finding again: 00:03:20 客户提出退款需求."""

    at_s: float
    label: str
    source: str
