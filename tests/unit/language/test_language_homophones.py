"""Words that only sound right become the words that were meant; nothing else changes."""

from hypothesis import given
from hypothesis import strategies as st

from guitai.language.homophones import corrected
from guitai.language.lexicon import Lexicon, banking_words, read_words

COUNTS = {
    "理财": 4000, "产品": 9000, "理财产品": 2000, "经理": 900, "还款": 700, "贷款": 3000, "房价": 1200, "方": 800,
    "核对": 6000, "网点": 900, "的": 90_000, "我": 30_000, "里": 5000, "财": 900, "环": 200, "款": 500, "要": 9000,
    "不办": 10, "补办": 5000, "一生": 900, "医生": 8000, "三": 9000, "山": 5000, "两百": 9000, "二": 9000, "是": 9000, "典医": 90_000,
    "事": 900, "实": 900, "事实": 2000, "十四": 5000, "网": 800, "店": 900, "点": 800, "和": 2000, "对": 9000,
}  # fmt: skip
LEXICON = Lexicon(COUNTS, 1_000_000, name="test")


def read(text: str, sure: float = 0.5) -> str:
    return corrected(text, [sure] * len(text), LEXICON)


def test_words_that_only_sound_right_are_replaced() -> None:
    assert read("里财产品") == "理财产品"
    assert read("我要带款") == "我要贷款"
    assert read("和对") == "核对"


def test_nearly_the_same_sound_is_enough() -> None:
    assert read("我的仿价", 0.2) == "我的房价"


def test_a_character_with_two_readings_is_found_by_either() -> None:
    assert read("环款") == "还款"


def test_the_surer_the_recogniser_the_less_is_changed() -> None:
    rare = Lexicon({"一": 1, "的": 1000, "贷款": 40, "带": 90, "款": 90}, 10_000, name="test")
    assert corrected("带款", [0.0, 0.0], rare) == "贷款"
    assert corrected("带款", [1.0, 1.0], rare) == "带款"


def test_numerals_and_negations_are_never_touched() -> None:
    assert read("不办", 0.0) == "不办"
    assert read("一生", 0.0) == "一生"
    assert read("实是", 0.0) != "十四"
    assert read("网店", 0.0) == "网点"
    assert read("三店", 0.0) == "三店"
    assert read("三点医生", 0.0) == "三点医生"


def test_a_sound_reading_and_unknown_characters_stay() -> None:
    assert read("我的理财经理", 0.0) == "我的理财经理"
    assert read("龘靐", 0.0) == "龘靐"
    assert read("") == ""


@given(st.text(alphabet="里财产品环款贷我的一二三不山是实方价仿", max_size=12), st.floats(0, 1))
def test_length_numerals_and_negations_are_kept_in_any_text(text: str, sure: float) -> None:
    new = read(text, sure)
    assert len(new) == len(text)
    kept = "一二三不"
    assert [(i, c) for i, c in enumerate(text) if c in kept] == [(i, c) for i, c in enumerate(new) if c in kept]


def test_banking_words_are_well_formed() -> None:
    words = banking_words()
    assert words["理财产品"] >= 100
    assert all(2 <= len(word) <= 6 for word in words)
    assert all("\u4e00" <= char <= "\u9fff" for word in words for char in word)


def test_words_are_listed_with_their_uses() -> None:
    assert read_words(["# a comment", "", "30 贷款 还款 # and more", "5 网点"]) == {"贷款": 30, "还款": 30, "网点": 5}
