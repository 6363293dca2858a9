"""What is kept of a recogniser's output: nothing looped, nothing imagined."""

from collections.abc import Sequence

from guitai.speech.model import Recognition, Segment
from guitai.speech.ports import Recogniser


def hear(recogniser: Recogniser, segments: Sequence[Segment]) -> list[Recognition]:
    """Return what is said in each segment, in their order."""
    return recogniser.recognise(segments) if segments else []
