"""Two speakers told apart in one mixed track, by their voices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from guitai.interactions.model import Party
from guitai.speech.model import SAMPLE_RATE, Samples, Span, Turn
from guitai.speech.ports import SpeakerEmbedder
from guitai.speech.roles import parties_by_speech

Vectors = NDArray[np.float32]
Labels = NDArray[np.int_]

_QUIET_FRAME = SAMPLE_RATE // 50
_TWO = 2


@dataclass(frozen=True)
class DiarisationRule:
    """How voices are compared; the figures were measured on telephone speech (ADR 0052).

    Windows of `window_s` are taken every `step_s` of speech. With less than `least_speech_s` of speech nobody can tell
    two voices apart: one speaker is assumed. At most `sample` windows decide whether there are two at all: the mean
    similarity within the two best groups must exceed that between them by `gap`, and the smaller group must hold
    `least_share` of the windows. A change of speaker costs `change_cost` in similarity, `change_cost_pause` where a
    pause lies between.
    """

    window_s: float = 0.83
    step_s: float = 0.6
    least_speech_s: float = 10.0
    sample: int = 64
    gap: float = 0.19
    least_share: float = 0.08
    change_cost: float = 0.2
    change_cost_pause: float = 0.08


@dataclass(frozen=True)
class _Window:
    span: int
    centre_s: float
    samples: Samples


class TwoSpeakerDiariser:
    """Diariser: windows of speech are embedded, grouped in two where two voices are there, and smoothed in time."""

    def __init__(self, embedder: SpeakerEmbedder, rule: DiarisationRule | None = None) -> None:
        self.embedder = embedder
        self.rule = rule or DiarisationRule()
        self.model_id = embedder.model_id

    def turns(self, samples: Samples, spans: Sequence[Span]) -> list[Turn]:
        """Cut the spans where the speaker changes; speaker 0 is who speaks first. One voice gives speaker 0 alone."""
        windows = _windows(samples, spans, self.rule)
        spoken_s = sum(span.end_s - span.start_s for span in spans)
        if spoken_s < self.rule.least_speech_s:
            return [Turn(span, 0) for span in spans]
        chosen = _evenly(len(windows), self.rule.sample)
        known = self.embedder.embed([windows[index].samples for index in chosen])
        centroids = two_voices(known, self.rule)
        if centroids is None:
            return [Turn(span, 0) for span in spans]
        vectors = np.zeros((len(windows), known.shape[1]), np.float32)
        vectors[chosen] = known
        rest = sorted(set(range(len(windows))) - set(chosen))
        if rest:
            vectors[rest] = self.embedder.embed([windows[index].samples for index in rest])
        labels = _smoothed(vectors @ centroids.T, windows, self.rule)
        return _cut(samples, spans, windows, labels)

    def parties(self, said: Mapping[int, Sequence[str]]) -> Mapping[int, Party]:
        """Say who each speaker is by what they said."""
        return parties_by_speech(said)


def two_voices(vectors: Vectors, rule: DiarisationRule) -> Vectors | None:
    """Return the two voices' mean directions (2, n), or None where the vectors (unit rows) are of one voice."""
    least = max(3, round(rule.least_share * len(vectors)))
    if len(vectors) < _TWO * least:
        return None
    labels = _refined(vectors, _two_largest(vectors, least))
    if labels is None or min(np.bincount(labels, minlength=_TWO)) < least:
        return None
    similarity = vectors @ vectors.T
    pairs = np.triu_indices(len(vectors), 1)
    same = (labels[:, None] == labels[None, :])[pairs]
    within, between = similarity[pairs][same].mean(), similarity[pairs][~same].mean()
    return _centroids(vectors, labels) if within - between >= rule.gap else None


def _two_largest(vectors: Vectors, least: int) -> Labels | None:
    """Group by average linkage, in as few groups as make two of them large enough; strays join the nearer one."""
    tree = linkage(vectors, "average", metric="cosine")
    for count in range(_TWO, min(len(vectors), 16)):
        groups = fcluster(tree, count, "maxclust")
        sizes = np.bincount(groups)
        first, second = np.argsort(-sizes, kind="stable")[:_TWO]
        if sizes[second] >= least:
            means = np.stack([vectors[groups == group].mean(axis=0) for group in (first, second)])
            return np.argmax(vectors @ _unit(means).T, axis=1)
    return None


