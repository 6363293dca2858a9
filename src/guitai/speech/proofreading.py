"""What a recogniser wrote, read again for words that only sound right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from guitai.interactions.model import Word
from guitai.language.homophones import corrected
from guitai.language.lexicon import Lexicon
from guitai.language.script import simplify
from guitai.speech.model import Recognition, Segment
from guitai.speech.ports import Recogniser
from guitai.speech.words import respelled

CORRECTED_CONFIDENCE = 0.5
"""A corrected character is at most so sure."""

_HAN = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class ProofreadRecogniser:
    """Recogniser; what `recogniser` writes in Chinese has its homophones corrected by a lexicon.

    Only Chinese characters change, each into one other that keeps its time. Digits, numerals, Latin letters and
    segments in another language stay as they are.
    """

    recogniser: Recogniser
    lexicon: Lexicon

    @property
    def model_id(self) -> str:
        """Name and sha256 prefix of what listens, and of what corrects it."""
        return f"{self.recogniser.model_id}+{self.lexicon.name}"

    def recognise(self, segments: Sequence[Segment], *, careful: bool = False) -> list[Recognition]:
        """Return one recognition a segment, in their order."""
        return [proofread(one, self.lexicon) for one in self.recogniser.recognise(segments, careful=careful)]


def proofread(heard: Recognition, lexicon: Lexicon) -> Recognition:
    """Return the recognition simplified and with its homophones corrected, where it is Chinese."""
    if heard.language != "zh" or not heard.text:
        return heard
    text = simplify(heard.text)
    words = respelled(heard.words, text)
    sure = _confidences(text, words, heard.confidence)
    chars = list(text)
    for run in _HAN.finditer(text):
        start, end = run.span()
        chars[start:end] = corrected(run.group(), sure[start:end], lexicon)
    return replace(heard, text="".join(chars), words=_rewritten(words, text, chars))


def _confidences(text: str, words: Sequence[Word], otherwise: float) -> list[float]:
    """Return how sure each character is, by the word it stands in."""
    sure = [otherwise] * len(text)
    for word, start in zip(words, _places(text, words), strict=True):
        if start is not None:
            sure[start : start + len(word.text)] = [word.confidence] * len(word.text)
    return sure


def _rewritten(words: Sequence[Word], text: str, chars: Sequence[str]) -> tuple[Word, ...]:
    result: list[Word] = []
    for word, start in zip(words, _places(text, words), strict=True):
        new = word.text if start is None else "".join(chars[start : start + len(word.text)])
        sure = word.confidence if new == word.text else min(word.confidence, CORRECTED_CONFIDENCE)
        result.append(replace(word, text=new, confidence=sure))
    return tuple(result)


def _places(text: str, words: Sequence[Word]) -> list[int | None]:
    """Return where each word stands in the text, None where it does not."""
    places: list[int | None] = []
    past = 0
    for word in words:
        start = text.find(word.text, past)
        places.append(None if start < 0 else start)
        if start >= 0:
            past = start + len(word.text)
    return places
