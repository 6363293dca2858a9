"""What is judged and by what: conversations and evaluation forms. The results are in scorecards.py."""

from dataclasses import dataclass
from datetime import date

from guitai.inspection.conditions import Condition
from guitai.inspection.scorecards import Severity
from guitai.interactions.model import Utterance


@dataclass(frozen=True, slots=True)
class Dimension:
    """A part of the score; the weights of a form's dimensions sum to 100."""

    id: str
    title: str
    weight: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing judged. Exactly one of `violation` (true: violated) and `requirement` (true: met) is given.

    `points` are deducted once a call; `scenes` empty means every scene; `when` false means not applicable.
    """

    id: str
    title: str
    dimension: str
    points: float
    severity: Severity
    clause: str
    scenes: frozenset[str] = frozenset()
    when: Condition | None = None
    violation: Condition | None = None
    requirement: Condition | None = None


@dataclass(frozen=True, slots=True)
class EvaluationForm:
    """Versioned criteria; `digest` is the SHA-256 (hex) of what the form says, whatever its layout."""

    id: str
    version: str
    industry: str
    title: str
    scenes: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    criteria: tuple[Criterion, ...]
    facts: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is inspected: utterances in order of time, the length in seconds, the scene's id, the call's tags.

    `on` is the day of the call, for facts that hold for a time; None accepts what was ever true.
    """

    utterances: tuple[Utterance, ...]
    duration_s: float
    scene: str | None = None
    tags: tuple[str, ...] = ()
    on: date | None = None
