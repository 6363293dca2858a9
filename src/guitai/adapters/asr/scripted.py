"""A recogniser that was told what is said when: for tests, and for calls whose words are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guitai.interactions.model import Word
from guitai.speech.model import Recognition, Segment


@dataclass(frozen=True, slots=True)
class Line:
    """What is said on a track between two moments, in seconds from the start of the call."""

    start_s: float
    end_s: float
    text: str
    language: str = "zh"
    confidence: float = 0.9


class ScriptedRecogniser:
    """Recogniser; hears in a segment the lines of its call and track whose middle lies in it.

    `loops` holds texts that a first reading repeats over and over; a careful one hears them once.
    """

    model_id = "scripted"

    def __init__(
        self, script: Mapping[tuple[str, int], Sequence[Line]], *, loops: frozenset[str] = frozenset()
    ) -> None:
        self._script = script
        self._loops = loops
        self.asked: list[list[Segment]] = []

    def recognise(self, segments: Sequence[Segment], *, careful: bool = False) -> list[Recognition]:
        """Return one recognition a segment, in their order."""
        self.asked.append(list(segments))
        return [self._one(segment, careful=careful) for segment in segments]

    def _one(self, segment: Segment, *, careful: bool) -> Recognition:
        lines = [
            line
            for line in self._script.get((segment.call, segment.track), ())
            if segment.start_s <= (line.start_s + line.end_s) / 2 < segment.end_s
        ]
        if not lines:
            return Recognition("", segment.language or "zh", 0.1, no_speech=0.9)
        text = " ".join(line.text for line in lines)
        if not careful and text in self._loops:
            text *= 20
        words = tuple(word for line in lines for word in _words(line, segment))
        return Recognition(text, lines[0].language, min(line.confidence for line in lines), words, no_speech=0.01)


def _words(line: Line, segment: Segment) -> list[Word]:
    texts = line.text.split() if line.language != "zh" else [char for char in line.text if char.isalnum()]
    start_s, end_s = max(line.start_s, segment.start_s), min(line.end_s, segment.end_s)
    step = (end_s - start_s) / max(1, len(texts))
    return [
        Word(
            text, round(start_s + place * step, 3), round(min(end_s, start_s + (place + 1) * step), 3), line.confidence
        )
        for place, text in enumerate(texts)
    ]
