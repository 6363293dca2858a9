"""Every container we read, decoded to int16 tracks in memory."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from guitai.adapters.audio.completeness import is_truncated
from guitai.adapters.audio.sniffing import sniff
from guitai.speech.errors import (
    AudioTooLongError,
    DamagedAudioError,
    EmptyAudioError,
    NoSamplesError,
    NotAudioError,
    UnknownCodecError,
    UnsupportedLayoutError,
)
from guitai.speech.model import AudioInfo, DecodedAudio

MAX_CHANNELS = 2
LOWEST_HZ, HIGHEST_HZ = 4000, 384_000
READABLE = "Give wav, mp3, opus/ogg, flac, m4a, amr, aiff, au, caf, webm or wma."
REEXPORT = "Export the recording anew from where it came."


class PyAvDecoder:
    """AudioDecoder on FFmpeg's libraries, one thread, the same samples for the same bytes.

    Tracks are held in memory and never on disk: a two-hour stereo call takes 460 MB at 16 kHz. What lasts longer
    than `max_duration_s` is refused.
    """

    def __init__(self, max_duration_s: float = 4 * 3600.0) -> None:
        self.max_duration_s = max_duration_s

    def probe(self, source: BinaryIO) -> AudioInfo:
        """Read the header alone; `duration_s` is 0 where it does not say. Raises AudioError."""
        with opened(source) as (container, demuxer):
            return _info(container, demuxer)

    def decode(self, source: BinaryIO, sample_rate: int = 16000) -> DecodedAudio:
        """Decode every channel at `sample_rate`.

        Raises AudioError: EmptyAudioError, NotAudioError, DamagedAudioError, NoSamplesError, UnknownCodecError,
        UnsupportedLayoutError, AudioTooLongError. Errors of the source itself (OSError, a vault's) pass through.
        """
        with opened(source) as (container, demuxer):
            info = _info(container, demuxer)
            tracks = _Tracks(info.channels, sample_rate, info.duration_s, self.max_duration_s)
            damage = _Damage()
            for block in _resampled(_frames(container, damage), info.channels, sample_rate, damage):
                tracks.append(block)
        decoded_s = tracks.length / sample_rate
        if not tracks.length:
            raise _no_sound(damage)
        truncated = is_truncated(source, demuxer, info.duration_s, decoded_s)
        flags = (("truncated",) if truncated else ()) + (("damaged",) if damage.found else ())
        return DecodedAudio(replace(info, duration_s=decoded_s), sample_rate, tracks.done(), flags)


class _Damage:
    found = False


class _Tracks:
    """Samples as they come, in arrays that the header's length sized and that grow if it lied."""

    def __init__(self, channels: int, sample_rate: int, expected_s: float, limit_s: float) -> None:
        self.limit = int(limit_s * sample_rate)
        self.limit_s = limit_s
        self.length = 0
        if expected_s > limit_s:
            raise self._too_long()
        self.arrays = [np.empty(int((expected_s + 1) * sample_rate), np.int16) for _ in range(channels)]

    def append(self, block: NDArray[np.int16]) -> None:
        end = self.length + block.shape[1]
        if end > self.limit:
            raise self._too_long()
        for channel, samples in enumerate(block):
            if end > self.arrays[channel].size:
                grown = np.empty(max(end, self.arrays[channel].size * 3 // 2), np.int16)
                grown[: self.length] = self.arrays[channel][: self.length]
                self.arrays[channel] = grown
            self.arrays[channel][self.length : end] = samples
        self.length = end

    def done(self) -> tuple[NDArray[np.int16], ...]:
        for array in self.arrays:
            array.flags.writeable = False
        return tuple(array[: self.length] for array in self.arrays)

    def _too_long(self) -> AudioTooLongError:
        return AudioTooLongError(
            f"The recording lasts more than {self.limit_s / 3600:g} hours.", hint="Split it by call."
        )


@contextmanager
def opened(source: BinaryIO) -> Generator[tuple[InputContainer, str]]:
    """Open a recognised container with sound in it, and name its demuxer; raises AudioError."""
    if not source.seek(0, os.SEEK_END):
        raise EmptyAudioError("The file is empty.", hint=REEXPORT)
    demuxer = sniff(source)
    if demuxer is None:
        raise NotAudioError("The content is not audio, whatever the name says.", hint=READABLE)
    source.seek(0)
    try:
        # Tags in GBK are common, and of no use here.
        container = av.open(source, mode="r", format=demuxer, metadata_errors="replace")
    except FFmpegError as error:
        raise _unreadable() from error
    with container:
        if not container.streams.audio:
            raise NotAudioError("The file holds no audio.", hint=READABLE)
        yield container, demuxer


def _info(container: InputContainer, demuxer: str) -> AudioInfo:
    # PyAV has no context for a coding FFmpeg does not know, whatever its type says.
    context = cast("av.AudioCodecContext | None", container.streams.audio[0].codec_context)
    if context is None:
        raise UnknownCodecError("The sound is coded in a way that cannot be decoded here.", hint=READABLE)
    channels, rate = context.channels, context.sample_rate
    if channels > MAX_CHANNELS:
        raise UnsupportedLayoutError(
            f"The recording has {channels} channels; one or two can be told apart.",
            hint="Export it as mono, or as stereo with one party on each channel.",
        )
    if not channels or not LOWEST_HZ <= rate <= HIGHEST_HZ:
        raise _unreadable()
    duration = container.duration
    return AudioInfo(demuxer, context.name, rate, channels, max(0.0, duration / av.time_base) if duration else 0.0)


def _frames(container: InputContainer, damage: _Damage) -> Iterator[AudioFrame]:
    """Decode packet by packet, so that one bad packet costs only itself."""
    stream = container.streams.audio[0]
    stream.codec_context.thread_count = 1
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:
            damage.found = True
            return
        if packet is None:
            return
        try:
            yield from stream.decode(packet)
        except FFmpegError:
            damage.found = True


def _resampled(
    frames: Iterator[AudioFrame], channels: int, sample_rate: int, damage: _Damage
) -> Iterator[NDArray[np.int16]]:
    """Give blocks of shape (channels, n) at `sample_rate`; a stream that changes its form gets a new resampler."""
    resampler: av.AudioResampler | None = None
    form = None
    for frame in frames:
        if frame.layout.nb_channels != channels or not LOWEST_HZ <= frame.sample_rate <= HIGHEST_HZ:
            damage.found = True
            continue
        frame.pts = None
        if form != (frame.sample_rate, frame.format.name):
            yield from _blocks(resampler, None)
            form = (frame.sample_rate, frame.format.name)
            resampler = av.AudioResampler(format="s16p", rate=sample_rate)
        yield from _blocks(resampler, frame)
    yield from _blocks(resampler, None)


def _blocks(resampler: av.AudioResampler | None, frame: AudioFrame | None) -> Iterator[NDArray[np.int16]]:
    if resampler is not None:
        for block in resampler.resample(frame):
            yield cast("NDArray[np.int16]", block.to_ndarray())


def _no_sound(damage: _Damage) -> DamagedAudioError | NoSamplesError:
    return _unreadable() if damage.found else NoSamplesError("The recording lasts no time at all.", hint=REEXPORT)


def _unreadable() -> DamagedAudioError:
    return DamagedAudioError("The recording is damaged or cut short: no sound can be read from it.", hint=REEXPORT)
