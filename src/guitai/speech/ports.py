"""What speech needs from outside."""

from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from guitai.speech.model import AudioInfo, DecodedAudio, Span


class AudioDecoder(Protocol):
    """Turns the bytes of a recording into samples."""

    def probe(self, source: BinaryIO) -> AudioInfo:
        """Read what the container says, without decoding; `source` is seekable. Raises AudioError."""
        ...

    def decode(self, source: BinaryIO, sample_rate: int = 16000) -> DecodedAudio:
        """Give every channel as int16 at `sample_rate`; the same bytes give the same samples. Raises AudioError."""
        ...


class VoiceActivity(Protocol):
    """Tells where somebody speaks."""

    def speech(self, samples: NDArray[np.int16]) -> list[Span]:
        """Find the spans of speech in 16 kHz mono, sorted, apart from each other, inside the sound."""
        ...


class SpeakerEmbedder(Protocol):
    """Turns a voice into a point."""

    def embed(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Return a vector of length 1 for 16 kHz mono speech; the nearer two vectors, the likelier one speaker."""
        ...
