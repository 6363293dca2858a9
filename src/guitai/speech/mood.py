"""Loudness, pitch and mood of each utterance, against the same party's usual voice; pure signal, no model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guitai.speech.model import SAMPLE_RATE, Samples, Span
from guitai.speech.signal import FRAME, decibel, frame_powers

CALM, TENSE, ANGRY, LOW = "calm", "tense", "angry", "low"

_WINDOW = 1024
_LOWEST_HZ, _HIGHEST_HZ = 70.0, 420.0
_VOICED = 0.55
_NEARLY = 0.85
_LEAST_VOICED = 5
_LONGEST_S = 30.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One utterance: RMS of its speech in dBFS (a tenth), median pitch in Hz (whole; None where hardly voiced)."""

    loudness_db: float
    pitch_hz: int | None


@dataclass(frozen=True)
class MoodRule:
    """How far from the party's own median an utterance must lie; decibels and semitones.

    Angry: louder by `loud_db` and, unless by `shout_db`, higher by `high_st`. Tense: only one of the two, by the same
    or `tense_db` louder and `tense_st` higher together. Low: softer by `soft_db` and not higher. Nothing is judged
    with fewer than `least` utterances, or of utterances shorter than `shortest_s`; and nothing softer than
    `shout_floor_db` is shouting.
    """

    loud_db: float = 5.0
    high_st: float = 2.5
    tense_db: float = 2.5
    tense_st: float = 2.0
    soft_db: float = 6.0
    shout_db: float = 8.0
    shout_floor_db: float = -32.0
    least: int = 3
    shortest_s: float = 0.4


class SignalMoodReader:
    """MoodReader by the rule above."""

    def __init__(self, rule: MoodRule | None = None) -> None:
        self.rule = rule or MoodRule()

    def moods(self, samples: Samples, spans: Sequence[Span]) -> list[str | None]:
        """Return calm, tense, angry, low or None for each span; all spans are one party's."""
        return judge([voice_of(samples, span) for span in spans], spans, self.rule)


def voice_of(samples: Samples, span: Span) -> Voice:
    """Measure one utterance; of a very long one its first half minute."""
    end_s = min(span.end_s, span.start_s + _LONGEST_S)
    sound = samples[max(0, round(span.start_s * SAMPLE_RATE)) : max(0, round(end_s * SAMPLE_RATE))]
    powers = frame_powers(sound)
    spoken = powers >= powers.max(initial=0.0) * 0.01
    level = float(powers[spoken].mean()) if powers.size and powers.max() > 0 else 0.0
    return Voice(round(decibel(level), 1), _median_pitch(sound, powers))


def judge(voices: Sequence[Voice], spans: Sequence[Span], rule: MoodRule) -> list[str | None]:
    """Name each utterance's mood by the rule, from figures alone."""
    long_enough = [span.end_s - span.start_s >= rule.shortest_s for span in spans]
    counted = [voice for voice, enough in zip(voices, long_enough, strict=True) if enough]
    if len(counted) < rule.least:
        return [None] * len(voices)
    usual_db = float(np.median([voice.loudness_db for voice in counted]))
    pitches = [voice.pitch_hz for voice in counted if voice.pitch_hz]
    usual_hz = float(np.median(pitches)) if pitches else None
    return [
        _mood(voice, usual_db, usual_hz, rule) if enough else None
        for voice, enough in zip(voices, long_enough, strict=True)
    ]


def is_shouting(loudness_db: float, usual_db: float, rule: MoodRule | None = None) -> bool:
    """Tell whether an utterance is shouted: far above the party's own median, and loud in itself."""
    rule = rule or MoodRule()
    return loudness_db - usual_db >= rule.shout_db and loudness_db >= rule.shout_floor_db


def _mood(voice: Voice, usual_db: float, usual_hz: float | None, rule: MoodRule) -> str:
    louder = round(voice.loudness_db - usual_db, 1)
    higher = round(12 * math.log2(voice.pitch_hz / usual_hz), 2) if voice.pitch_hz and usual_hz else 0.0
    if is_shouting(voice.loudness_db, usual_db, rule) or (louder >= rule.loud_db and higher >= rule.high_st):
        return ANGRY
    if louder >= rule.loud_db or higher >= 2 * rule.high_st or (louder >= rule.tense_db and higher >= rule.tense_st):
        return TENSE
    if louder <= -rule.soft_db and higher < rule.tense_st:
        return LOW
    return CALM


def _median_pitch(sound: Samples, powers: NDArray[np.float64]) -> int | None:
    """Return the median pitch of the voiced ones among the loud frames, by autocorrelation over 64 ms below 900 Hz."""
    loud = np.flatnonzero(powers >= powers.max(initial=0.0) * 0.05) if powers.size else np.zeros(0, np.int_)
    starts = loud[loud * FRAME + _WINDOW <= sound.size][::2] * FRAME
    if starts.size < _LEAST_VOICED or not sound.any():
        return None
    frames = np.stack([sound[start : start + _WINDOW] for start in starts]).astype(np.float64)
    frames -= frames.mean(axis=1, keepdims=True)
    spectrum = np.square(np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), 2 * _WINDOW, axis=1)))
    spectrum[:, int(900 * 2 * _WINDOW / SAMPLE_RATE) :] = 0.0
    correlation = np.fft.irfft(spectrum, axis=1)
    shortest, longest = int(SAMPLE_RATE / _HIGHEST_HZ), int(SAMPLE_RATE / _LOWEST_HZ)
    window = _taper_correlation()
    periods = correlation[:, shortest:longest] / (correlation[:, :1] * window[shortest:longest])
    strength = periods.max(axis=1)
    # Twice the true period fits nearly as well: the shortest peak that is nearly the highest is the pitch.
    peaks = (periods[:, 1:-1] >= periods[:, :-2]) & (periods[:, 1:-1] >= periods[:, 2:])
    first = np.argmax(peaks & (periods[:, 1:-1] >= _NEARLY * strength[:, None]), axis=1) + 1
    voiced = (strength >= _VOICED) & peaks.any(axis=1)
    pitch = SAMPLE_RATE / (first[voiced] + shortest)
    return round(float(np.median(pitch))) if pitch.size >= _LEAST_VOICED else None


def _taper_correlation() -> NDArray[np.float64]:
    """Return the taper's own autocorrelation, which otherwise favours short periods."""
    spectrum = np.square(np.abs(np.fft.rfft(np.hanning(_WINDOW), 2 * _WINDOW)))
    correlation = np.fft.irfft(spectrum)[:_WINDOW]
    return correlation / correlation[0]
