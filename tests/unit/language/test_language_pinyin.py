import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.language.pinyin import fold_syllable, near, syllables


def test_each_character_has_its_usual_reading_without_tone():
    assert syllables("保本绿卡A1，") == ["bao", "ben", "lv", "ka", "a", "1", "，"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("保本", "宝本"),
        ("收益", "搜益"),
        ("风险", "风显"),
        ("利率", "你率"),
        ("承诺", "成诺"),
        ("金额", "京额"),
        ("湖南", "福南"),
        ("尝还", "藏还"),
    ],
)
def test_what_a_recogniser_confuses_is_near(one, other):
    assert near(one, other)


@pytest.mark.parametrize(("one", "other"), [("保本", "保证"), ("利率", "汇率"), ("保本", "保本息")])
def test_what_sounds_otherwise_is_not(one, other):
    assert not near(one, other)


@given(st.text(max_size=30))
def test_there_is_one_syllable_a_character(text):
    assert len(syllables(text)) == len(text)
    assert near(text, text)


@given(st.sampled_from(syllables("中国银行转账收费冷暖红黄京津风生程城住租炒草双")))
def test_folding_is_done_once(syllable):
    assert fold_syllable(fold_syllable(syllable)) == fold_syllable(syllable)
