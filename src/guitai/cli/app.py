"""The command line's root: every command of `guitai`, imported only when it is called."""

import typer

from guitai.cli import calls, evidence, keys, models
from guitai.cli.doctor import doctor
from guitai.cli.inspect import init, inspect
from guitai.cli.report import report
from guitai.cli.search import search

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="柜台 Guitai: seals, proves, inspects and searches a bank's calls.",
)
app.command()(init)
app.command()(inspect)
app.add_typer(calls.app, name="calls")
app.command()(search)
app.add_typer(evidence.app, name="evidence")
app.command()(report)
app.add_typer(models.app, name="models")
app.add_typer(keys.app, name="keys")
app.command()(doctor)


def run() -> None:
    """Parse the arguments and run one command."""
    app()
