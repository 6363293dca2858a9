"""The command line's root: every command of `guitai`."""

import sys
import traceback

import typer

from guitai.cli import calls, evidence, keys, models
from guitai.cli.doctor import doctor
from guitai.cli.inspect import init, inspect
from guitai.cli.report import report
from guitai.cli.search import search

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
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

_DEFECT = 70  # EX_SOFTWARE of sysexits(3)


def run() -> None:
    """Parse the arguments and run one command."""
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the outermost door: a message could quote a customer, frames cannot
        frames = traceback.extract_tb(error.__traceback__)
        where = "".join(f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in frames[-8:])
        sys.stderr.write(f"This is a defect of Guitai ({type(error).__name__}); please report these lines:\n{where}")
        sys.exit(_DEFECT)
