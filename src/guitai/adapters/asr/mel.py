"""Log-mel features as Whisper was trained on: 80 bands, 25 ms windows every 10 ms, at 16 kHz."""

from typing import cast

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from guitai.speech.model import SAMPLE_RATE, Samples

BANDS = 80
HOP = 160
FRAMES_A_SECOND = SAMPLE_RATE // HOP
_WINDOW = 400
_SLANEY_BREAK_HZ = 1000.0
_SLANEY_BREAK_MEL = 15.0
_SLANEY_HZ_A_MEL = 200.0 / 3.0
_SLANEY_LOG_STEP = np.log(6.4) / 27.0


class LogMel:
    """Turns samples into features; holds the filters."""

    def __init__(self) -> None:
        self._filters = _filters()
        self._window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)

    def features(self, samples: Samples, frames: int) -> NDArray[np.float32]:
        """Return features of shape (80, frames); what the samples do not fill is silence."""
        half = _WINDOW // 2
        sound = np.zeros(frames * HOP, np.float32)
        sound[: len(samples)] = samples[: len(sound)].astype(np.float32) / 32768.0
        padded = np.pad(sound, (half, half), mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:frames]
        spectrum = cast("NDArray[np.complex64]", scipy.fft.rfft(windows * self._window, axis=1))
        power = np.square(np.abs(spectrum))
        mel = np.log10(np.maximum(self._filters @ power.T, 1e-10))
        return ((np.maximum(mel, mel.max() - 8.0) + 4.0) / 4.0).astype(np.float32)


def _filters() -> NDArray[np.float32]:
    """Return the triangular filters of Slaney's mel scale, each of unit area, shape (80, 201)."""
    bins = np.linspace(0.0, SAMPLE_RATE / 2, _WINDOW // 2 + 1)
    top_mel = _SLANEY_BREAK_MEL + np.log(SAMPLE_RATE / 2 / _SLANEY_BREAK_HZ) / _SLANEY_LOG_STEP
    mels = np.linspace(0.0, top_mel, BANDS + 2)
    edges = np.where(
        mels < _SLANEY_BREAK_MEL,
        mels * _SLANEY_HZ_A_MEL,
        _SLANEY_BREAK_HZ * np.exp(_SLANEY_LOG_STEP * (mels - _SLANEY_BREAK_MEL)),
    )
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
