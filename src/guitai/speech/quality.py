"""What a recording's sound is worth: figures for each track, and flags for what a human should review."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guitai.speech.model import SAMPLE_RATE, Samples, Span
from guitai.speech.signal import FULL_SCALE, chunks, decibel, frame_powers, inside

REVIEW = "待复核"

CAUSES = {
    "clipping": "削波失真",
    "low_level": "音量过低",
    "noise": "噪声过大",
    "dropouts": "语音断续丢失",
    "dc_offset": "直流偏移",
    "no_speech": "全程无人声",
    "one_way": "单向无声",
    "identical_tracks": "两声道内容相同",
    "crosstalk": "声道串音或回声",
    "mostly_silent": "长时间静音",
    "truncated": "录音不完整",
    "damaged": "部分数据损坏",
    "tracks_swapped": "声道疑似对调",
}
"""Every flag a recording may carry: stable code, and the cause in words."""

_CLIP = round(0.891 * FULL_SCALE)
_CLIPPING_PPM = 1000
_LOW_LEVEL_CDB = -4000
_NOISY_CDB = 1000
_SNR_LIMIT_CDB = 9600
_DC_PPM = 20_000
_DROPOUTS = 3
_DROPOUT_PERMILLE = 5
_DROPOUT_SAMPLES = (SAMPLE_RATE // 50, SAMPLE_RATE)
_EDGE_SAMPLES = SAMPLE_RATE // 100
_EDGE_BELOW_SPEECH_DB = 20.0
_SPOKEN_MS = 3000
_UNSPOKEN_MS = 300
_MOSTLY_SILENT_PERMILLE = 900
_IDENTICAL_DB = -30.0
_CROSSTALK = 0.6
_CROSSTALK_DB = -35.0
_CROSSTALK_LEAD = 0.25
_ECHO_LAGS = range(16)
_OTHER_LAGS = range(40, 120, 8)
_CROSSTALK_FRAMES = 100


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to review: `code` is a key of CAUSES, `track` the track it was seen on or None for the call."""

    code: str
    track: int | None = None

    @property
    def words(self) -> str:
        """The flag as people read it: 待复核：削波失真."""
        return f"{REVIEW}：{CAUSES[self.code]}"


@dataclass(frozen=True, slots=True)
class TrackQuality:
    """One track in whole numbers, so that equal sound gives equal bytes.

    Levels are hundredths of a dB relative to full scale: `level_cdb` the mean over speech (over everything where
    nobody speaks), `noise_cdb` the median beside speech, `snr_cdb` their distance (0 where nobody speaks).
    `clipping_ppm` is the share of samples within 1 dB of full scale, `silence_permille` the share of time without
    speech, `dropouts` the gaps of digital silence that cut into speech, `dc_ppm` the mean relative to full scale.
    """

    duration_ms: int
    speech_ms: int
    level_cdb: int
    peak_cdb: int
    noise_cdb: int
    snr_cdb: int
    clipping_ppm: int
    silence_permille: int
    dropouts: int
    dropout_ms: int
    dc_ppm: int


@dataclass(frozen=True, slots=True)
class CallQuality:
    """The tracks of one call and every flag, in the order of CAUSES, then of tracks."""

    tracks: tuple[TrackQuality, ...]
    flags: tuple[Flag, ...]


def measure_call(
    tracks: Sequence[Samples], speech: Sequence[Sequence[Span]], decoding_flags: Sequence[str] = ()
) -> CallQuality:
    """Measure every track and compare them; `speech` is each track's voice activity, `decoding_flags` the decoder's."""
    powers = [frame_powers(track) for track in tracks]
    measured = tuple(
        measure_track(track, spans, power) for track, spans, power in zip(tracks, speech, powers, strict=True)
    )
    flags = [Flag(code) for code in decoding_flags]
    identical = len(tracks) > 1 and _identical(tracks[0], tracks[1])
    for number, quality in enumerate(measured):
        flags += [Flag(code, number) for code in _track_codes(quality)]
    flags += _call_flags(measured, speech, powers, identical=identical)
    order = list(CAUSES)
    return CallQuality(measured, tuple(sorted(set(flags), key=lambda flag: (order.index(flag.code), flag.track or 0))))


