"""Numbers in speech: percentages, interest by year, month or day, amounts of money; in digits or Chinese words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from guitai.language.cardinals import read_cardinal, read_digits

_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|[〇零一二两三四五六七八九十百千万]+(?:点[〇零一二两三四五六七八九]+)?)"
_UNITS = frozenset("十百千万")
_STATEMENT = re.compile(
    rf"(?P<part>百分之|千分之|万分之)(?P<parted>{_NUMBER})"
    rf"|(?P<percent>{_NUMBER})(?:[%％]|个百分点|个点)"
    rf"|(?P<li>{_NUMBER})厘(?P<li_more>[0-9一二三四五六七八九半](?![0-9.点厘%]))?"
    rf"|(?P<fen>{_NUMBER})分(?P<fen_more>[0-9一二三四五六七八九半])?(?=利|息|的?利息|[，。,.]|$)"
    rf"|(?P<yuan>{_NUMBER})(?:元|块)"
    rf"|(?P<bare>[0-9]+\.[0-9]+|[零一二三四五六七八九十]+点[零一二三四五六七八九]+(?![零一二三四五六七八九十分半整钟多]))"
)
_PERIODS = (
    ("year", re.compile(r"年化|年利率|年息|年费率|每年|一年|按年|年")),
    ("month", re.compile(r"月息|月利率|月费率|每月|每个月|一个月|按月|每期|月")),
    ("day", re.compile(r"日息|日利率|每天|每日|一天|按日|按天|日")),
)
_A_YEAR = {"year": 1, "month": 12, "day": 365}
_LI = {"year": Decimal(1), "month": Decimal("0.1"), "day": Decimal("0.01")}
_LOOK_BACK = 12


class Unit(StrEnum):
    """What a number counts: percent a year, percent of an amount (fees), yuan."""

    YEARLY = "percent_per_year"
    PERCENT = "percent"
    YUAN = "yuan"


@dataclass(frozen=True, slots=True)
class Statement:
    """A number said at text[start:end]: `percent` as said, `yearly` the same as percent a year, or `yuan`.

    `bare` is a decimal without a unit, a rate only where a rate is spoken of.
    """

    start: int
    end: int
    percent: Decimal | None = None
    yearly: Decimal | None = None
    yuan: Decimal | None = None
    bare: bool = False

    def value(self, unit: Unit) -> Decimal | None:
        """Return the number in `unit`, None where it counts something else."""
        return {Unit.YEARLY: self.yearly, Unit.PERCENT: self.percent, Unit.YUAN: self.yuan}[unit]


def statements(text: str) -> Iterator[Statement]:
    """Find the numbers of a text, in order; malformed ones (三四百) are passed over."""
    for found in _STATEMENT.finditer(text):
        try:
            yield _statement(found, text)
        except ValueError:
            continue


def _statement(found: re.Match[str], text: str) -> Statement:
    start, end = found.span()
    if found["yuan"]:
        return Statement(start, end, yuan=number(found["yuan"]))
    period = _period(text[max(0, start - _LOOK_BACK) : start])
    if found["li"] or found["fen"]:
        period = period or "month"
        percent = (
            _LI[period] * _with_half(found["li"], found["li_more"])
            if found["li"]
            else (10 * _LI[period] * _with_half(found["fen"], found["fen_more"]))
        )
        return Statement(start, end, percent=percent, yearly=percent * _A_YEAR[period])
    if found["part"]:
        percent = number(found["parted"]) / {"百分之": 1, "千分之": 10, "万分之": 100}[found["part"]]
        period = period or ("day" if found["part"] == "万分之" else "year")
    else:
        percent = number(found["percent"] or found["bare"])
        period = period or "year"
    return Statement(start, end, percent=percent, yearly=percent * _A_YEAR[period], bare=bool(found["bare"]))


def _with_half(whole: str, more: str | None) -> Decimal:
    """三厘八 is 3.8, 三厘半 3.5."""
    if not more:
        return number(whole)
    return number(whole) + (Decimal("0.5") if more == "半" else number(more) / 10)


def _period(before: str) -> str | None:
    """Return the period named last before the number."""
    named = [
        (max(hit.start() for hit in hits), name)
        for name, pattern in _PERIODS
        if (hits := list(pattern.finditer(before)))
    ]
    return max(named)[1] if named else None


def number(text: str) -> Decimal:
    """Return a number written in digits or Chinese words: 3.85, 三点八五, 十二, 一百零五, 五万.

    Raises:
        ValueError: the words do not make a number.

    """
    if text[0].isascii():
        return Decimal(text)
    whole, _, fraction = text.partition("点")
    value = read_cardinal(whole)
    if value is None and set(whole) & _UNITS:
        raise ValueError(text)
    return Decimal(f"{read_digits(whole) if value is None else value}.{read_digits(fraction) or 0}")
