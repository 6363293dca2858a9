"""A transcript: the same again after sealing, masked in both forms and in its words."""

from hypothesis import given
from hypothesis import strategies as st

from guitai.interactions.model import Party, Utterance, Word
from guitai.transcripts.model import Transcript, mask_transcript

TEXTS = st.text(max_size=30)
TIMES = st.integers(0, 10_000_000).map(lambda milli: milli / 1000)
WORDS = st.builds(Word, TEXTS, TIMES, TIMES, TIMES)
UTTERANCES = st.builds(
    Utterance, st.integers(0, 99), st.sampled_from(Party), TIMES, TIMES, TEXTS, TEXTS, words=st.lists(WORDS).map(tuple),
    loudness_db=st.none() | TIMES, mood=st.none() | st.just("calm"),
)  # fmt: skip


@given(st.lists(UTTERANCES, max_size=4).map(tuple), TEXTS)
def test_it_comes_back_as_it_was(utterances: tuple[Utterance, ...], language: str) -> None:
    transcript = Transcript(utterances, language, ("whisper", "silero"))
    assert Transcript.from_bytes(transcript.to_bytes()) == transcript


def said(index: int, text: str, spoken: str) -> Utterance:
    words = tuple(
        Word(letter, index * 5 + at * 0.1, index * 5 + at * 0.1 + 0.1, 0.9) for at, letter in enumerate(spoken)
    )
    return Utterance(index, Party.CUSTOMER, index * 5.0, index * 5.0 + 4, text, spoken, words=words)


def test_a_number_over_two_turns_is_starred_in_text_speech_and_words() -> None:
    transcript = Transcript(
        (said(0, "我的手机号是138123", "我的手机号是幺三八一二三"), said(1, "45678", "四五六七八")), "zh", ("x",)
    )
    first, second = mask_transcript(transcript)
    assert "123" not in first.text
    assert "一二三" not in first.spoken
    assert "一二三" not in "".join(word.text for word in first.words)
    assert (first.text[:9], second.text[-4:]) == ("我的手机号是138", "5678")
    assert len(first.words) == len(transcript.utterances[0].words)
    assert mask_transcript(Transcript((first, second), "zh", ("x",))) == (first, second)