def measure_track(samples: Samples, speech: Sequence[Span], powers: NDArray[np.float64] | None = None) -> TrackQuality:
    """Measure one track of 16 kHz sound; `powers` spares computing `frame_powers` again."""
    powers = frame_powers(samples) if powers is None else powers
    spoken = inside(speech, powers.size)
    speech_ms = sum(round((span.end_s - span.start_s) * 1000) for span in speech)
    duration_ms = round(samples.size * 1000 / SAMPLE_RATE)
    level = _mean(powers[spoken] if spoken.any() else powers)
    noise = _noise(powers, spoken)
    peak, clipped, total = _extremes(samples)
    gaps = _dropouts(samples, speech, level)
    return TrackQuality(
        duration_ms=duration_ms,
        speech_ms=speech_ms,
        level_cdb=_cdb(level),
        peak_cdb=_cdb((peak / FULL_SCALE) ** 2),
        noise_cdb=_cdb(noise),
        snr_cdb=_snr_cdb(level, noise) if spoken.any() else 0,
        clipping_ppm=round(clipped * 1_000_000 / max(1, samples.size)),
        silence_permille=1000 - min(1000, round(speech_ms * 1000 / max(1, duration_ms))),
        dropouts=len(gaps),
        dropout_ms=round(sum(gaps) * 1000 / SAMPLE_RATE),
        dc_ppm=round(total / max(1, samples.size) / FULL_SCALE * 1_000_000),
    )


def _track_codes(quality: TrackQuality) -> list[str]:
    spoken = quality.speech_ms >= _UNSPOKEN_MS
    codes = {
        "clipping": quality.clipping_ppm >= _CLIPPING_PPM,
        "low_level": spoken and quality.level_cdb < _LOW_LEVEL_CDB,
        "noise": spoken and quality.snr_cdb < _NOISY_CDB,
        "dropouts": quality.dropouts >= _DROPOUTS
        and quality.dropout_ms * 1000 >= quality.speech_ms * _DROPOUT_PERMILLE,
        "dc_offset": abs(quality.dc_ppm) >= _DC_PPM,
    }
    return [code for code, seen in codes.items() if seen]


def _call_flags(
    tracks: Sequence[TrackQuality],
    speech: Sequence[Sequence[Span]],
    powers: Sequence[NDArray[np.float64]],
    *,
    identical: bool,
) -> list[Flag]:
    silent = [number for number, quality in enumerate(tracks) if quality.speech_ms < _UNSPOKEN_MS]
    if len(silent) == len(tracks):
        return [Flag("no_speech")]
    flags = [Flag("one_way", number) for number in silent if max(q.speech_ms for q in tracks) >= _SPOKEN_MS]
    frames = max(power.size for power in powers)
    anyone = np.zeros(frames, bool)
    for spans in speech:
        anyone |= inside(spans, frames)
    if 1000 - anyone.mean() * 1000 >= _MOSTLY_SILENT_PERMILLE:
        flags.append(Flag("mostly_silent"))
    if identical:
        flags.append(Flag("identical_tracks"))
    elif len(tracks) > 1 and (_leaks(powers[0], powers[1]) or _leaks(powers[1], powers[0])):
        flags.append(Flag("crosstalk"))
    return flags


def _mean(powers: NDArray[np.float64]) -> float:
    return float(powers.mean()) if powers.size else 0.0


def _noise(powers: NDArray[np.float64], spoken: NDArray[np.bool_]) -> float:
    """Return the median power beside speech, digital silence left out; the quietest frames where all is speech."""
    beside = powers[~spoken & (powers > 0)]
    if beside.size:
        return float(np.median(beside))
    return float(np.percentile(powers, 2)) if spoken.any() and spoken.all() else 0.0


