"""Sound out: clips as plain wav files."""

import wave
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray


def write_wav(target: Path | BinaryIO, samples: NDArray[np.int16], rate: int) -> None:
    """Write 16-bit PCM: `samples` is one track (n,) or several of one length (channels, n)."""
    tracks = np.atleast_2d(samples)
    with wave.open(str(target) if isinstance(target, Path) else target, "wb") as out:
        out.setnchannels(tracks.shape[0])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.ascontiguousarray(tracks.T, dtype="<i2").tobytes())
