import os
import time
from pathlib import Path

import numpy as np
import pytest

from guitai.adapters.audio.decoding import PyAvDecoder
from guitai.adapters.vad.silero import SILENT_FRAMES, SileroVoiceActivity
from guitai.settings import Settings
from guitai.speech.activity import FRAME

MODEL = Settings.from_environment().models / "silero-vad"
SHARED = Path(os.environ.get("GUITAI_SHARED_DATA") or Path(__file__).parents[5] / "shared" / "data")
CALL = SHARED / "telephone-en" / "Auto_Repairs_40_UTC_caller.flac"

pytestmark = pytest.mark.skipif(not MODEL.is_dir(), reason="the models are not in place: make env")
real = pytest.mark.skipif(not CALL.is_file(), reason=f"{CALL} is absent: the shared data is not on this machine")


@pytest.fixture(scope="module")
def voice():
    return SileroVoiceActivity(MODEL)


@pytest.fixture(scope="module")
def call():
    with CALL.open("rb") as source:
        return PyAvDecoder().decode(source).tracks[0][: 60 * 16000]


def test_silence_noise_and_tones_are_no_speech(voice):
    generator = np.random.default_rng(1)
    noise = (generator.normal(0, 300, 16000 * 4)).astype(np.int16)
    tone = (np.sin(np.arange(16000 * 4) * 2 * np.pi * 450 / 16000) * 6000).astype(np.int16)
    for sound in (np.zeros(16000 * 4, np.int16), noise, tone, np.zeros(0, np.int16)):
        assert voice.spans(sound) == []


def test_the_model_is_named_with_what_it_is(voice):
    assert voice.model_id == "silero-vad@9ccdacc4719d"


@real
def test_real_speech_is_found_in_order_and_inside(voice, call):
    spans = voice.spans(call)
    spoken = sum(span.end_s - span.start_s for span in spans)
    assert 15 < spoken < 45
    assert spans == voice.spans(call)
    edges = [edge for span in spans for edge in (span.start_s, span.end_s)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= 60


@real
def test_frames_in_blocks_equal_frames_in_one_call(voice, call, monkeypatch):
    # The line noise keeps the model from being spared any frame.
    noisy = np.maximum(call, 1)[: 20 * 16000]
    blocks = voice.probabilities(noisy)
    monkeypatch.setattr("guitai.adapters.vad.silero.FRAMES_A_CALL", 10_000)
    assert np.allclose(blocks, voice.probabilities(noisy), atol=1e-5)


@real
def test_long_digital_silence_changes_nothing_and_costs_nothing(voice, call):
    speech = call[: 20 * 16000 // FRAME * FRAME]
    hold = np.zeros(3600 * 16000 // FRAME * FRAME, np.int16)
    before = voice.probabilities(speech)
    start = time.perf_counter()
    held = voice.probabilities(np.concatenate([speech, hold, speech]))
    assert time.perf_counter() - start < 10
    count = before.size
    assert np.array_equal(held[:count], before)
    assert not held[count + SILENT_FRAMES : -count].any()
    assert np.allclose(held[-count:], before, atol=0.05)
