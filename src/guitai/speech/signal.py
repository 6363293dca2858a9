"""Plain measures of sound that quality and mood share; chunked, so that hours of sound are cheap."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from guitai.speech.model import SAMPLE_RATE, Samples, Span

FRAME = 320
"""Samples in a frame of 20 ms."""

FRAME_S = FRAME / SAMPLE_RATE
FULL_SCALE = 32768.0
FLOOR_DB = -96.0
_CHUNK = FRAME * 3000


def chunks(samples: Samples) -> Iterator[Samples]:
    """Yield the samples a minute at a time."""
    for start in range(0, samples.size, _CHUNK):
        yield samples[start : start + _CHUNK]


def frame_powers(samples: Samples) -> NDArray[np.float64]:
    """Return the mean square about the mean (full scale is 1) of each whole frame of 20 ms; direct current is none."""
    powers = [
        (whole.astype(np.float32) / np.float32(FULL_SCALE)).var(axis=1, dtype=np.float64)
        for chunk in chunks(samples)
        for whole in (chunk[: chunk.size // FRAME * FRAME].reshape(-1, FRAME),)
    ]
    return np.concatenate(powers) if powers else np.zeros(0)


def inside(spans: Sequence[Span], frames: int) -> NDArray[np.bool_]:
    """Mark the frames whose middle lies within one of the spans."""
    marked = np.zeros(frames, bool)
    for span in spans:
        marked[max(0, round(span.start_s / FRAME_S)) : max(0, round(span.end_s / FRAME_S))] = True
    return marked


def decibel(power: float) -> float:
    """Return dBFS of a mean square, not below -96."""
    return max(FLOOR_DB, 10.0 * math.log10(power)) if power > 0 else FLOOR_DB
