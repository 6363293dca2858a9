"""Whisper on CTranslate2, int8, on the processor.

Windows are only as long as the speech in them, up to whole seconds, with some silence after it: the encoder, which
takes most of the time of a window of 30 s, then costs what the speech is long. Timestamp tokens are asked for, since
they tell the decoder where such a window ends. Segments of one window length are decoded together.
"""

import ctypes
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import ceil, exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guitai.adapters.asr.mel import FRAMES_A_SECOND, LogMel
from guitai.adapters.asr.tokens import Tokens
from guitai.adapters.asr.words import times_of_pieces, words_of
from guitai.language.script import simplify
from guitai.speech.hypotheses import Hypothesis, choose
from guitai.speech.language import call_language, is_spaced, segment_language
from guitai.speech.model import SAMPLE_RATE, Recognition, Segment

NAME = "whisper-base"
TAIL_S = 1.0
WINDOW_FRAMES = 30 * FRAMES_A_SECOND
BEAM = 5
LARGEST_BATCH = 16
# The encoder halves time.
FRAMES_A_STATE = 2
# Attention over a window takes memory by the square of its length: this many frames are encoded at once.
FRAMES_AT_ONCE = WINDOW_FRAMES
DECODED_FRAMES = 3 * WINDOW_FRAMES
# Nobody says more tokens a second than this; a decoder that writes more is in a loop.
TOKENS_A_SECOND = 12
LONGEST_TEXT = 224
_M_ARENA_MAX = -8  # malloc.h

Encoded = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Decoded:
    """The hypothesis chosen for one segment."""

    language: str
    tokens: list[int]
    text: str
    confidence: float
    no_speech: float


