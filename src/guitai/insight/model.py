"""What a report counts: each figure keeps the calls it counted."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

PASS_MARK = 80.0
_BAND = 10
_BEST = 100


@dataclass(frozen=True, slots=True)
class Violation:
    """One violated criterion of a call."""

    criterion: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One inspected call as reports see it; no personal data of the customer."""

    recording_id: str
    source_name: str
    started_at: datetime
    agent: str
    team: str
    scene: str
    score: float
    violations: tuple[Violation, ...]
    flags: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the score reaches the pass mark."""
        return self.score >= PASS_MARK


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a chart: `value` in the chart's unit, and the calls that it counts."""

    key: str
    label: str
    value: float
    calls: tuple[CallFacts, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the report's first page."""

    calls: tuple[CallFacts, ...]
    mean_score: float
    passed: int
    distribution: tuple[Figure, ...]
    teams: tuple[Figure, ...]
    agents: tuple[Figure, ...]
    findings: tuple[Figure, ...]
    scenes: tuple[Figure, ...]


def summarise(calls: Sequence[CallFacts], most_findings: int = 10) -> Summary:
    """Count what the report shows; equal input gives equal figures in the same order."""
    ordered = tuple(sorted(calls, key=lambda call: (call.started_at, call.recording_id), reverse=True))
    scores = [call.score for call in ordered]
    return Summary(
        calls=ordered,
        mean_score=round(sum(scores) / len(scores), 1) if scores else 0.0,
        passed=sum(call.passed for call in ordered),
        distribution=_distribution(ordered),
        teams=_ranking(ordered, lambda call: call.team, "team"),
        agents=_ranking(ordered, lambda call: call.agent, "agent"),
        findings=_findings(ordered)[:most_findings],
        scenes=_pass_rates(ordered),
    )


def _distribution(calls: Sequence[CallFacts]) -> tuple[Figure, ...]:
    bands: dict[int, list[CallFacts]] = {start: [] for start in range(0, _BEST, _BAND)}
    for call in calls:
        bands[min(int(call.score) // _BAND * _BAND, _BEST - _BAND)].append(call)
    return tuple(
        Figure(f"score-{start}", f"{start}–{start + _BAND}", len(members), tuple(members))
        for start, members in bands.items()
    )


def _ranking(calls: Sequence[CallFacts], name: Callable[[CallFacts], str], kind: str) -> tuple[Figure, ...]:
    groups = _grouped(calls, name)
    figures = [
        Figure(f"{kind}-{label}", label, round(sum(call.score for call in members) / len(members), 1), tuple(members))
        for label, members in groups.items()
    ]
    return tuple(sorted(figures, key=lambda figure: (-figure.value, figure.label)))


def _findings(calls: Sequence[CallFacts]) -> tuple[Figure, ...]:
    groups: dict[tuple[str, str], list[CallFacts]] = defaultdict(list)
    for call in calls:
        for violation in call.violations:
            groups[violation.criterion, violation.title].append(call)
    figures = [
        Figure(f"finding-{criterion}", title, len(members), tuple(members))
        for (criterion, title), members in groups.items()
    ]
    return tuple(sorted(figures, key=lambda figure: (-figure.value, figure.key)))


def _pass_rates(calls: Sequence[CallFacts]) -> tuple[Figure, ...]:
    figures = [
        Figure(
            f"scene-{scene}", scene, round(100 * sum(call.passed for call in members) / len(members), 1), tuple(members)
        )
        for scene, members in _grouped(calls, lambda call: call.scene).items()
    ]
    return tuple(sorted(figures, key=lambda figure: (-figure.value, figure.label)))


def _grouped(calls: Sequence[CallFacts], name: Callable[[CallFacts], str]) -> dict[str, list[CallFacts]]:
    groups: dict[str, list[CallFacts]] = defaultdict(list)
    for call in calls:
        groups[name(call)].append(call)
    return groups
