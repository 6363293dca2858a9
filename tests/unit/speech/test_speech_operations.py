"""Calls are transcribed many at a time, and each as if it were alone."""

from collections.abc import Iterator

import numpy as np
import pytest

from guitai.adapters.asr.scripted import Line, ScriptedRecogniser
from guitai.interactions.model import Party
from guitai.speech.model import SAMPLE_RATE, CallAudio, Samples, Span, Turn
from guitai.speech.operations import OPENING_SEGMENTS, WINDOW_S, SpeechEngine, transcribe


class LoudIsSpeech:
    """Speech wherever a tenth of a second is not silent."""

    model_id = "loud"

    def spans(self, samples: Samples) -> list[Span]:
        step = SAMPLE_RATE // 10
        loud = [bool(samples[at : at + step].any()) for at in range(0, len(samples), step)]
        edges = np.flatnonzero(np.diff([False, *loud, False]))
        return [Span(start / 10, end / 10) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def track(lines: list[Line], duration_s: float) -> Samples:
    samples = np.zeros(int(duration_s * SAMPLE_RATE), np.int16)
    for line in lines:
        samples[int(line.start_s * SAMPLE_RATE) : int(line.end_s * SAMPLE_RATE)] = 3277
    return samples


def stereo(name: str, agent: list[Line], customer: list[Line], duration_s: float) -> CallAudio:
    tracks = [track(agent, duration_s), track(customer, duration_s)]
    return CallAudio(name, tracks, (Party.AGENT, Party.CUSTOMER))


AGENT = [Line(1.0, 3.0, "您好请问有什么可以帮您"), Line(8.0, 10.0, "请報一下手机号")]
CUSTOMER = [Line(4.0, 6.0, "我要挂失"), Line(9.5, 13.0, "137-009-7-2714")]


@pytest.fixture
def engine() -> SpeechEngine:
    script = {("a", 0): AGENT, ("a", 1): CUSTOMER, ("b", 0): [Line(0.5, 2.0, "hello there", "en")], ("b", 1): []}
    return SpeechEngine(ScriptedRecogniser(script), LoudIsSpeech())


def test_parties_stay_apart_and_in_the_order_they_began(engine):
    (call,) = transcribe([stereo("a", AGENT, CUSTOMER, 15.0)], engine)
    assert [(u.index, u.party, u.spoken) for u in call.utterances] == [
        (0, Party.AGENT, "您好请问有什么可以帮您"),
        (1, Party.CUSTOMER, "我要挂失"),
        (2, Party.AGENT, "请报一下手机号"),
        (3, Party.CUSTOMER, "一三七零零九七二七一四"),
    ]
    assert call.utterances[3].text == "13700972714"
    assert call.language == "zh"
    assert call.model_ids == ("scripted", "loud")
    assert call.speech[0] == (Span(1.0, 3.0), Span(8.0, 10.0))
    assert call.utterances[0].loudness_db == pytest.approx(-20.6, abs=1.0)


def test_words_lie_in_order_inside_their_utterance(engine):
    (call,) = transcribe([stereo("a", AGENT, CUSTOMER, 15.0)], engine)
    for utterance in call.utterances:
        times = [time for word in utterance.words for time in (word.start_s, word.end_s)]
        assert times == sorted(times)
        assert utterance.start_s <= times[0]
        assert times[-1] <= utterance.end_s
        assert "".join(word.text for word in utterance.words) == utterance.spoken


def test_english_is_left_as_it_is(engine):
    (call,) = transcribe([stereo("b", [Line(0.5, 2.0, "")], [], 3.0)], engine)
    assert [(u.text, u.language) for u in call.utterances] == [("hello there", "en")]
    assert call.language == "en"


def test_a_call_without_speech_has_an_empty_transcript(engine):
    (call,) = transcribe([stereo("silent", [], [], 3.0)], engine)
    assert call.utterances == ()
    assert call.speech == ((), ())


def test_no_calls_give_nothing(engine):
    assert list(transcribe([], engine)) == []


def many(count: int) -> tuple[dict[tuple[str, int], list[Line]], list[CallAudio]]:
    script: dict[tuple[str, int], list[Line]] = {}
    calls: list[CallAudio] = []
    for number in range(count):
        name = f"c{number}"
        length = 1 + (number * 7) % 23
        lines = [Line(4.0 * place, 4.0 * place + 2.5, f"第{chr(0x4E00 + place)}句话") for place in range(length)]
        script[name, 0] = lines
        calls.append(CallAudio(name, [lambda lines=lines: track(lines, lines[-1].end_s + 1)], (Party.AGENT,)))
    return script, calls


def test_calls_come_in_order_and_as_if_alone():
    script, calls = many(60)
    together = list(transcribe(calls, SpeechEngine(ScriptedRecogniser(script), LoudIsSpeech())))
    assert [call.id for call in together] == [call.id for call in calls]
    for call, transcript in zip(calls, together, strict=True):
        (alone,) = transcribe([call], SpeechEngine(ScriptedRecogniser(script), LoudIsSpeech()))
        assert alone == transcript
        assert len(transcript.utterances) == len(script[call.id, 0])


def test_segments_of_many_calls_are_asked_together_and_no_window_overflows():
    script, calls = many(200)
    recogniser = ScriptedRecogniser(script)
    list(transcribe(calls, SpeechEngine(recogniser, LoudIsSpeech())))
    assert len({segment.call for segment in recogniser.asked[0]}) > 10
    for asked in recogniser.asked:
        assert sum(segment.end_s - segment.start_s for segment in asked) <= WINDOW_S + OPENING_SEGMENTS * 28


def test_calls_are_opened_only_as_they_are_needed():
    script, calls = many(200)
    opened = 0

    def reading() -> Iterator[CallAudio]:
        nonlocal opened
        for call in calls:
            opened += 1
            yield call

    transcripts = transcribe(reading(), SpeechEngine(ScriptedRecogniser(script), LoudIsSpeech()))
    next(transcripts)
    assert opened < 100


def test_the_rest_of_a_call_is_told_the_language_of_its_opening():
    lines = [Line(4.0 * place, 4.0 * place + 2.5, "hello there", "en") for place in range(12)]
    recogniser = ScriptedRecogniser({("a", 0): lines})
    list(transcribe([CallAudio("a", [track(lines, 60.0)], (Party.AGENT,))], SpeechEngine(recogniser, LoudIsSpeech())))
    languages = [segment.language for asked in recogniser.asked for segment in asked]
    assert languages == [None] * OPENING_SEGMENTS + ["en"] * 6


class OddTurns:
    """Every other span is another speaker; who greets is the agent."""

    model_id = "odd"

    def turns(self, samples, spans):
        return [Turn(span, place % 2) for place, span in enumerate(spans)]

    def parties(self, said):
        return {
            speaker: Party.AGENT if any("您好" in text for text in texts) else Party.CUSTOMER
            for speaker, texts in said.items()
        }


def test_a_mixed_call_is_told_apart_and_its_parties_named():
    lines = [
        Line(1.0, 2.0, "喂"),
        Line(2.5, 5.0, "您好这里是银行"),
        Line(6.0, 8.0, "我要挂失"),
        Line(9.0, 10.0, "好的"),
    ]
    call = CallAudio("mono", [track(lines, 11.0)], None)
    engine = SpeechEngine(ScriptedRecogniser({("mono", 0): lines}), LoudIsSpeech(), OddTurns())
    (transcript,) = transcribe([call], engine)
    assert [u.party for u in transcript.utterances] == [Party.CUSTOMER, Party.AGENT, Party.CUSTOMER, Party.AGENT]
    assert transcript.model_ids == ("scripted", "loud", "odd")


def test_a_mixed_call_without_a_diariser_has_unknown_parties():
    lines = [Line(1.0, 2.0, "喂")]
    engine = SpeechEngine(ScriptedRecogniser({("mono", 0): lines}), LoudIsSpeech())
    (transcript,) = transcribe([CallAudio("mono", [track(lines, 3.0)], None)], engine)
    assert [u.party for u in transcript.utterances] == [Party.UNKNOWN]


class Tense:
    """Everyone is tense."""

    def moods(self, samples, spans):
        return ["tense"] * len(spans)


def test_moods_are_those_of_the_spans():
    lines = [Line(1.0, 2.0, "喂")]
    engine = SpeechEngine(ScriptedRecogniser({("a", 0): lines}), LoudIsSpeech(), moods=Tense())
    (transcript,) = transcribe([CallAudio("a", [track(lines, 3.0)], (Party.CUSTOMER,))], engine)
    assert [u.mood for u in transcript.utterances] == ["tense"]
