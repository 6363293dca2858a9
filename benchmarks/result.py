"""What one benchmark reports."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """One figure beside its peer's, both in `unit`; `bar` speaks of `ratio`."""

    name: str
    workload: str
    ours: float
    peer: float
    peer_name: str
    unit: str
    ratio: float
    bar: str
    met: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
