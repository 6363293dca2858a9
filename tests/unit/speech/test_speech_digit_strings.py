"""Strings of digits come out in one piece, amounts and dates as they were."""

import pytest

from guitai.speech.digit_strings import has_mobile, is_nearly_mobile, joined
from guitai.speech.hypotheses import Hypothesis, choose


@pytest.mark.parametrize(
    ("written", "one_piece"),
    [
        ("137-009-7-2714", "13700972714"),
        ("我的电话是133 07 8 0 7 0 5 0。", "我的电话是13307807050。"),
        ("1399,636,5239", "13996365239"),
        ("1 3 8, 1 2 3 4, 5 6 7 8", "13812345678"),
        ("一共3,500,000元", "一共3,500,000元"),
        ("2026-11-22", "2026-11-22"),
        ("12.5 3", "12.5 3"),
        ("3 5 7", "3 5 7"),
    ],
)
def test_strings_are_joined(written, one_piece):
    assert joined(written) == one_piece
    assert joined(joined(written)) == one_piece


def test_numbers_that_are_or_nearly_are_mobile():
    assert has_mobile("打13812345678")
    assert not has_mobile("138123456789")
    assert is_nearly_mobile("1381234567")
    assert not is_nearly_mobile("13812345678")
    assert not is_nearly_mobile("2381234567")


def test_a_close_reading_that_is_a_whole_number_wins():
    readings = [Hypothesis("1351508192", -0.80), Hypothesis("13515082192", -0.90)]
    assert choose(readings, 5.0) == 1
    assert choose([readings[0], Hypothesis("13515082192", -1.4)], 5.0) == 0


def test_spoken_digits_count_too():
    assert choose([Hypothesis("一三五一五零八一九二", -0.8), Hypothesis("一三五一五零八二一九二", -0.9)], 5.0) == 1


def test_a_reading_in_a_loop_is_passed_over():
    sentence = "八月该剧场向法庭起诉国际奥委会"
    assert choose([Hypothesis(sentence * 2, -0.2), Hypothesis(sentence, -0.4)], 5.0) == 1
    assert choose([Hypothesis(sentence * 4, -0.2)], 5.0) == 0


def test_without_numbers_the_best_reading_stands():
    assert choose([Hypothesis("你好", -0.2), Hypothesis("您好", -0.21)], 2.0) == 0
