"""The result of an inspection: scorecards, findings, citations; as JSON for people, as canonical bytes for hashes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from guitai.inspection.errors import ScorecardError
from guitai.interactions.model import Party
from guitai.kernel.canonical import canonical_json


class Severity(StrEnum):
    """How grave a violation is."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Outcome(StrEnum):
    """What became of one criterion; `undetermined` where the recording is too unclear to hold against anyone."""

    VIOLATED = "violated"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Citation:
    """The words and seconds that prove a finding; seconds from the start of the call, to the millisecond."""

    utterance: int
    party: Party
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion's outcome; `points` is what it deducts (0 unless violated), `confidence` 0–1."""

    criterion: str
    title: str
    dimension: str
    severity: Severity
    outcome: Outcome
    points: float
    clause: str
    citations: tuple[Citation, ...] = ()
    note: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """What is left of a dimension's weight."""

    id: str
    title: str
    weight: int
    score: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The result of one form on one conversation; `total` 0–100, one decimal."""

    form: str
    form_version: str
    form_digest: str
    total: float
    dimensions: tuple[DimensionScore, ...]
    findings: tuple[Finding, ...]

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that cost points."""
        return tuple(finding for finding in self.findings if finding.outcome is Outcome.VIOLATED)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values: points with one decimal, seconds, confidence 0–1."""
        value = asdict(self)
        value["dimensions"] = list(value["dimensions"])
        value["findings"] = [finding | {"citations": list(finding["citations"])} for finding in value["findings"]]
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the scorecard that `to_json` wrote.

        Raises:
            ScorecardError: the value is not such a scorecard.

        """
        try:
            dimensions = tuple(DimensionScore(**dimension) for dimension in value["dimensions"])
            findings = tuple(_finding(finding) for finding in value["findings"])
            plain: dict[str, Any] = {**value, "dimensions": dimensions, "findings": findings}
            return cls(**plain)
        except (KeyError, TypeError, ValueError) as error:
            raise ScorecardError("The stored scorecard cannot be read.", hint="Inspect the call again.") from error

    def to_bytes(self) -> bytes:
        """Return canonical bytes: equal scorecards give equal bytes; tenths of points, milliseconds, hundredths."""
        value = self.to_json()
        value["total_tenths"] = _units(value.pop("total"), 10)
        for dimension in value["dimensions"]:
            dimension["score_tenths"] = _units(dimension.pop("score"), 10)
        for finding in value["findings"]:
            finding["points_tenths"] = _units(finding.pop("points"), 10)
            finding["confidence_hundredths"] = _units(finding.pop("confidence"), 100)
            for citation in finding["citations"]:
                citation["start_ms"] = _units(citation.pop("start_s"), 1000)
                citation["end_ms"] = _units(citation.pop("end_s"), 1000)
        return canonical_json(value)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the scorecard that `to_bytes` wrote; raises ScorecardError."""
        try:
            value = json.loads(data)
            value["total"] = value.pop("total_tenths") / 10
            for dimension in value["dimensions"]:
                dimension["score"] = dimension.pop("score_tenths") / 10
            for finding in value["findings"]:
                finding["points"] = finding.pop("points_tenths") / 10
                finding["confidence"] = finding.pop("confidence_hundredths") / 100
                for citation in finding["citations"]:
                    citation["start_s"] = citation.pop("start_ms") / 1000
                    citation["end_s"] = citation.pop("end_ms") / 1000
        except (KeyError, TypeError, ValueError) as error:
            raise ScorecardError("The stored scorecard cannot be read.", hint="Inspect the call again.") from error
        return cls.from_json(value)


def _finding(value: Mapping[str, Any]) -> Finding:
    plain: dict[str, Any] = {
        **value,
        "severity": Severity(value["severity"]),
        "outcome": Outcome(value["outcome"]),
        "citations": tuple(_citation(one) for one in value["citations"]),
    }
    return Finding(**plain)


def _citation(value: Mapping[str, Any]) -> Citation:
    plain: dict[str, Any] = {**value, "party": Party(value["party"])}
    return Citation(**plain)


def _units(number: float, per_one: int) -> int:
    return round(number * per_one)
