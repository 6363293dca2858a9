import os
from pathlib import Path

import numpy as np
import pytest

from guitai.adapters.audio.decoding import PyAvDecoder
from guitai.adapters.speakers.dvector import DIMENSIONS, DVectorEmbedder
from guitai.adapters.vad.silero import SileroVoiceActivity
from guitai.settings import Settings
from guitai.speech.speakers import TwoSpeakerDiariser

MODELS = Settings.from_environment().models
SHARED = Path(os.environ.get("GUITAI_SHARED_DATA") or Path(__file__).parents[5] / "shared" / "data")
CALL = SHARED / "telephone-en"
RATE = 16000

pytestmark = pytest.mark.skipif(
    not (MODELS / "speaker-embedder").is_dir(), reason="the models are not in place: make env"
)
real = pytest.mark.skipif(not CALL.is_dir(), reason=f"{CALL} is absent: the shared data is not on this machine")


@pytest.fixture(scope="module")
def embedder():
    return DVectorEmbedder(MODELS / "speaker-embedder")


@pytest.fixture(scope="module")
def legs():
    decoded = []
    for leg in ("agent", "caller"):
        with (CALL / f"Auto_Repairs_40_UTC_{leg}.flac").open("rb") as source:
            decoded.append(PyAvDecoder().decode(source).tracks[0][: 100 * RATE])
    return decoded


@pytest.fixture(scope="module")
def voice():
    return SileroVoiceActivity(MODELS / "silero-vad")


def test_vectors_have_length_one_whatever_the_stretch(embedder):
    noise = np.random.default_rng(1).normal(0, 2000, RATE * 3).astype(np.int16)
    vectors = embedder.embed([noise, noise[:4000], noise[:1], np.zeros(RATE, np.int16)])
    assert vectors.shape == (4, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, embedder.embed([noise, noise[:4000], noise[:1], np.zeros(RATE, np.int16)]))
    assert embedder.embed([]).shape == (0, DIMENSIONS)
    with pytest.raises(ValueError, match="no voice"):
        embedder.embed([np.zeros(0, np.int16)])


@real
def test_one_voice_is_nearer_to_itself_than_to_another(embedder, legs, voice):
    stretches = []
    for leg in legs:
        spans = [span for span in voice.spans(leg) if span.end_s - span.start_s > 2][:3]
        stretches += [leg[round(span.start_s * RATE) : round(span.end_s * RATE)] for span in spans]
    vectors = embedder.embed(stretches)
    similarity = vectors @ vectors.T
    assert min(similarity[0, 1], similarity[0, 2], similarity[3, 4], similarity[3, 5]) > similarity[:3, 3:].max() + 0.1


@real
def test_a_mixed_call_falls_apart_into_its_legs(embedder, legs, voice):
    """Of the time when one party alone speaks, at most 3 % goes to the other; pauses are cut out to make it hard."""
    heard = [marks(voice.spans(leg), legs[0].size) for leg in legs]
    anyone = np.repeat(heard[0] | heard[1], RATE // 100)
    agent, caller = (leg[: anyone.size][anyone] for leg in legs)
    mixed = np.clip(agent.astype(int) + caller, -32768, 32767).astype(np.int16)
    turns = TwoSpeakerDiariser(embedder).turns(mixed, voice.spans(mixed))
    truth = [marks(voice.spans(leg), mixed.size) for leg in (agent, caller)]
    found = [marks([turn.span for turn in turns if turn.speaker == speaker], mixed.size) for speaker in (0, 1)]
    alone = truth[0] ^ truth[1]
    wrong = min(((found[a] & alone & ~truth[0]) | (found[1 - a] & alone & ~truth[1])).sum() for a in (0, 1))
    assert wrong / alone.sum() < 0.03


@real
def test_one_leg_is_one_speaker(embedder, legs, voice):
    for leg in legs:
        turns = TwoSpeakerDiariser(embedder).turns(leg, voice.spans(leg))
        assert {turn.speaker for turn in turns} == {0}


def marks(spans, samples):
    marked = np.zeros(samples * 100 // RATE, bool)
    for span in spans:
        marked[round(span.start_s * 100) : round(span.end_s * 100)] = True
    return marked
