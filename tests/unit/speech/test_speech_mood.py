import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.speech.model import Span
from guitai.speech.mood import MoodRule, SignalMoodReader, Voice, is_shouting, judge, voice_of

RATE = 16000


def voice(hertz, level, seconds=1.5):
    time = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, 9))
    return (wave * level).astype(np.int16)


@pytest.mark.parametrize("hertz", [85, 110, 150, 220, 300, 380])
def test_pitch_is_measured(hertz):
    assert voice_of(voice(hertz, 2000), Span(0, 1.5)).pitch_hz == pytest.approx(hertz, rel=0.02)


def test_noise_and_silence_have_no_pitch():
    noise = np.random.default_rng(3).normal(0, 2000, RATE * 2).astype(np.int16)
    assert voice_of(noise, Span(0, 2)).pitch_hz is None
    assert voice_of(np.zeros(RATE, np.int16), Span(0, 1)) == Voice(-96.0, None)
    assert voice_of(np.zeros(0, np.int16), Span(0, 1)) == Voice(-96.0, None)


def test_loudness_is_that_of_the_speech_not_of_the_pauses():
    sound = np.concatenate([voice(150, 3000), np.zeros(RATE * 3, np.int16)])
    assert voice_of(sound, Span(0, 4.5)).loudness_db == voice_of(sound, Span(0, 1.5)).loudness_db


def test_each_utterance_is_judged_against_the_same_voice():
    says = [(150, 1500), (150, 1400), (150, 6000), (148, 1500), (195, 3000), (146, 500), (152, 1450)]
    sound = np.concatenate([voice(*how) for how in says])
    spans = [Span(index * 1.5, (index + 1) * 1.5) for index in range(len(says))]
    moods = SignalMoodReader().moods(sound, spans)
    assert moods == ["calm", "calm", "angry", "calm", "angry", "low", "calm"]
    assert moods == SignalMoodReader().moods(sound, spans)


def test_too_little_speech_is_not_judged():
    sound = voice(150, 2000)
    assert SignalMoodReader().moods(sound, [Span(0, 1.5), Span(0, 1.5)]) == [None, None]
    spans = [Span(0, 1.5)] * 3 + [Span(0, 0.2)]
    assert SignalMoodReader().moods(sound, spans) == ["calm", "calm", "calm", None]
    assert SignalMoodReader().moods(sound, []) == []


def test_shouting_is_far_above_the_own_voice_and_loud_in_itself():
    assert is_shouting(-14.0, -25.0)
    assert not is_shouting(-20.0, -25.0)
    assert not is_shouting(-40.0, -60.0)


@given(
    st.lists(st.tuples(st.integers(-60, -5), st.none() | st.integers(70, 400)), min_size=3, max_size=12),
    st.integers(-10, 10),
)
def test_a_louder_line_is_no_other_mood(figures, gain):
    """All but shouting, which has a floor, is relative: the line's gain does not matter."""
    rule = MoodRule(shout_floor_db=-200.0)
    spans = [Span(0, 1)] * len(figures)
    usual = judge([Voice(float(db), hertz) for db, hertz in figures], spans, rule)
    assert judge([Voice(float(db + gain), hertz) for db, hertz in figures], spans, rule) == usual
