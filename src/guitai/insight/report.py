"""Writing the report: a folder of pages, of which index.html is the first."""

from pathlib import Path
from zoneinfo import ZoneInfo

from guitai.insight.model import Summary, summarise
from guitai.insight.pages import STYLE, call_page, group_name, group_page, overview
from guitai.insight.ports import ReportSource


def write_report(folder: Path, source: ReportSource, zone: ZoneInfo) -> Summary:
    """Write the report into `folder` (made if absent) and return what it counts; every figure links to its calls."""
    summary = summarise(list(source.calls()))
    for name in ("", "groups", "calls"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "style.css").write_text(STYLE, encoding="utf-8")
    (folder / "index.html").write_text(overview(summary, zone), encoding="utf-8")
    for chart in (summary.distribution, summary.teams, summary.agents, summary.findings, summary.scenes):
        for figure in chart:
            (folder / group_name(figure)).write_text(group_page(figure, zone), encoding="utf-8")
    for call in summary.calls:
        text = call_page(source.call(call.recording_id))
        (folder / "calls" / f"{call.recording_id}.html").write_text(text, encoding="utf-8")
    return summary
