"""Numbers in speech become percentages a year, percentages and yuan; facts hold from one day to another."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.inspection.facts import Fact
from guitai.inspection.rates import Unit, number, statements

YEARLY, PERCENT, YUAN = Unit.YEARLY, Unit.PERCENT, Unit.YUAN

TABLE = [
    ("年利率是百分之四点八", YEARLY, "4.8"),
    ("年化3.85%", YEARLY, "3.85"),
    ("年化三点八五", YEARLY, "3.85"),
    ("月息三厘", YEARLY, "3.6"),
    ("月息3厘8", YEARLY, "4.56"),
    ("月息三厘半", YEARLY, "4.2"),
    ("年息四厘", YEARLY, "4"),
    ("年息1分", YEARLY, "10"),
    ("日息万分之五", YEARLY, "18.25"),
    ("万分之五", YEARLY, "18.25"),
    ("月费率百分之零点六", PERCENT, "0.6"),
    ("月费率百分之零点六", YEARLY, "7.2"),
    ("千分之五的手续费", PERCENT, "0.5"),
    ("涨了两个百分点", PERCENT, "2"),
    ("手续费是零元", YUAN, "0"),
    ("一共五万三千块", YUAN, "53000"),
    ("十万元", YUAN, "100000"),
    ("一百零五元", YUAN, "105"),
]


@pytest.mark.parametrize(("text", "unit", "expected"), TABLE)
def test_number_statement(text: str, unit: Unit, expected: str) -> None:
    said = [value for one in statements(text) if (value := one.value(unit)) is not None]
    assert said == [Decimal(expected)]


@pytest.mark.parametrize("text", ["", "您好", "等一下", "百分之三四百", "五分钟", "十五秒钟"])
def test_what_is_no_rate_and_no_amount(text: str) -> None:
    assert list(statements(text)) == []


@given(st.text("零一二三四五六七八九十百千万点厘分元块%.0123456789月年日息利率百分之"))
def test_any_text_is_read_without_error(text: str) -> None:
    assert all(one.start < one.end <= len(text) for one in statements(text))


@given(st.integers(0, 9), st.integers(0, 99))
def test_digits_and_words_agree(whole: int, hundredths: int) -> None:
    words = "零一二三四五六七八九"
    spoken = f"{words[whole]}点{words[hundredths // 10]}{words[hundredths % 10]}"
    assert number(spoken) == number(f"{whole}.{hundredths:02d}")


def test_a_fact_holds_from_one_day_to_another() -> None:
    fact = Fact(
        "f", "f", ("p",), ("a",), YEARLY, *map(Decimal, ("3", "3.5", "0.1")), date(2026, 1, 1), date(2026, 6, 30)
    )
    assert fact.holds_on(date(2026, 6, 30))
    assert not fact.holds_on(date(2026, 7, 1))
    assert not fact.holds_on(date(2025, 12, 31))
    assert fact.holds_on(None)
    assert [fact.allows(Decimal(value)) for value in ("2.8", "2.9", "3.6", "3.7")] == [False, True, True, False]
