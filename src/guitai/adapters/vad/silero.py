"""Silero VAD through ONNX Runtime: many frames a call, no torch."""

import hashlib
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from guitai.speech.activity import FRAME, ActivityRule, spans_of
from guitai.speech.model import Samples, Span

MODEL_FILE = "silero_vad_16k_sequence.onnx"
CONTEXT = 64
FRAMES_A_CALL = 256
STATE = (1, 1, 128)
# After this many frames (about a second) of digital zero the model is not asked and starts afresh: a held or muted
# line costs nothing.
SILENT_FRAMES = 32


class SileroVoiceActivity:
    """VoiceActivity; `folder` is the catalogue's silero-vad. One thread; safe to share between threads."""

    def __init__(self, folder: Path, rule: ActivityRule | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self.rule = rule or ActivityRule()
        digest = hashlib.sha256((folder / MODEL_FILE).read_bytes()).hexdigest()
        self.model_id = f"silero-vad@{digest[:12]}"

    def spans(self, samples: Samples) -> list[Span]:
        """Return the spans of speech in 16 kHz mono, in order, apart from each other."""
        return spans_of(self.probabilities(samples), samples.size, self.rule)

    def probabilities(self, samples: Samples) -> NDArray[np.float32]:
        """Return for each frame of 32 ms (the last one filled up with zeros) how likely it holds speech."""
        frames = -(-samples.size // FRAME)
        result = np.zeros(frames, np.float32)
        for start, end in _sounding(samples, frames):
            self._run(samples, start, end, result)
        return result

    def _run(self, samples: Samples, start: int, end: int, result: NDArray[np.float32]) -> None:
        hidden = cell = np.zeros(STATE, np.float32)
        context = np.zeros(CONTEXT, np.float32)
        for first in range(start, end, FRAMES_A_CALL):
            last = min(first + FRAMES_A_CALL, end)
            block = np.zeros((last - first, CONTEXT + FRAME), np.float32)
            sound = samples[first * FRAME : last * FRAME].astype(np.float32) / 32768
            padded = np.zeros((last - first) * FRAME, np.float32)
            padded[: sound.size] = sound
            block[:, CONTEXT:] = padded.reshape(-1, FRAME)
            block[0, :CONTEXT] = context
            block[1:, :CONTEXT] = block[:-1, -CONTEXT:]
            context = block[-1, -CONTEXT:].copy()
            feed = {"input": block, "h": hidden, "c": cell}
            outputs = cast("list[NDArray[np.float32]]", self.session.run(["speech_probs", "hn", "cn"], feed))
            result[first:last], hidden, cell = outputs


def _sounding(samples: Samples, frames: int) -> list[tuple[int, int]]:
    """Return the frame ranges to ask the model about: all but the later part of long digital silence."""
    whole = samples[: samples.size // FRAME * FRAME].reshape(-1, FRAME)
    loud = np.ones(frames, bool)
    loud[: whole.shape[0]] = whole.any(axis=1)
    at = np.flatnonzero(loud)
    if not at.size:
        return []
    breaks = np.flatnonzero(np.diff(at) > SILENT_FRAMES)
    starts = at[np.concatenate(([0], breaks + 1))]
    ends = at[np.concatenate((breaks, [at.size - 1]))] + 1
    return [(int(start), min(frames, int(end) + SILENT_FRAMES)) for start, end in zip(starts, ends, strict=True)]
