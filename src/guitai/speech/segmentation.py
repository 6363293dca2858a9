"""From voice activity to segments: near spans joined, long ones cut where it is quietest."""

from collections.abc import Sequence

import numpy as np

from guitai.speech.model import MAX_SEGMENT_S, SAMPLE_RATE, Samples, Span

JOIN_PAUSE_S = 0.7
MARGIN_S = 0.15
_FRAME = SAMPLE_RATE // 20


def join(spans: Sequence[Span], *, pause_s: float = JOIN_PAUSE_S, longest_s: float = MAX_SEGMENT_S) -> list[Span]:
    """Join spans (in order, apart) with shorter pauses between them, as long as none grows beyond `longest_s`."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and span.start_s - last.end_s < pause_s and span.end_s - last.start_s <= longest_s:
            joined[-1] = Span(last.start_s, span.end_s)
        else:
            joined.append(span)
    return joined


def widen(spans: Sequence[Span], duration_s: float, *, margin_s: float = MARGIN_S) -> list[Span]:
    """Give each span a margin of what surrounds it, never reaching over the middle of the pause to its neighbour."""
    wide: list[Span] = []
    for index, span in enumerate(spans):
        before = (spans[index - 1].end_s + span.start_s) / 2 if index else 0.0
        after = (span.end_s + spans[index + 1].start_s) / 2 if index + 1 < len(spans) else duration_s
        wide.append(Span(max(before, span.start_s - margin_s), min(after, span.end_s + margin_s)))
    return wide


def cut(samples: Samples, span: Span, *, longest_s: float = MAX_SEGMENT_S) -> list[Span]:
    """Cut a span that is too long into pieces of at most `longest_s`, each at the quietest moment of its last third."""
    pieces: list[Span] = []
    start_s = span.start_s
    while span.end_s - start_s > longest_s:
        at_s = _quietest(samples, start_s + longest_s * 2 / 3, start_s + longest_s)
        pieces.append(Span(start_s, at_s))
        start_s = at_s
    pieces.append(Span(start_s, span.end_s))
    return pieces


def _quietest(samples: Samples, from_s: float, to_s: float) -> float:
    window = samples[round(from_s * SAMPLE_RATE) : round(to_s * SAMPLE_RATE)].astype(np.float32)
    frames = window[: len(window) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return to_s
    return from_s + (float(np.argmin(np.square(frames).mean(axis=1))) + 0.5) * _FRAME / SAMPLE_RATE


def samples_of(samples: Samples, span: Span) -> Samples:
    """Return the span's samples: a view, so that nothing is held twice."""
    return samples[round(span.start_s * SAMPLE_RATE) : round(span.end_s * SAMPLE_RATE)]
