"""`make demo`: the sample calls through the whole product, and where to look."""

import argparse
import subprocess
import sys
from pathlib import Path

from guitai.bootstrap import Installation
from guitai.cli.output import print_table, stdout
from guitai.recording.calls import show_call
from guitai.settings import Settings
from guitai.transcripts.operations import search
from guitai.transcripts.search import SearchQuery

HERE = Path(__file__).parent
REPORTS = Path("reports")
_MOST = 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int, default=1, help="0: end when the work is done")
    parser.parse_args()
    command = [sys.executable, "-m", "guitai", "inspect", str(HERE / "audio"), "--metadata", str(HERE / "metadata.csv")]
    done = subprocess.run([*command, "--report", str(REPORTS)], check=False)
    if done.returncode:
        return done.returncode
    _print_scores()
    data = Settings.from_environment().data
    stdout.print(f"\nThe archive lies in {data}, the report in {REPORTS / 'index.html'}. Go on with, for example:")
    for line in ("guitai calls list", "guitai search 密码", "guitai calls show ID", "guitai evidence verify --all"):
        stdout.print(f"  .venv/bin/{line}", markup=False)
    return 0


def _print_scores() -> None:
    with Installation.open(Settings.from_environment()) as house:
        page = search(SearchQuery(limit=_MOST), house.transactions)
        calls = [show_call(hit.recording_id, house.transactions) for hit in page.hits]
        house.anchor()
        zone = house.settings.zone
    rows: list[tuple[object, ...]] = []
    for call in calls:
        card = call.scorecards[0].scorecard if call.scorecards else None
        found = "、".join(finding.title for finding in card.violations) if card else "-"
        started = f"{call.interaction.started_at.astimezone(zone):%m-%d %H:%M}"
        rows.append(
            (call.recording.source_name, started, call.interaction.agent_name, card.total if card else "-", found)
        )
    print_table(("录音", "时间", "坐席", "得分", "发现"), rows)


if __name__ == "__main__":
    sys.exit(main())
