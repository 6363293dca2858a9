"""Segments are speech with short pauses inside, never longer than the recogniser hears."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guitai.speech.model import SAMPLE_RATE, Span
from guitai.speech.segmentation import cut, join, samples_of, widen


def test_short_pauses_join_and_long_ones_part():
    spans = [Span(0, 1), Span(1.3, 2), Span(3.0, 4)]
    assert join(spans) == [Span(0, 2), Span(3.0, 4)]


def test_joining_stops_before_too_long():
    assert join([Span(0, 20), Span(20.2, 27), Span(27.2, 30)]) == [Span(0, 27), Span(27.2, 30)]


def test_margins_meet_halfway_and_stay_inside_the_track():
    assert widen([Span(0.05, 1.0), Span(1.1, 2.0)], 2.05) == [Span(0.0, 1.05), Span(1.05, 2.05)]


def test_a_long_span_is_cut_where_it_is_quiet():
    samples = np.full(40 * SAMPLE_RATE, 3000, np.int16)
    samples[22 * SAMPLE_RATE : 23 * SAMPLE_RATE] = 0
    pieces = cut(samples, Span(0.0, 40.0))
    assert len(pieces) == 2
    assert 22.0 <= pieces[0].end_s <= 23.0
    assert pieces[1].end_s == 40.0


@given(st.floats(0.1, 200.0), st.floats(0.0, 50.0))
def test_pieces_cover_the_span_and_none_is_too_long(length_s, start_s):
    span = Span(start_s, start_s + length_s)
    pieces = cut(np.zeros(int((start_s + length_s) * SAMPLE_RATE) + 1, np.int16), span)
    assert pieces[0].start_s == span.start_s
    assert pieces[-1].end_s == span.end_s
    assert all(a.end_s == b.start_s for a, b in pairwise(pieces))
    assert all(0 < piece.end_s - piece.start_s <= 28.0 + 1e-9 for piece in pieces)


def test_samples_of_a_span():
    samples = np.arange(SAMPLE_RATE, dtype=np.int16)
    assert samples_of(samples, Span(0.25, 0.5)).tolist() == samples[4000:8000].tolist()
