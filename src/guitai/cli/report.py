"""`guitai report`: figures with the calls behind them, as a folder of HTML."""

from pathlib import Path
from typing import Annotated

import typer

from guitai.bootstrap import Installation
from guitai.cli.inspect import Json
from guitai.cli.output import errors_explained, print_json, stdout
from guitai.settings import Settings


def report(out: Annotated[Path, typer.Option(help="The folder to write.")], as_json: Json = False) -> None:
    """Write score distribution, rankings, top findings and pass rates; each figure links to its calls."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        summary = house.write_report(out)
        house.anchor()
        if as_json:
            document = {"calls": len(summary.calls), "mean_score": summary.mean_score, "passed": summary.passed}
            print_json({**document, "out": str(out / "index.html")})
        else:
            stdout.print(f"{len(summary.calls)} calls: {out / 'index.html'}", markup=False)
