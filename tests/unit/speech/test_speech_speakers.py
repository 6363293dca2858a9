import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.interactions.model import Party
from guitai.speech.model import Span, Turn
from guitai.speech.speakers import DiarisationRule, TwoSpeakerDiariser, two_voices

RATE = 16000
RULE = DiarisationRule()


class LevelEmbedder:
    """Takes loudness for voice: below 1,000 one direction, above it another, with a little noise."""

    model_id = "level@1"

    def embed(self, stretches):
        rows = []
        for index, stretch in enumerate(stretches):
            generator = np.random.default_rng(index)
            row = generator.normal(0, 0.15, 8)
            share = float((np.abs(stretch) > 1000).mean())
            row[0] += 1 - share
            row[1] += share
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, np.float32)


def sound(*parts):
    return np.concatenate([np.full(round(seconds * RATE), level, np.int16) for seconds, level in parts])


def test_a_change_within_a_span_is_cut_where_it_is_quietest():
    samples = sound((6, 500), (0.1, 0), (6, 4000), (2, 0), (4, 500))
    spans = [Span(0.0, 12.1), Span(14.1, 18.1)]
    turns = TwoSpeakerDiariser(LevelEmbedder()).turns(samples, spans)
    assert [turn.speaker for turn in turns] == [0, 1, 0]
    assert turns[0].span.end_s == turns[1].span.start_s == pytest.approx(6.05, abs=0.06)
    assert (turns[0].span.start_s, turns[1].span.end_s, turns[2].span) == (0.0, 12.1, Span(14.1, 18.1))


def test_speaker_0_is_who_speaks_first():
    for first, second in ((500, 4000), (4000, 500)):
        samples = sound((8, first), (8, second))
        turns = TwoSpeakerDiariser(LevelEmbedder()).turns(samples, [Span(0.0, 8.0), Span(8.0, 16.0)])
        assert [turn.speaker for turn in turns] == [0, 1]


def test_one_voice_is_one_speaker():
    spans = [Span(0.0, 10.0), Span(11.0, 19.0)]
    turns = TwoSpeakerDiariser(LevelEmbedder()).turns(sound((20, 500)), spans)
    assert turns == [Turn(span, 0) for span in spans]


def test_too_little_speech_is_left_to_one_speaker():
    samples = sound((3, 500), (3, 4000))
    assert {turn.speaker for turn in TwoSpeakerDiariser(LevelEmbedder()).turns(samples, [Span(0.0, 6.0)])} == {0}
    assert TwoSpeakerDiariser(LevelEmbedder()).turns(samples, []) == []


def test_a_stray_window_does_not_change_the_speaker():
    samples = sound((6, 500), (0.3, 4000), (6, 500), (8, 4000))
    turns = TwoSpeakerDiariser(LevelEmbedder()).turns(samples, [Span(0.0, 12.3), Span(12.3, 20.3)])
    assert [turn.speaker for turn in turns] == [0, 1]


def test_parties_follow_what_is_said():
    said = {0: ["我要挂失我的卡丢了"], 1: ["您好请问有什么可以帮您"]}
    assert TwoSpeakerDiariser(LevelEmbedder()).parties(said) == {0: Party.CUSTOMER, 1: Party.AGENT}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.05, 4), st.floats(0, 3), st.booleans()), min_size=1, max_size=12))
def test_turns_cover_the_spans_exactly_in_order(pattern):
    parts, spans, at = [], [], 0.0
    for spoken, pause, loud in pattern:
        parts += [(spoken, 4000 if loud else 500), (pause + 0.01, 0)]
        spans.append(Span(round(at, 3), round(at + spoken, 3)))
        at += spoken + pause + 0.01
    turns = TwoSpeakerDiariser(LevelEmbedder()).turns(sound(*parts), spans)
    assert {turn.speaker for turn in turns} <= {0, 1}
    merged = []
    for turn in turns:
        assert turn.span.start_s <= turn.span.end_s
        if merged and merged[-1].end_s == turn.span.start_s and merged[-1] not in spans:
            merged[-1] = Span(merged[-1].start_s, turn.span.end_s)
        else:
            merged.append(turn.span)
    assert merged == spans


def cloud(count, direction, seed, spread=0.09):
    rows = np.random.default_rng(seed).normal(0, spread, (count, 64))
    rows[:, direction] += 1
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(("first", "second"), [(30, 30), (50, 8), (12, 4)])
def test_two_groups_of_vectors_are_two_voices(first, second):
    vectors = np.concatenate([cloud(first, 0, 1), cloud(second, 1, 2)])
    centroids = two_voices(vectors, RULE)
    labels = np.argmax(vectors @ centroids.T, axis=1)
    assert len(set(labels[:first])) == len(set(labels[first:])) == 1
    assert labels[0] != labels[-1]


@pytest.mark.parametrize("count", [1, 2, 5, 60])
def test_one_group_of_vectors_is_one_voice(count):
    assert two_voices(cloud(count, 0, 3), RULE) is None


def test_a_few_strays_are_no_second_voice():
    assert two_voices(np.concatenate([cloud(60, 0, 1), cloud(2, 1, 2)]), RULE) is None
