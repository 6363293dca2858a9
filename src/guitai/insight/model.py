"""What a report counts: each figure keeps the calls it counted."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

PASS_MARK = 80.0
_BAND = 10
_BEST = 100
_Z = 1.96  # 95 % of a normal distribution lies within


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
    """One figure of a chart: `value` in the chart's unit, and the calls that it counts.

    `low` and `high` are the band of a distribution, the lowest and highest score behind a mean, or the 95 % interval
    (Wilson) of a rate; None for a count.
    """

    key: str
    label: str
    value: float
    calls: tuple[CallFacts, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the report's first page; `calls` are newest first, rankings best first, findings most first."""

    calls: tuple[CallFacts, ...]
    mean_score: float
    passed: int
    headline: tuple[Figure, ...]
    distribution: tuple[Figure, ...]
    teams: tuple[Figure, ...]
    agents: tuple[Figure, ...]
    findings: tuple[Figure, ...]
    scenes: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure that counts at least one call, each of which has a page of its calls."""
        charts = (self.headline, self.distribution, self.teams, self.agents, self.findings, self.scenes)
        return tuple(figure for chart in charts for figure in chart if figure.calls)


def summarise(calls: Sequence[CallFacts], most_findings: int = 10) -> Summary:
    """Count what the report shows; equal input gives equal figures in the same order."""
    ordered = tuple(sorted(calls, key=lambda call: (call.started_at, call.recording_id), reverse=True))
    return Summary(
        calls=ordered,
        mean_score=round(_mean(ordered), 1),
        passed=sum(call.passed for call in ordered),
        headline=_headline(ordered),
        distribution=_distribution(ordered),
        teams=_ranking(ordered, lambda call: call.team, "team"),
        agents=_ranking(ordered, lambda call: call.agent, "agent"),
        findings=_findings(ordered)[:most_findings],
        scenes=_pass_rates(ordered),
    )


def worst_first(calls: Sequence[CallFacts]) -> list[CallFacts]:
    """Return the calls in the order in which to hear them: lowest score first, of equal ones the newest."""
    newest = sorted(calls, key=lambda call: (call.started_at, call.recording_id), reverse=True)
    return sorted(newest, key=lambda call: call.score)


def wilson(hits: int, among: int) -> tuple[float, float]:
    """Return the 95 % interval of a share in percent (Wilson 1927); `among` is at least 1."""
    share, spread = hits / among, _Z * _Z / among
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / among + spread / (4 * among))
    return round(100 * max(middle - half, 0), 1), round(100 * min(middle + half, 1), 1)


def _mean(calls: Sequence[CallFacts]) -> float:
    return sum(call.score for call in calls) / len(calls) if calls else 0.0


def _headline(calls: Sequence[CallFacts]) -> tuple[Figure, ...]:
    kinds: tuple[tuple[str, str, Callable[[CallFacts], bool]], ...] = (
        ("all", "全部录音", lambda _: True),
        ("passed", "合格的录音", lambda call: call.passed),
        ("failed", "不合格的录音", lambda call: not call.passed),
        ("review", "音质待复核的录音", lambda call: bool(call.flags)),
    )
    figures: list[Figure] = []
    for key, label, counts in kinds:
        members = tuple(call for call in calls if counts(call))
        figures.append(Figure(key, label, len(members), members))
    return tuple(figures)


def _distribution(calls: Sequence[CallFacts]) -> tuple[Figure, ...]:
    bands: dict[int, list[CallFacts]] = {start: [] for start in range(0, _BEST, _BAND)}
    for call in calls:
        bands[min(int(call.score) // _BAND * _BAND, _BEST - _BAND)].append(call)
    return tuple(
        Figure(f"score-{start}", _band_label(start), len(members), tuple(members), start, start + _BAND)
        for start, members in bands.items()
    )


def _band_label(start: int) -> str:
    end = start + _BAND
    return f"{start}–{end}" if end == _BEST else f"{start}–{end - 0.1:.1f}"


def _ranking(calls: Sequence[CallFacts], name: Callable[[CallFacts], str], kind: str) -> tuple[Figure, ...]:
    figures: list[Figure] = []
    for label, members in _grouped(calls, name).items():
        scores = [call.score for call in members]
        mean = round(_mean(members), 1)
        figures.append(Figure(f"{kind}-{label}", label, mean, tuple(members), min(scores), max(scores)))
    return tuple(sorted(figures, key=lambda figure: (-figure.value, figure.label)))


def _findings(calls: Sequence[CallFacts]) -> tuple[Figure, ...]:
    groups: dict[tuple[str, str], list[CallFacts]] = defaultdict(list)
    for call in calls:
        for violation in call.violations:
            groups[violation.criterion, violation.title].append(call)
    figures = [
        Figure(f"finding-{criterion}-{title}", title, len(members), tuple(members))
        for (criterion, title), members in groups.items()
    ]
    return tuple(sorted(figures, key=lambda figure: (-figure.value, figure.key)))


def _pass_rates(calls: Sequence[CallFacts]) -> tuple[Figure, ...]:
    figures: list[Figure] = []
    for scene, members in _grouped(calls, lambda call: call.scene).items():
        passed = sum(call.passed for call in members)
        low, high = wilson(passed, len(members))
        rate = round(100 * passed / len(members), 1)
        figures.append(Figure(f"scene-{scene}", scene, rate, tuple(members), low, high))
    return tuple(sorted(figures, key=lambda figure: (-figure.value, figure.label)))


def _grouped(calls: Sequence[CallFacts], name: Callable[[CallFacts], str]) -> dict[str, list[CallFacts]]:
    groups: dict[str, list[CallFacts]] = defaultdict(list)
    for call in calls:
        groups[name(call)].append(call)
    return groups
