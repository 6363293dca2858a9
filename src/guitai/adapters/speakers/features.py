"""The features the speaker embedder was trained on: log energies of 40 mel bands, 100 times a second."""

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16000
FFT = 512
WINDOW = 400
HOP = 160
BANDS = 40
FLOOR = 1e-6


def log_mel(sound: NDArray[np.float32], bank: NDArray[np.float32], taper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (frames, 40) for sound in -1…1; frames lie wholly inside, so that n samples give (n - 352) // 160."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, FFT)[::HOP] * taper
    power = np.square(np.abs(np.fft.rfft(frames, axis=1)))
    return np.log10(power @ bank + FLOOR).astype(np.float32)


def samples_for(frames: int) -> int:
    """Return how many samples give so many frames."""
    return (frames - 1) * HOP + FFT


def hann_taper() -> NDArray[np.float32]:
    """Return a periodic Hann window of 25 ms in the middle of the transform's length."""
    taper = np.zeros(FFT, np.float32)
    start = (FFT - WINDOW) // 2
    taper[start : start + WINDOW] = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return taper


def mel_bank() -> NDArray[np.float32]:
    """Return triangles of equal area on a mel scale, linear below 1 kHz and logarithmic above: (257, 40)."""
    edges = _hertz(np.linspace(0.0, _mel(SAMPLE_RATE / 2), BANDS + 2))
    frequencies = np.linspace(0.0, SAMPLE_RATE / 2, FFT // 2 + 1)
    widths = np.diff(edges)
    distance = edges[:, None] - frequencies
    rising = -distance[:-2] / widths[:-1, None]
    falling = distance[2:] / widths[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).T.astype(np.float32)


_LINEAR_HZ = 200.0 / 3
_KNEE_HZ = 1000.0
_KNEE_MEL = _KNEE_HZ / _LINEAR_HZ
_LOG_STEP = np.log(6.4) / 27


def _mel(hertz: float) -> float:
    return float(_KNEE_MEL + np.log(hertz / _KNEE_HZ) / _LOG_STEP)


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel < _KNEE_MEL, mel * _LINEAR_HZ, _KNEE_HZ * np.exp(_LOG_STEP * (mel - _KNEE_MEL)))
