"""A part of an audio file as WAV: seeks to it, and decodes no more than it."""

from pathlib import Path
from typing import BinaryIO, cast

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from guitai.adapters.audio.decoding import opened
from guitai.adapters.audio.writing import write_wav
from guitai.speech.errors import DamagedAudioError

_MICROSECONDS = 1_000_000


class PyAvClipWriter:
    """`ClipWriter` on PyAV."""

    def cut(self, source: BinaryIO, from_s: float, to_s: float | None, out: Path) -> float:
        """Write the part at the file's own rate, 16 bit; raises AudioError where nothing could be decoded."""
        try:
            rate, blocks = _blocks(source, from_s, to_s)
        except FFmpegError as error:
            raise DamagedAudioError(
                "The recording cannot be decoded.", hint="Check it with `guitai evidence verify`."
            ) from error
        if not blocks:
            raise DamagedAudioError("There is no sound there.", hint="Choose another part of the call.")
        samples = np.concatenate(blocks, axis=1)
        write_wav(out, samples, rate)
        return samples.shape[1] / rate


def _blocks(source: BinaryIO, from_s: float, to_s: float | None) -> tuple[int, list[NDArray[np.int16]]]:
    """Return the rate and the part's blocks, each (channels, samples)."""
    with opened(source) as (container, _):
        stream = container.streams.audio[0]
        rate = stream.codec_context.sample_rate
        if from_s > 0:
            container.seek(int(from_s * _MICROSECONDS), backward=True)
        resampler = av.AudioResampler(format="s16p", layout=stream.codec_context.layout, rate=rate)
        first, last = round(from_s * rate), None if to_s is None else round(to_s * rate)
        blocks: list[NDArray[np.int16]] = []
        for frame in container.decode(stream):
            begin = round(float(frame.time or 0.0) * rate)
            if last is not None and begin >= last:
                break
            for piece in resampler.resample(frame):
                block = cast("NDArray[np.int16]", piece.to_ndarray())
                end = begin + block.shape[1]
                stop = block.shape[1] if last is None else max(0, last - begin)
                kept = block[:, max(0, first - begin) : stop]
                if end > first and kept.size:
                    blocks.append(kept)
                begin = end
        return rate, blocks
