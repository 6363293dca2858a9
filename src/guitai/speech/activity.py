"""From probabilities per frame to spans of speech: hysteresis, least lengths, padding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guitai.speech.model import SAMPLE_RATE, Span

FRAME = 512
FRAME_S = FRAME / SAMPLE_RATE


@dataclass(frozen=True)
class ActivityRule:
    """When speech begins (`on`) and ends (`off`, lower), which pauses are bridged, and what is too short to count.

    The padding makes up for the length of a frame; two padded spans never overlap.
    """

    on: float = 0.5
    off: float = 0.35
    min_speech_s: float = 0.2
    min_pause_s: float = 0.3
    pad_s: float = 0.03


def spans_of(probabilities: NDArray[np.float32], samples: int, rule: ActivityRule) -> list[Span]:
    """Return the spans, sorted, apart and within `samples` at 16 kHz; one probability a frame of 512 samples."""
    bridged: list[list[int]] = []
    for start, end in _hysteresis(probabilities, rule):
        if bridged and (start - bridged[-1][1]) * FRAME_S < rule.min_pause_s:
            bridged[-1][1] = end
        else:
            bridged.append([start, end])
    kept = [(start, end) for start, end in bridged if (end - start) * FRAME_S >= rule.min_speech_s]
    return _padded(kept, samples / SAMPLE_RATE, rule.pad_s)


def _hysteresis(probabilities: NDArray[np.float32], rule: ActivityRule) -> list[tuple[int, int]]:
    """Find the runs of frames above `off` that reach `on`, cut at their first frame above `on`."""
    above = np.concatenate(([False], probabilities >= rule.off, [False]))
    edges = np.flatnonzero(np.diff(above.astype(np.int8)))
    runs: list[tuple[int, int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        reached = np.flatnonzero(probabilities[start:end] >= rule.on)
        if reached.size:
            runs.append((int(start + reached[0]), int(end)))
    return runs


def _padded(runs: list[tuple[int, int]], length_s: float, pad_s: float) -> list[Span]:
    spans: list[Span] = []
    for index, (start, end) in enumerate(runs):
        before = runs[index - 1][1] * FRAME_S if index else None
        after = runs[index + 1][0] * FRAME_S if index + 1 < len(runs) else None
        first, last = start * FRAME_S, min(end * FRAME_S, length_s)
        left = max(0.0, first - pad_s) if before is None else max((before + first) / 2, first - pad_s)
        right = min(length_s, last + pad_s) if after is None else min((last + after) / 2, last + pad_s)
        spans.append(Span(round(left, 3), round(right, 3)))
    return spans
