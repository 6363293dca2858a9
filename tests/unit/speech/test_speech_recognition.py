"""What loops is asked again; what still loops is flagged and cut; what nobody said is dropped."""

import numpy as np
import pytest

from guitai.adapters.asr.scripted import Line, ScriptedRecogniser
from guitai.interactions.model import Word
from guitai.speech.model import SAMPLE_RATE, Recognition, Segment
from guitai.speech.recognition import UNSURE, hear

SENTENCE = "八月该剧场向法庭起诉国际奥委会"


def segment(length_s: float = 5.0) -> Segment:
    return Segment("a", 0, 0.0, length_s, np.full(int(length_s * SAMPLE_RATE), 1000, np.int16))


class Always:
    """Says the same whatever it hears, and counts how often it was asked."""

    model_id = "always"

    def __init__(self, recognition: Recognition) -> None:
        self.recognition = recognition
        self.asked: list[tuple[int, bool]] = []

    def recognise(self, segments, *, careful=False):
        self.asked.append((len(segments), careful))
        return [self.recognition] * len(segments)


def test_only_what_loops_is_asked_again_and_the_careful_reading_stands():
    script = {("a", 0): [Line(0.0, 5.0, SENTENCE)], ("b", 0): [Line(0.0, 5.0, "好的谢谢")]}
    recogniser = ScriptedRecogniser(script, loops=frozenset([SENTENCE]))
    other = Segment("b", 0, 0.0, 5.0, segment().samples)
    first, second = hear(recogniser, [segment(), other])
    assert (first.text, first.looped, first.confidence) == (SENTENCE, False, 0.9)
    assert second.text == "好的谢谢"
    assert [len(asked) for asked in recogniser.asked] == [2, 1]


def test_what_loops_for_ever_is_cut_flagged_and_never_confident():
    words = tuple(Word(char, place * 0.1, place * 0.1 + 0.1, 0.99) for place, char in enumerate(SENTENCE * 8))
    recogniser = Always(Recognition(SENTENCE * 8, "zh", 0.95, words))
    (heard,) = hear(recogniser, [segment()])
    assert heard.looped
    assert heard.confidence <= 0.2
    assert heard.text.startswith(SENTENCE)
    assert len(heard.text) <= 2 * len(SENTENCE)
    assert "".join(word.text for word in heard.words) == heard.text
    assert [careful for _, careful in recogniser.asked] == [False, True, True]


def test_a_short_loop_is_not_halved():
    recogniser = Always(Recognition("我要挂失" * 20, "zh", 0.9))
    (heard,) = hear(recogniser, [segment(2.0)])
    assert (heard.text, heard.looped) == ("我要挂失", True)
    assert len(recogniser.asked) == 2


@pytest.mark.parametrize(
    "imagined",
    [
        Recognition("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "zh", 0.6, no_speech=0.1),
        Recognition("字幕by索兰娅", "zh", 0.5, no_speech=0.7),
        Recognition("Thanks for watching!", "en", 0.75, no_speech=0.1),
        Recognition("谢谢观看", "zh", 0.9, no_speech=0.4),
        Recognition("嗯", "zh", 0.2, no_speech=0.9),
        Recognition("。。。", "zh", 0.9, no_speech=0.0),
    ],
)
def test_what_nobody_said_is_dropped(imagined):
    (heard,) = hear(Always(imagined), [segment()])
    assert heard.text == ""
    assert heard.words == ()


@pytest.mark.parametrize(
    "said",
    [
        Recognition("我想订阅短信提醒", "zh", 0.7, no_speech=0.1),
        Recognition("嗯", "zh", 0.5, no_speech=0.7),
        Recognition("谢谢", "zh", 0.4, no_speech=0.2),
    ],
)
def test_what_was_said_stays(said):
    assert hear(Always(said), [segment()]) == [said]


def test_nothing_asked_is_nothing_heard():
    recogniser = Always(Recognition("", "zh", 0.0))
    assert hear(recogniser, []) == []
    assert recogniser.asked == []


class Unsure:
    """Reads at first without being sure, then carefully, with the confidences given."""

    model_id = "unsure"

    def __init__(self, first: float, careful: float) -> None:
        self.confidences = {False: first, True: careful}
        self.asked: list[bool] = []

    def recognise(self, segments, *, careful=False):
        self.asked.append(careful)
        text = "我要还款" if careful else "我要环款"
        return [Recognition(text, "zh", self.confidences[careful]) for _ in segments]


@pytest.mark.parametrize(
    ("first", "careful", "text", "asked"),
    [
        (UNSURE - 0.05, UNSURE, "我要还款", [False, True]),
        (UNSURE - 0.05, UNSURE - 0.1, "我要环款", [False, True]),
        (UNSURE, 0.9, "我要环款", [False]),
    ],
)
def test_what_is_unsure_is_read_once_more_and_the_surer_reading_kept(first, careful, text, asked):
    recogniser = Unsure(first, careful)
    (heard,) = hear(recogniser, [segment()])
    assert (heard.text, recogniser.asked) == (text, asked)
