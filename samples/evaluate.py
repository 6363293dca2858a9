"""Holds the findings on the sample calls against samples/truth.yaml: precision and recall of the planted violations."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from guitai.bootstrap import Installation
from guitai.recording.calls import show_call
from guitai.settings import Settings

HERE = Path(__file__).parent
_SLACK_S = 3.0


@dataclass(frozen=True)
class Outcome:
    """Planted violations found and missed, and findings of planted kinds where nothing was planted."""

    found: tuple[tuple[str, str], ...]
    missed: tuple[tuple[str, str], ...]
    false: tuple[tuple[str, str], ...]

    @property
    def recall(self) -> float:
        return len(self.found) / max(1, len(self.found) + len(self.missed))

    @property
    def precision(self) -> float:
        return len(self.found) / max(1, len(self.found) + len(self.false))


def evaluate(calls: Iterable[Mapping[str, Any]]) -> Outcome:
    """Compare documents of `guitai calls show --json` with the truth.

    A planted violation is found where its criterion is violated in that call and, if the finding cites seconds, one of
    them lies within the planted time, give or take 3 s. A call's violation of one kind counts once.
    """
    truth = yaml.safe_load((HERE / "truth.yaml").read_text(encoding="utf-8"))["calls"]
    kinds = {violation["id"] for call in truth for violation in call["violations"]}
    planted: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for call in truth:
        for violation in call["violations"]:
            key = (Path(call["file"]).name, violation["id"])
            planted.setdefault(key, []).append((violation["start_s"], violation["end_s"]))
    reported: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for call in calls:
        for finding in call["scorecard"]["findings"]:
            if finding["outcome"] == "violated" and finding["criterion"] in kinds:
                seconds = [(cited["start_s"], cited["end_s"]) for cited in finding["citations"]]
                reported[call["recording"]["source_name"], finding["criterion"]] = seconds
    right = {key for key, ranges in planted.items() if key in reported and _meet(ranges, reported[key])}
    return Outcome(tuple(sorted(right)), tuple(sorted(planted.keys() - right)), tuple(sorted(reported.keys() - right)))


def _meet(planted: list[tuple[float, float]], cited: list[tuple[float, float]]) -> bool:
    return not cited or any(
        start - _SLACK_S <= cite_end and cite_start <= end + _SLACK_S
        for start, end in planted
        for cite_start, cite_end in cited
    )


def inspected_calls() -> list[dict[str, Any]]:
    """Read every call of the installation that GUITAI_DATA names."""
    with Installation.open(Settings.from_environment()) as house:
        with house.transactions.begin() as work:
            ids = work.recordings.ids()
        calls = [show_call(recording_id, house.transactions).to_json() for recording_id in ids]
        house.anchor()
    return calls


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    outcome = evaluate(inspected_calls())
    for name, pairs in (("missed", outcome.missed), ("false", outcome.false)):
        for file, kind in pairs:
            print(f"{name:<7} {kind:<20} {file}")
    planted = len(outcome.found) + len(outcome.missed)
    print(f"recall {outcome.recall:.3f}, precision {outcome.precision:.3f}, planted {planted}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
