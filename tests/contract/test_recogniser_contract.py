"""What every recogniser keeps: the scripted one and Whisper alike."""

import os
from pathlib import Path

import numpy as np
import pytest

from guitai.adapters.asr.scripted import Line, ScriptedRecogniser
from guitai.settings import Settings
from guitai.speech.model import SAMPLE_RATE, Samples, Segment

REPO = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GUITAI_SHARED_DATA", REPO.parent / "shared" / "data"))
WHISPER = Settings.from_environment().models / "whisper-base"
CLIPS = ["BAC009S0150W0001", "BAC009S0150W0010", "BAC009S0150W0085", "BAC009S0150W0098", "BAC009S0150W0130"]


def clips() -> list[Samples]:
    if not (SHARED / "aishell").exists():
        pytest.skip("needs ../shared/data/aishell: real speech")
    from guitai.adapters.audio.decoding import PyAvDecoder

    decoder = PyAvDecoder()
    found = []
    for name in CLIPS:
        with (SHARED / "aishell" / f"{name}.flac").open("rb") as source:
            found.append(decoder.decode(source).tracks[0])
    return found


def segments(samples: list[Samples]) -> list[Segment]:
    return [
        Segment(f"c{place}", 0, 10.0, round(10.0 + len(one) / SAMPLE_RATE, 3), one) for place, one in enumerate(samples)
    ]


@pytest.fixture(scope="module")
def whisper():
    if not (WHISPER / "model.bin").exists():
        pytest.skip(f"needs the model in {WHISPER}: run `make env`")
    from guitai.adapters.asr.whisper import WhisperRecogniser

    return WhisperRecogniser(WHISPER)


@pytest.fixture(params=["scripted", "whisper"])
def recogniser_and_segments(request):
    if request.param == "whisper":
        return request.getfixturevalue("whisper"), segments(clips())
    given = segments([np.full(3 * SAMPLE_RATE, 1000, np.int16)] * 5)
    script = {(one.call, 0): [Line(10.5, 12.5, f"第{place}句话")] for place, one in enumerate(given)}
    return ScriptedRecogniser(script), given


def test_a_segment_gives_the_same_alone_and_among_others(recogniser_and_segments):
    recogniser, given = recogniser_and_segments
    together = recogniser.recognise(given)
    assert len(together) == len(given)
    assert recogniser.recognise(given[::-1])[::-1] == together
    assert [recogniser.recognise([one])[0] for one in given] == together
    for one, heard in zip(given, together, strict=True):
        assert heard.text
        assert 0 < heard.confidence <= 1
        assert 0 <= heard.no_speech <= 1
        times = [time for word in heard.words for time in (word.start_s, word.end_s)]
        assert times == sorted(times)
        assert one.start_s <= times[0]
        assert times[-1] <= one.end_s


def test_nothing_is_heard_in_nothing(recogniser_and_segments):
    recogniser, _ = recogniser_and_segments
    assert recogniser.recognise([]) == []


def test_a_careful_reading_is_of_the_same_segment(recogniser_and_segments):
    recogniser, given = recogniser_and_segments
    (heard,) = recogniser.recognise(given[:1], careful=True)
    assert heard.language == "zh"
    assert heard.text


def test_whisper_names_its_weights(whisper):
    assert whisper.model_id.startswith("whisper-base@905e5bf8")


def test_whisper_hears_what_is_said(whisper):
    heard = whisper.recognise(segments(clips())[1:2])[0]
    assert "花园" in heard.text or "花園" in heard.text
    assert heard.words[-1].end_s > heard.words[0].start_s + 0.5
