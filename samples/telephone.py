"""What a telephone line does to speech: band, G.711, noise; and the Opus file in the end."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfiltfilt

Samples = NDArray[np.float32]
LINE_RATE = 8_000
FILE_RATE = 16_000
_MU = 255.0
_BIT_RATE = 32_000
"""Of a stereo file. At 24 kb/s the encoder lets a shout on one track be heard on the other, 38 dB down; here 67 dB."""


def line_band(wave: Samples, rate: int) -> Samples:
    """`wave` as it leaves a telephone: 8 kHz, 300–3400 Hz."""
    narrow = resample_poly(wave, 1, rate // LINE_RATE)
    band = butter(6, (300, 3400), "bandpass", fs=LINE_RATE, output="sos")
    return sosfiltfilt(band, narrow).astype(np.float32)


def g711(wave: Samples) -> Samples:
    """`wave` through µ-law and back: eight bits a sample, on the continuous G.711 curve."""
    bounded = np.clip(wave, -1, 1)
    code = np.round(np.sign(bounded) * np.log1p(_MU * np.abs(bounded)) / np.log1p(_MU) * 127)
    return (np.sign(code) * np.expm1(np.abs(code) / 127 * np.log1p(_MU)) / _MU).astype(np.float32)


def pink_noise(length: int, rng: np.random.Generator) -> Samples:
    """Noise of equal power an octave, RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
    wave = np.fft.irfft(spectrum, length)
    return (wave / np.sqrt(np.mean(wave**2))).astype(np.float32)


def babble(voices: list[Samples], length: int, rng: np.random.Generator) -> Samples:
    """A room of people: `voices` repeated, shifted at random and mixed, RMS 1."""
    mix = np.zeros(length, np.float32)
    for voice in voices:
        looped = np.resize(voice, length + voice.size)
        start = int(rng.integers(voice.size))
        mix += looped[start : start + length]
    return (mix / np.sqrt(np.mean(mix**2))).astype(np.float32)


def level_db(wave: Samples) -> float:
    """RMS in dBFS over the parts where somebody speaks (frames within 30 dB of the loudest)."""
    frames = wave[: wave.size // 160 * 160].reshape(-1, 160)
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    spoken = power[power > power.max() / 1000]
    return float(10 * np.log10(np.mean(spoken)))


def set_level(wave: Samples, target_db: float) -> Samples:
    """`wave` at `target_db` dBFS, its highest peaks rounded off below 0.68 rather than clipped."""
    scaled = wave * 10 ** ((target_db - level_db(wave)) / 20)
    knee, room = 0.5, 0.18
    over = np.abs(scaled) - knee
    rounded = np.sign(scaled) * (knee + room * np.tanh(np.maximum(over, 0) / room))
    return np.where(over > 0, rounded, scaled).astype(np.float32)


def write_opus(path: Path, tracks: list[Samples]) -> None:
    """Encode `tracks` (each 8 kHz, one or two) as one Ogg Opus file; the same samples give the same bytes."""
    wide = np.stack([resample_poly(track, FILE_RATE // LINE_RATE, 1) for track in tracks])
    pcm = (np.clip(wide, -1, 1) * 32767).astype(np.int16)
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=FILE_RATE)
        stream.layout = "stereo" if len(tracks) == 2 else "mono"
        stream.bit_rate = _BIT_RATE if len(tracks) == 2 else _BIT_RATE * 2 // 3
        stream.options = {"application": "voip", "vbr": "on"}
        frame = av.AudioFrame.from_ndarray(pcm.T.reshape(1, -1).copy(), format="s16", layout=stream.layout.name)
        frame.rate = FILE_RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
