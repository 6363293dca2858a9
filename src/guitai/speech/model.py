"""What recognition is made of: audio facts, stretches of speech, what was heard in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from guitai.interactions.model import Party, Utterance, Word

SAMPLE_RATE = 16_000
"""Every sample array in this package is mono int16 at this rate."""

MAX_SEGMENT_S = 28.0
"""No segment is longer: recognisers of this kind see 30 s at a time."""

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file says of its audio, before it is made 16 kHz mono tracks."""

    container: str
    codec: str
    sample_rate: int
    channels: int
    duration_s: float


@dataclass(frozen=True, slots=True, eq=False)
class DecodedAudio:
    """One array per channel at `sample_rate`, all of one length.

    `info.duration_s` is what was decoded, not what the header promised. `flags` holds `truncated` (the file ends
    before its header says) and `damaged` (stretches could not be decoded).
    """

    info: AudioInfo
    sample_rate: int
    tracks: tuple[Samples, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Speech in one track, in seconds from its start."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A span of a mixed track and which of its speakers (0, 1, …) talks in it."""

    span: Span
    speaker: int


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A stretch of one call's track to be recognised at once; times are seconds from the start of the call.

    `samples` are at most `MAX_SEGMENT_S` long. `language` is the call's, where earlier segments have told it.
    """

    call: str
    track: int
    start_s: float
    end_s: float
    samples: Samples
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was heard in one segment.

    `text` is simplified Chinese (other languages untouched) as the recogniser wrote it, words' times are seconds from
    the start of the call, `no_speech` is the recogniser's probability (0–1) that nobody speaks. `looped` says that the
    text was cut where it began to repeat itself; its confidence is then at most 0.2.
    """

    text: str
    language: str
    confidence: float
    words: tuple[Word, ...] = ()
    no_speech: float = 0.0
    looped: bool = False


Track = Samples | Callable[[], Samples]
"""Samples, or what reads them when their turn comes, so that a folder of calls is never in memory at once."""


@dataclass(frozen=True, slots=True, eq=False)
class CallAudio:
    """One call to transcribe: a party a track, or one mixed track with `parties=None`."""

    id: str
    tracks: Sequence[Track]
    parties: tuple[Party, ...] | None = None


@dataclass(frozen=True, slots=True)
class CallTranscript:
    """One call's utterances in the order they began, and how they came about.

    `language` is what most of the speech is in, `model_ids` what heard it, `speech` each track's voice activity.
    """

    id: str
    utterances: tuple[Utterance, ...]
    language: str
    model_ids: tuple[str, ...]
    speech: tuple[tuple[Span, ...], ...] = field(default=())