def _snr_cdb(level: float, noise: float) -> int:
    if noise <= 0:
        return _SNR_LIMIT_CDB
    return min(_SNR_LIMIT_CDB, max(0, _cdb(max(level - noise, 1e-12)) - _cdb(noise)))


def _cdb(power: float) -> int:
    return round(decibel(power) * 100)


def _extremes(samples: Samples) -> tuple[int, int, int]:
    """Return the peak, how many samples lie within 1 dB of full scale, and the sum of all."""
    peak = clipped = total = 0
    for chunk in chunks(samples):
        loudness = np.abs(chunk.astype(np.int32))
        peak = max(peak, int(loudness.max(initial=0)))
        clipped += int(np.count_nonzero(loudness >= _CLIP))
        total += int(chunk.sum(dtype=np.int64))
    return peak, clipped, total


def _dropouts(samples: Samples, speech: Sequence[Span], level: float) -> list[int]:
    """Return the lengths in samples of zeros of 20 ms to 1 s that begin and end abruptly inside speech.

    A pause that fades out and in, as on a line with noise suppression, is no drop-out.
    """
    loud = level * 10 ** (-_EDGE_BELOW_SPEECH_DB / 10)
    shortest, longest = _DROPOUT_SAMPLES
    gaps: list[int] = []
    for span in speech:
        sound = samples[round(span.start_s * SAMPLE_RATE) : round(span.end_s * SAMPLE_RATE)]
        quiet = np.concatenate(([False], (sound >= -1) & (sound <= 1), [False]))
        edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if not shortest <= end - start <= longest:
                continue
            before, after = sound[max(0, start - _EDGE_SAMPLES) : start], sound[end : end + _EDGE_SAMPLES]
            if min(_power(before), _power(after)) >= loud:
                gaps.append(end - start)
    return gaps


def _power(samples: Samples) -> float:
    return float(np.square(samples.astype(np.float64) / FULL_SCALE).mean()) if samples.size else 0.0


def _identical(first: Samples, second: Samples) -> bool:
    """Tell whether what differs between the tracks is 30 dB below what they hold (the same mono twice)."""
    if first.size != second.size or not first.size:
        return False
    difference = common = 0.0
    for ours, theirs in zip(chunks(first), chunks(second), strict=True):
        a, b = ours.astype(np.float64), theirs.astype(np.float64)
        difference += float(np.square(a - b).sum())
        common += float(np.square(a).sum() + np.square(b).sum())
    return common > 0 and difference <= common * 10 ** (_IDENTICAL_DB / 10)


def _leaks(source: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Tell whether one track is heard on the other within 0.3 s.

    Where the source is loud and the other track softer, the other's loudness must follow it at one delay markedly
    better than at delays no echo has.
    """
    near = max(_followed(source, other, lag) for lag in _ECHO_LAGS)
    far = max(_followed(source, other, lag) for lag in _OTHER_LAGS)
    return near >= _CROSSTALK and near - max(0.0, far) >= _CROSSTALK_LEAD


def _followed(source: NDArray[np.float64], other: NDArray[np.float64], lag: int) -> float:
    """Return the correlation of the two tracks' loudness, the other `lag` frames later; 0 on too little ground."""
    size = min(source.size, other.size) - lag
    ours, theirs = source[: max(0, size)], other[lag : lag + max(0, size)]
    loud = ours >= _mean(source[source > 0]) * 0.1
    both = loud & (theirs < ours / 2) & (theirs > ours * 10 ** (_CROSSTALK_DB / 10))
    if both.sum() < max(_CROSSTALK_FRAMES, loud.sum() / 4):
        return 0.0
    return _correlation(np.log(ours[both]), np.log(theirs[both]))


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    a, b = first - first.mean(), second - second.mean()
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / norm if norm else 0.0
