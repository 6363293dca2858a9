import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guitai.speech.activity import FRAME, FRAME_S, ActivityRule, spans_of
from guitai.speech.model import Span

EXACT = ActivityRule(pad_s=0.0, min_pause_s=0.0, min_speech_s=0.0)


def spans(probabilities, rule=EXACT):
    return spans_of(np.array(probabilities, np.float32), len(probabilities) * FRAME, rule)


def test_speech_begins_above_one_bound_and_ends_below_the_lower_one():
    assert spans([0.1, 0.4, 0.6, 0.4, 0.4, 0.3]) == [Span(round(2 * FRAME_S, 3), round(5 * FRAME_S, 3))]
    assert spans([0.4, 0.45, 0.4]) == []


def test_short_pauses_are_bridged_and_short_noises_left_out():
    rule = ActivityRule(pad_s=0.0, min_pause_s=0.1, min_speech_s=0.1)
    assert len(spans([1] * 10 + [0] * 2 + [1] * 10, rule)) == 1
    assert len(spans([1] * 10 + [0] * 4 + [1] * 10, rule)) == 2
    assert spans([0] * 5 + [1] * 2 + [0] * 5, rule) == []


def test_nothing_comes_of_nothing():
    assert spans([]) == []
    assert spans([0.0] * 50) == []


@given(
    st.lists(st.floats(0, 1, width=32), max_size=120),
    st.integers(0, FRAME - 1),
    st.floats(0, 0.5),
    st.floats(0, 0.5),
    st.floats(0, 0.5),
)
def test_spans_are_sorted_apart_and_inside(probabilities, missing, pause, speech, pad):
    samples = max(0, len(probabilities) * FRAME - missing)
    rule = ActivityRule(pad_s=pad, min_pause_s=pause, min_speech_s=speech)
    found = spans_of(np.array(probabilities, np.float32), samples, rule)
    edges = [edge for span in found for edge in (span.start_s, span.end_s)]
    assert edges == sorted(edges)
    assert all(span.start_s < span.end_s for span in found)
    assert all(0 <= edge <= samples / 16000 + 0.0005 for edge in edges)
