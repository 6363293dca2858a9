"""A call's language is decided on its segments together, Chinese and English expected."""

from guitai.speech.language import call_language, is_spaced, segment_language


def test_short_chinese_taken_for_japanese_once_is_still_chinese():
    assert call_language([{"ja": 0.6, "zh": 0.3}, {"zh": 0.9}], [1.0, 4.0]) == "zh"
    assert call_language([{"ja": 0.7, "zh": 0.25, "ko": 0.05}], [1.2]) == "zh"


def test_english_is_english():
    assert call_language([{"en": 0.97, "zh": 0.01}, {"en": 0.6, "cy": 0.3}], [5.0, 1.0]) == "en"


def test_another_language_needs_to_be_plain():
    assert call_language([{"ja": 0.98, "zh": 0.005}] * 4, [6.0] * 4) == "ja"


def test_nothing_heard_is_chinese():
    assert call_language([], []) == "zh"


def test_a_segment_plainly_in_the_other_language_is_read_in_it():
    assert segment_language("zh", {"en": 0.98, "zh": 0.005}, 4.0) == "en"
    assert segment_language("zh", {"en": 0.98, "zh": 0.005}, 0.8) == "zh"
    assert segment_language("zh", {"en": 0.7, "zh": 0.2}, 4.0) == "zh"
    assert segment_language("zh", {"ja": 0.98, "zh": 0.01}, 4.0) == "zh"


def test_spaces_stand_between_english_words_only():
    assert is_spaced("en")
    assert not is_spaced("zh")
