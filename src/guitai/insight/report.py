"""Writing the report: a folder of pages, of which index.html is the first."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from guitai.insight.call_page import call_page
from guitai.insight.model import Summary, summarise
from guitai.insight.overview import group_name, group_page, overview
from guitai.insight.ports import ReportSource
from guitai.insight.style import STYLE

_PAGES = {"groups": re.compile(r"[0-9a-f]{16}\.html"), "calls": re.compile(r"[0-9a-z]{26}\.html")}


def write_report(folder: Path, source: ReportSource, zone: ZoneInfo) -> Summary:
    """Write the report into `folder` (made if absent) and return what it counts; every figure links to its calls.

    Pages of an earlier report in the same folder that no longer belong to this one are removed.
    """
    summary = summarise(list(source.calls()))
    written: set[str] = set()

    def write(name: str, text: str) -> None:
        (folder / name).write_text(text, encoding="utf-8")
        written.add(name)

    for name in ("", *_PAGES):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write("style.css", STYLE)
    write("index.html", overview(summary, zone))
    for figure in summary.figures:
        write(group_name(figure), group_page(figure, zone))
    for call in summary.calls:
        write(f"calls/{call.recording_id}.html", call_page(source.call(call.recording_id), zone))
    _remove_stale(folder, written)
    return summary


def _remove_stale(folder: Path, written: set[str]) -> None:
    """Remove call and group pages of earlier reports: a destroyed call leaves no page behind."""
    for kind, name in _PAGES.items():
        for path in (folder / kind).iterdir():
            if name.fullmatch(path.name) and f"{kind}/{path.name}" not in written:
                path.unlink()