def _refined(vectors: Vectors, labels: Labels | None) -> Labels | None:
    """Move each vector to the nearer mean until none moves (spherical k-means)."""
    for _ in range(20):
        if labels is None or labels.min() == labels.max():
            return None
        moved = np.argmax(vectors @ _centroids(vectors, labels).T, axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels


def _centroids(vectors: Vectors, labels: Labels) -> Vectors:
    return _unit(np.stack([vectors[labels == label].mean(axis=0) for label in range(_TWO)]))


def _unit(vectors: Vectors) -> Vectors:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _windows(samples: Samples, spans: Sequence[Span], rule: DiarisationRule) -> list[_Window]:
    """Spread windows evenly over each span; one shorter than a window is one window."""
    width = round(rule.window_s * SAMPLE_RATE)
    windows: list[_Window] = []
    for number, span in enumerate(spans):
        first, last = round(span.start_s * SAMPLE_RATE), round(span.end_s * SAMPLE_RATE)
        count = max(1, round((last - first) / SAMPLE_RATE / rule.step_s))
        for index in range(count):
            centre = first + (index + 0.5) * (last - first) / count
            start = max(first, min(round(centre - width / 2), last - width))
            sound = samples[start : min(last, start + width)]
            if sound.size:
                windows.append(_Window(number, centre / SAMPLE_RATE, sound))
    return windows


def _evenly(count: int, wanted: int) -> list[int]:
    if count <= wanted:
        return list(range(count))
    return [round(index * (count - 1) / (wanted - 1)) for index in range(wanted)]


def _smoothed(similarity: Vectors, windows: Sequence[_Window], rule: DiarisationRule) -> Labels:
    """Find the most similar sequence of speakers when each change has its price (Viterbi)."""
    total = similarity[0].astype(np.float64)
    came_from = np.zeros(similarity.shape, np.int_)
    for index in range(1, len(windows)):
        same_span = windows[index].span == windows[index - 1].span
        cost = rule.change_cost if same_span else rule.change_cost_pause
        changed = total[::-1] - cost
        came_from[index] = np.where(changed > total, [1, 0], [0, 1])
        total = np.maximum(total, changed) + similarity[index]
    labels = np.zeros(len(windows), np.int_)
    labels[-1] = int(np.argmax(total))
    for index in range(len(windows) - 1, 0, -1):
        labels[index - 1] = came_from[index, labels[index]]
    return labels


def _cut(samples: Samples, spans: Sequence[Span], windows: Sequence[_Window], labels: Labels) -> list[Turn]:
    """Cut each span at the quietest moment between two windows of different speakers."""
    first_voice = int(labels[0])
    by_span: dict[int, list[int]] = {}
    for index, window in enumerate(windows):
        by_span.setdefault(window.span, []).append(index)
    turns: list[Turn] = []
    for number, indices in sorted(by_span.items()):
        start_s = spans[number].start_s
        for here, after in pairwise(indices):
            if labels[here] != labels[after]:
                at_s = _quietest(samples, windows[here].centre_s, windows[after].centre_s)
                turns.append(Turn(Span(start_s, at_s), int(labels[here] != first_voice)))
                start_s = at_s
        turns.append(Turn(Span(start_s, spans[number].end_s), int(labels[indices[-1]] != first_voice)))
    return turns


def _quietest(samples: Samples, from_s: float, to_s: float) -> float:
    sound = samples[round(from_s * SAMPLE_RATE) : round(to_s * SAMPLE_RATE)].astype(np.float32)
    frames = sound[: sound.size // _QUIET_FRAME * _QUIET_FRAME].reshape(-1, _QUIET_FRAME)
    return round(from_s + (float(np.argmin(np.square(frames).mean(axis=1))) + 0.5) * _QUIET_FRAME / SAMPLE_RATE, 3)
