import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.kernel.canonical import canonical_json
from guitai.speech.model import Span
from guitai.speech.quality import CAUSES, Flag, measure_call, measure_track

RATE = 16000


def talk(pattern, seed=1, level=3000.0, floor=20.0):
    """Sound like speech in the seconds where `pattern` has an x, line noise elsewhere; and its spans."""
    generator = np.random.default_rng(seed)
    sound = generator.normal(0, floor, len(pattern) * RATE)
    spans = []
    for second, mark in enumerate(pattern):
        if mark == "x":
            syllables = np.interp(np.arange(RATE), np.linspace(0, RATE, 12), generator.uniform(0.3, 1.2, 12))
            sound[second * RATE : (second + 1) * RATE] += generator.normal(0, level, RATE) * syllables
            spans.append(Span(float(second), float(second + 1)))
    return np.clip(sound, -32768, 32767).astype(np.int16), spans


def codes(tracks, speech, decoding=()):
    return [(flag.code, flag.track) for flag in measure_call(tracks, speech, decoding).flags]


@pytest.fixture
def agent():
    return talk("xxx---xxx---xxx---")


@pytest.fixture
def customer():
    return talk("---xxx---xxx---xxx", seed=2)


def test_a_good_call_has_figures_and_no_flags(agent, customer):
    quality = measure_call([agent[0], customer[0]], [agent[1], customer[1]])
    assert quality.flags == ()
    first = quality.tracks[0]
    assert (first.duration_ms, first.speech_ms, first.silence_permille) == (18000, 9000, 500)
    assert first.level_cdb == pytest.approx(-2280, abs=100)
    assert first.noise_cdb == pytest.approx(-6430, abs=60)
    assert first.snr_cdb == pytest.approx(first.level_cdb - first.noise_cdb, abs=20)
    assert (first.dropouts, first.dropout_ms, first.clipping_ppm) == (0, 0, 0)


def test_the_figures_are_whole_numbers_fit_for_hashing(agent):
    assert canonical_json(dataclasses.asdict(measure_track(*agent)))


def test_clipping(agent, customer):
    loud = np.clip(agent[0].astype(int) * 12, -32768, 32767).astype(np.int16)
    assert ("clipping", 0) in codes([loud, customer[0]], [agent[1], customer[1]])


def test_a_voice_too_soft(agent, customer):
    assert ("low_level", 1) in codes([agent[0], customer[0] // 30], [agent[1], customer[1]])


def test_noise_as_loud_as_the_voice(customer):
    sound, spans = talk("xxx---xxx---xxx---", floor=1500)
    assert ("noise", 0) in codes([sound, customer[0]], [spans, customer[1]])


def test_gaps_cut_into_speech_are_counted_and_pauses_are_not(agent, customer):
    sound = agent[0].copy()
    for start in (0.5, 1.5, 2.5, 6.5):
        sound[int(start * RATE) : int(start * RATE) + 800] = 0
    whole = [Span(0.0, 3.0), *agent[1][3:]]
    quality = measure_call([sound, customer[0]], [whole, customer[1]])
    assert (quality.tracks[0].dropouts, quality.tracks[0].dropout_ms) == (4, 200)
    assert Flag("dropouts", 0) in quality.flags
    faded = agent[0].astype(float)
    fade = np.concatenate([np.linspace(1, 0, 1600) ** 2, np.zeros(800), np.linspace(0, 1, 1600) ** 2])
    for start in (0.5, 1.5, 2.5, 6.5):
        faded[int(start * RATE) : int(start * RATE) + 4000] *= fade
    assert measure_track(faded.astype(np.int16), whole).dropouts == 0


def test_direct_current(agent, customer):
    shifted = (agent[0].astype(int) + 1500).astype(np.int16)
    quality = measure_call([shifted, customer[0]], [agent[1], customer[1]])
    assert Flag("dc_offset", 0) in quality.flags
    assert quality.tracks[0].snr_cdb == measure_track(*agent).snr_cdb


def test_one_party_is_not_heard(agent):
    assert codes([agent[0], np.zeros_like(agent[0])], [agent[1], []]) == [("one_way", 1)]


def test_nobody_is_heard():
    silence = np.zeros(RATE * 5, np.int16)
    assert codes([silence], [[]]) == [("no_speech", None)]
    assert codes([silence, silence], [[], []]) == [("no_speech", None)]
    assert codes([np.zeros(0, np.int16)], [[]]) == [("no_speech", None)]


def test_the_same_mono_on_both_tracks(agent):
    assert ("identical_tracks", None) in codes([agent[0], agent[0]], [agent[1], agent[1]])
    nearly = np.round(agent[0] * 0.99).astype(np.int16)
    assert ("identical_tracks", None) in codes([agent[0], nearly], [agent[1], agent[1]])


def test_one_party_leaks_onto_the_other_track(agent, customer):
    echo = (customer[0] + np.roll(agent[0], 1600) * 0.2).astype(np.int16)
    assert ("crosstalk", None) in codes([agent[0], echo], [agent[1], customer[1]])


def test_hardly_any_speech():
    sound, spans = talk("x" + "-" * 29)
    assert ("mostly_silent", None) in codes([sound], [spans])


def test_what_the_decoder_saw_is_kept(agent):
    flags = measure_call([agent[0]], [agent[1]], ("damaged", "truncated")).flags
    assert [flag.code for flag in flags] == ["truncated", "damaged"]
    assert flags[0].words == "待复核：录音不完整"


def test_every_cause_has_its_words():
    assert all(Flag(code).words == f"待复核：{words}" for code, words in CAUSES.items())


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 4000), st.booleans())
def test_figures_do_not_depend_on_polarity_and_flags_not_on_trailing_samples(seed, extra, negate):
    generator = np.random.default_rng(seed)
    sound = np.clip(generator.normal(0, 2000, RATE * 2), -32000, 32000).astype(np.int16)
    spans = [Span(0.2, 1.1)]
    base = measure_track(sound, spans)
    if negate:
        assert dataclasses.replace(measure_track(-sound, spans), dc_ppm=base.dc_ppm) == base
    longer = measure_track(np.concatenate([sound, np.zeros(extra, np.int16)]), spans)
    assert longer.level_cdb == base.level_cdb
    assert longer.peak_cdb == base.peak_cdb
    assert 0 <= longer.silence_permille <= 1000
    assert 0 <= longer.clipping_ppm <= 1_000_000
    assert longer.snr_cdb >= 0
