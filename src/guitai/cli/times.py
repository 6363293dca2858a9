"""Times as people write them: 00:03:20 in a call, 2026-11-22 [14:05] on the calendar."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import typer


def seconds_of(text: str | None) -> float | None:
    """Return the seconds of 00:03:20, 03:20.5 or 200; raises a usage error."""
    if text is None:
        return None
    match = re.fullmatch(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)", text.strip())
    if not match:
        raise typer.BadParameter(f"{text} is not a time in the call such as 00:03:20")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def clock_of(seconds: float) -> str:
    """Return 00:03:20 for 200 seconds."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def day_of(text: str | None, zone: ZoneInfo, *, end: bool = False) -> datetime | None:
    """Return the moment meant by 2026-11-22 or 2026-11-22 14:05; as an end, a bare day means the next midnight."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a day such as 2026-11-22") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment + timedelta(days=1) if end and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()) else moment
