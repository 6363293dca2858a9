"""What speech needs from outside; each port has its adapters under `guitai.adapters`."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from guitai.interactions.model import Party
from guitai.speech.model import AudioInfo, DecodedAudio, Recognition, Samples, Segment, Span, Turn


class AudioDecoder(Protocol):
    """Reads audio out of a seekable stream of bytes, whatever the container."""

    def probe(self, source: BinaryIO) -> AudioInfo:
        """Read what the header says, without decoding; raises AudioError."""
        ...

    def decode(self, source: BinaryIO, sample_rate: int = 16000) -> DecodedAudio:
        """Return every channel at `sample_rate`; the same bytes give the same samples. Raises AudioError."""
        ...


class VoiceActivity(Protocol):
    """Tells speech from everything else."""

    @property
    def model_id(self) -> str:
        """Name and sha256 prefix of what decides."""
        ...

    def spans(self, samples: Samples) -> list[Span]:
        """Return the speech in one track, in order, without overlap."""
        ...


class SpeakerEmbedder(Protocol):
    """Turns a stretch of speech into a vector that is near for the same voice."""

    @property
    def model_id(self) -> str:
        """Name and sha256 prefix of what embeds."""
        ...

    def embed(self, stretches: Sequence[Samples]) -> NDArray[np.float32]:
        """Return one unit vector a stretch (rows)."""
        ...


class Diariser(Protocol):
    """Tells two speakers apart in a mixed track."""

    @property
    def model_id(self) -> str:
        """Name and sha256 prefix of what tells them apart."""
        ...

    def turns(self, samples: Samples, spans: Sequence[Span]) -> list[Turn]:
        """Cut the spans where the speaker changes; in order, without overlap."""
        ...

    def parties(self, said: Mapping[int, Sequence[str]]) -> Mapping[int, Party]:
        """Say who each speaker is by what they said (texts in order, by speaker)."""
        ...


class MoodReader(Protocol):
    """Reads the mood from how a party sounds, against the same party's usual voice."""

    def moods(self, samples: Samples, spans: Sequence[Span]) -> list[str | None]:
        """Return calm, tense, angry, low or None for each span; all spans of `samples` are the same party's."""
        ...


class Recogniser(Protocol):
    """Writes down what is said.

    The same segment gives the same recognition whatever else is asked along with it, save that the language of
    segments which name none is decided for all of one call's together.
    """

    @property
    def model_id(self) -> str:
        """Name and sha256 prefix of what listens."""
        ...

    def recognise(self, segments: Sequence[Segment], *, careful: bool = False) -> list[Recognition]:
        """Return one recognition a segment, in their order.

        `careful` asks for another reading of segments whose first one ran into a loop: slower, and never repeating.
        """
        ...
