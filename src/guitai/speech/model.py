"""Sound as the rest of the program sees it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class AudioInfo:
    """What a file of sound says of itself; `container` and `codec` are FFmpeg's names."""

    container: str
    codec: str
    sample_rate: int
    channels: int
    duration_s: float


@dataclass(frozen=True)
class Span:
    """A stretch of time in seconds from the start of the call."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Its length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class DecodedAudio:
    """One int16 array per channel at `sample_rate`, all of one length.

    `info.duration_s` is what was decoded, not what the header promised. `flags` holds `truncated` (the file ends
    before its header says) and `damaged` (stretches could not be decoded).
    """

    info: AudioInfo
    sample_rate: int
    tracks: tuple[NDArray[np.int16], ...]
    flags: tuple[str, ...] = ()
