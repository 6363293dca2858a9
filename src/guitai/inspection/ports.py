"""What inspection needs from outside."""

from collections.abc import Sequence
from typing import Protocol


class Similarity(Protocol):
    """Tells how near in meaning texts are to examples; equal input gives equal scores."""

    def similar(self, texts: Sequence[str], examples: Sequence[str]) -> Sequence[float]:
        """Return for each text its highest similarity to any example, 0 (nothing alike) to 1 (the same)."""
        ...