class WhisperRecogniser:
    """Recogniser; `folder` is the catalogue's whisper-base. Deterministic: no sampling, no state between calls."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        import ctranslate2

        _keep_one_heap()
        self._storage: Any = ctranslate2.StorageView
        self._model: Any = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", inter_threads=threads, intra_threads=1
        )
        # Batches side by side, a thread each, use the cores better than one batch whose products are shared out.
        self._pool = ThreadPoolExecutor(threads)
        self._tokens = Tokens(folder / "tokenizer.json")
        self._mel = LogMel()
        with (folder / "model.bin").open("rb") as weights:
            self.model_id = f"{NAME}@{hashlib.file_digest(weights, 'sha256').hexdigest()[:12]}"

    def recognise(self, segments: Sequence[Segment], *, careful: bool = False) -> list[Recognition]:
        """Return one recognition a segment, in their order; `careful` takes whole windows and forbids repetition."""
        frames = [WINDOW_FRAMES if careful else _frames(segment) for segment in segments]
        encoded = self._encode(segments, frames)
        languages = self._languages(segments, encoded)
        decoded: dict[int, _Decoded] = {}
        batches = list(_batches(list(zip(frames, languages, strict=True))))
        decode = partial(self._decode, segments=segments, encoded=encoded, languages=languages, careful=careful)
        for found in self._pool.map(decode, batches):
            decoded |= found
        return self._align(segments, encoded, decoded)

    def _encode(self, segments: Sequence[Segment], frames: Sequence[int]) -> list[Encoded]:
        def encode(batch: Sequence[int]) -> Encoded:
            features = np.stack([self._mel.features(segments[index].samples, frames[index]) for index in batch])
            return np.asarray(self._model.encode(self._storage.from_array(features)))

        encoded: dict[int, Encoded] = {}
        batches = list(_batches(frames, FRAMES_AT_ONCE))
        for batch, output in zip(batches, self._pool.map(encode, batches), strict=True):
            encoded.update(zip(batch, output, strict=True))
        return [encoded[index] for index in range(len(segments))]

    def _languages(self, segments: Sequence[Segment], encoded: Sequence[Encoded]) -> list[str]:
        """Decide each segment's language: the call's (decided here where not known), or plainly another."""
        beliefs: dict[int, Mapping[str, float]] = {}
        batches = list(_batches([len(states) for states in encoded]))
        views = (self._view(encoded, batch) for batch in batches)
        for batch, found in zip(batches, self._pool.map(self._model.detect_language, views), strict=True):
            for index, belief in zip(batch, found, strict=True):
                beliefs[index] = {token.strip("<|>"): share for token, share in belief}
        calls: dict[str, list[int]] = defaultdict(list)
        for index, segment in enumerate(segments):
            if segment.language is None:
                calls[segment.call].append(index)
        spoken = {
            call: call_language([beliefs[i] for i in own], [_seconds(segments[i]) for i in own])
            for call, own in calls.items()
        }
        return [
            segment_language(segment.language or spoken[segment.call], beliefs[index], _seconds(segment))
            for index, segment in enumerate(segments)
        ]

    def _decode(
        self,
        batch: Sequence[int],
        segments: Sequence[Segment],
        encoded: Sequence[Encoded],
        languages: Sequence[str],
        *,
        careful: bool,
    ) -> dict[int, _Decoded]:
        language = languages[batch[0]]
        prompt = self._tokens.prompt(language)
        longest_s = len(encoded[batch[0]]) * FRAMES_A_STATE / FRAMES_A_SECOND
        results = self._model.generate(
            self._view(encoded, batch),
            [prompt] * len(batch),
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=len(prompt) + min(LONGEST_TEXT, 24 + ceil(longest_s * TOKENS_A_SECOND)),
            no_repeat_ngram_size=5 if careful else 0,
            suppress_tokens=[-1, *(self._tokens.dashes if language == "zh" else [])],
            return_scores=True,
            return_no_speech_prob=True,
        )
        decoded: dict[int, _Decoded] = {}
        for index, result in zip(batch, results, strict=True):
            hypotheses = [
                Hypothesis(simplify(text) if language == "zh" else text, score)
                for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
                for text in [self._tokens.text(tokens)]
            ]
            best = choose(hypotheses, _seconds(segments[index]))
            tokens = [token for token in result.sequences_ids[best] if token < self._tokens.end]
            text, score = self._tokens.text(tokens).strip(), result.scores[best]
            decoded[index] = _Decoded(language, tokens, text, exp(min(0.0, score)), result.no_speech_prob)
        return decoded

    def _align(
        self, segments: Sequence[Segment], encoded: Sequence[Encoded], decoded: Mapping[int, _Decoded]
    ) -> list[Recognition]:
        """Time the words; a segment in which nothing was written has none."""

        def align(batch: Sequence[int]) -> list[Any]:
            return self._model.align(
                self._view(encoded, batch),
                self._tokens.prompt(decoded[batch[0]].language),
                [decoded[index].tokens for index in batch],
                [min(WINDOW_FRAMES, ceil(_seconds(segments[index]) * FRAMES_A_SECOND)) for index in batch],
            )

        times: dict[int, Any] = {}
        said = [index for index in decoded if decoded[index].tokens]
        keys = [(len(encoded[index]), decoded[index].language) for index in said]
        batches = [[said[position] for position in group] for group in _batches(keys)]
        for batch, results in zip(batches, self._pool.map(align, batches), strict=True):
            times.update(zip(batch, results, strict=True))
        return [self._recognition(segment, decoded[index], times.get(index)) for index, segment in enumerate(segments)]

    def _recognition(self, segment: Segment, found: _Decoded, alignment: Any) -> Recognition:
        words = ()
        if alignment is not None:
            pieces = times_of_pieces(
                self._tokens.pieces(found.tokens), alignment.alignments, alignment.text_token_probs
            )
            words = words_of(pieces, segment, spaced=is_spaced(found.language))
        return Recognition(found.text, found.language, found.confidence, words, found.no_speech)

    def _view(self, encoded: Sequence[Encoded], batch: Sequence[int]) -> Any:
        return self._storage.from_array(np.stack([encoded[index] for index in batch]))


def _keep_one_heap() -> None:
    """Let glibc keep one heap for all threads: a heap a thread costs some 100 MB here and saves no time."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def _seconds(segment: Segment) -> float:
    return len(segment.samples) / SAMPLE_RATE


def _frames(segment: Segment) -> int:
    return min(WINDOW_FRAMES, ceil(_seconds(segment) + TAIL_S) * FRAMES_A_SECOND)


def _batches(keys: Sequence[Any], frames_at_once: int = DECODED_FRAMES) -> Iterator[list[int]]:
    """Group positions of equal keys (frames, or frames and more), each group small enough to be held at once."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        groups[key].append(position)
    for key, group in groups.items():
        frames = key[0] if isinstance(key, tuple) else key
        size = max(1, min(LARGEST_BATCH, frames_at_once // frames))
        for start in range(0, len(group), size):
            yield group[start : start + size]
