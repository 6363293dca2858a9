"""What reports need from outside."""

from collections.abc import Iterable
from typing import Protocol

from guitai.insight.model import CallFacts
from guitai.recording.calls import Call


class ReportSource(Protocol):
    """Reads inspected calls."""

    def calls(self) -> Iterable[CallFacts]:
        """Return every inspected call with its newest scorecard."""
        ...

    def call(self, recording_id: str) -> Call:
        """Return one call with its masked words."""
        ...
