import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.language.cardinals import read_cardinal, spell_cardinal, spell_digits
from guitai.language.numerals import to_digits, to_digits_aligned, to_spoken

AS_DIGITS = [
    ("一三七四零零", "137400"),
    ("幺三八零零幺三八零零零", "13800138000"),
    ("我的号码是一三七，四零零", "我的号码是137，400"),
    ("一三七 四 零零", "137 4 00"),
    ("百分之三点五", "3.5%"),
    ("百分之3.5", "3.5%"),
    ("百分之零点零五", "0.05%"),
    ("千分之五", "5‰"),
    ("三分之一", "1/3"),
    ("三千五百块", "3500块"),
    ("一千零五元", "1005元"),
    ("二零二六年三月五号", "2026年3月5号"),
    ("三十二度", "32度"),
    ("一万二", "12000"),
    ("两百五", "250"),
    ("两万三千", "23000"),
    ("十五万", "15万"),
    ("两千万", "2000万"),
    ("一点五倍", "1.5倍"),
    ("三点零新政", "3.0新政"),
    ("八点半", "8点半"),
    ("三点二十", "3点20"),
    ("三点零五分", "3点05分"),
    ("周三三点半", "周三3点半"),
    ("第十二条", "第12条"),
    ("九零后", "90后"),
    ("十分钟", "10分钟"),
    ("定期三年", "定期3年"),
]
LEFT_ALONE = [
    "一下", "一起", "万一", "三心二意", "十分满意", "一样", "统一", "第一", "星期一", "礼拜三", "千万不要", "一点一点", "两个半小时",
    "十几个", "三四百", "三四个", "七八成把握", "一五一十", "五一假期", "百分之百", "一共", "一年", "二三十", "几百块", "不管三七二十一",
]  # fmt: skip
READ_ALOUD = [
    ("13740012345", "一三七四零零一二三四五"),
    ("138 0013 8000", "一三八 零零一三 八零零零"),
    ("3.5%", "百分之三点五"),
    ("3500元", "三千五百元"),
    ("3,500元", "三千五百元"),
    ("12000块", "一万二千块"),
    ("15万", "十五万"),
    ("2026年3月5号", "二零二六年三月五号"),
    ("尾号5678", "尾号五六七八"),
    ("验证码是123456", "验证码是一二三四五六"),
    ("14:30到账", "十四点三十分到账"),
    ("32度", "三十二度"),
    ("I have 3 cats", "I have 3 cats"),
]


@pytest.mark.parametrize(("spoken", "written"), AS_DIGITS)
def test_spoken_numbers_are_written_as_digits(spoken, written):
    assert to_digits(spoken) == written


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_words_made_of_numerals_stay(text):
    assert to_digits(text) == text


@pytest.mark.parametrize(("written", "spoken"), READ_ALOUD)
def test_digits_are_read_as_in_chinese(written, spoken):
    assert to_spoken(written) == spoken


@given(st.integers(0, 10**15))
def test_a_cardinal_read_back_is_the_same_number(value):
    assert read_cardinal(spell_cardinal(value)) == value


@given(st.text("0123456789", min_size=5, max_size=30))
def test_a_string_of_digits_survives_both_ways(digits):
    assert to_digits("号码是" + spell_digits(digits)) == "号码是" + digits
    assert to_digits(to_spoken("号码是" + digits)) == "号码是" + digits


@given(st.integers(11, 9_999_999).filter(lambda value: value % 10_000))
def test_a_sum_of_money_survives_both_ways(value):
    assert to_digits(to_spoken(f"一共{value}元")) == f"一共{value}元"


@given(st.integers(0, 99), st.integers(0, 99))
def test_a_rate_survives_both_ways(whole, fraction):
    assert to_digits(to_spoken(f"利率{whole}.{fraction:02d}%")) == f"利率{whole}.{fraction:02d}%"


numerals = st.text("零一二三四五六七八九十百千万亿两幺点半百分之年月号块元个第，。 我的a1", max_size=40)


@given(numerals)
def test_every_written_character_comes_from_a_place_in_the_source_in_order(spoken):
    written, places = to_digits_aligned(spoken)
    assert len(places) == len(written)
    assert places == sorted(places)
    assert all(0 <= place < len(spoken) for place in places)
    assert all(
        char.isascii() or char in "万亿‰" or spoken[place] == char for char, place in zip(written, places, strict=True)
    )


@given(numerals)
def test_writing_digits_loses_nothing_but_numerals(spoken):
    kept = [char for char in spoken if char not in "零一二三四五六七八九十百千万亿两幺点百分之"]
    written = iter(to_digits(spoken))
    assert all(char in written for char in kept)


def test_a_digit_string_is_aligned_digit_to_digit():
    assert to_digits_aligned("号一三七好") == ("号137好", [0, 1, 2, 3, 4])
