"""Words keep their times when the text is written another way."""

from hypothesis import given
from hypothesis import strategies as st

from guitai.interactions.model import Word
from guitai.speech.words import respelled


def words(texts: str) -> list[Word]:
    return [Word(text, round(place * 0.2, 3), round(place * 0.2 + 0.2, 3), 0.9) for place, text in enumerate(texts)]


def test_numbers_as_spoken_share_the_time_of_the_digits():
    result = respelled(words("转29度"), "转二十九度")
    assert "".join(word.text for word in result) == "转二十九度"
    assert result[0] == words("转")[0]
    assert result[1].start_s == 0.2
    assert result[3].end_s == 0.6
    assert result[4] == words("转29度")[3]


def test_simplified_characters_keep_the_time_of_the_traditional():
    before = words("謝謝您")
    assert [(w.text, w.start_s) for w in respelled(before, "谢谢您。")] == [("谢", 0.0), ("谢", 0.2), ("您", 0.4)]


def test_latin_words_stay_whole():
    before = [Word("apple", 0.0, 0.4, 0.9), Word("pay", 0.4, 0.8, 0.8), Word("嗎", 0.8, 1.0, 0.7)]
    assert [word.text for word in respelled(before, "apple pay吗")] == ["apple", "pay", "吗"]


@given(st.text(alphabet="二三四您好謝谢0129", max_size=12), st.text(alphabet="二三四您好谢0129。 ,", max_size=12))
def test_times_never_go_back_nor_leave_the_utterance(before, after):
    given_words = words(before)
    result = respelled(given_words, after)
    times = [time for word in result for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    if given_words:
        assert all(0 <= time <= given_words[-1].end_s + 1e-9 for time in times)
