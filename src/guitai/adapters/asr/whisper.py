"""Whisper on CTranslate2, int8, on the processor."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from guitai.speech.model import Recognition, Segment


class WhisperRecogniser:
    """Recognises with the Whisper model in a folder (model.bin, config.json, tokenizer.json, vocabulary.json)."""

    def __init__(self, folder: Path, *, model_id: str, threads: int = 2) -> None:
        from faster_whisper import WhisperModel

        self._model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
        self._model_id = model_id

    @property
    def model_id(self) -> str:
        """Name and sha256 prefix of the weights."""
        return self._model_id

    def recognise(self, segments: Sequence[Segment], *, careful: bool = False) -> list[Recognition]:
        """Return one recognition a segment, in their order."""
        return [self._one(segment, careful=careful) for segment in segments]

    def _one(self, segment: Segment, *, careful: bool) -> Recognition:
        found, info = self._model.transcribe(
            segment.samples.astype(np.float32) / 32768.0,
            language=segment.language,
            condition_on_previous_text=False,
            no_repeat_ngram_size=4 if careful else 0,
        )
        pieces = list(found)
        mean = float(np.mean([piece.avg_logprob for piece in pieces])) if pieces else -10.0
        return Recognition("".join(piece.text for piece in pieces).strip(), info.language, float(np.exp(mean)))
