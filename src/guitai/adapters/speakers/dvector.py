"""A recurrent speaker embedder (d-vectors of 256 numbers) through ONNX Runtime."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from guitai.adapters.speakers.features import hann_taper, log_mel, mel_bank, samples_for
from guitai.speech.model import Samples

MODEL_FILE = "embedder.int8.onnx"
FRAMES = 80
STEP = 40
BATCH = 4
DIMENSIONS = 256


class DVectorEmbedder:
    """SpeakerEmbedder; `folder` is the catalogue's speaker-embedder. One thread.

    It hears windows of 0.82 s, half overlapping; a shorter stretch is repeated up to that length. The vector of a
    window depends slightly on those computed with it (the weights are quantised per call), hence the fixed batches.
    """

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        path = folder / MODEL_FILE
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.model_id = f"speaker-embedder@{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        self.bank = mel_bank()
        self.taper = hann_taper()

    def embed(self, stretches: Sequence[Samples]) -> NDArray[np.float32]:
        """Return one vector of length 1 a stretch (rows)."""
        windows = [self._windows(stretch) for stretch in stretches]
        result = np.zeros((len(windows), DIMENSIONS), np.float32)
        if not windows:
            return result
        vectors = self._vectors(np.concatenate(windows))
        start = 0
        for row, own in enumerate(windows):
            result[row] = _unit(vectors[start : start + len(own)].mean(axis=0))
            start += len(own)
        return result

    def _windows(self, stretch: Samples) -> NDArray[np.float32]:
        if not stretch.size:
            raise ValueError("a stretch without samples has no voice")
        needed = samples_for(FRAMES)
        sound = (stretch if stretch.size >= needed else np.resize(stretch, needed)).astype(np.float32) / np.float32(
            32768
        )
        features = log_mel(sound, self.bank, self.taper)
        return np.stack([features[at : at + FRAMES] for at in range(0, len(features) - FRAMES + 1, STEP)])

    def _vectors(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        parts = [
            cast(
                "list[NDArray[np.float32]]", self.session.run(["embedding"], {"mel_window": windows[at : at + BATCH]})
            )[0]
            for at in range(0, len(windows), BATCH)
        ]
        return _unit(np.concatenate(parts))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
