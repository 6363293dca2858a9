"""Times as people write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import typer

from guitai.cli.times import clock_of, day_of, seconds_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:03:20", 200), ("3:20", 200), ("200", 200), ("03:20.5", 200.5), ("1:00:00", 3600), (" 7 ", 7), (None, None)],
)
def test_a_position_in_a_call(text: str | None, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["soon", "1:2:3:4", "-5", "", "1:100:00"])
def test_what_is_no_position(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        seconds_of(text)


def test_a_clock() -> None:
    assert [clock_of(seconds) for seconds in (0, 200.9, 3661)] == ["00:00:00", "00:03:20", "01:01:01"]


def test_a_day_as_an_end_is_included() -> None:
    assert day_of("2026-11-22", SHANGHAI) == datetime(2026, 11, 22, tzinfo=SHANGHAI)
    assert day_of("2026-11-22", SHANGHAI, end=True) == datetime(2026, 11, 23, tzinfo=SHANGHAI)
    assert day_of("2026-11-22 14:05", SHANGHAI, end=True) == datetime(2026, 11, 22, 14, 5, tzinfo=SHANGHAI)
    assert day_of(None, SHANGHAI) is None
    with pytest.raises(typer.BadParameter):
        day_of("someday", SHANGHAI)
