"""What a command prints: one JSON document, or words and tables for people; errors with code and next step."""

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from guitai.kernel.errors import GuitaiError

OK, SOME_FAILED, USAGE = 0, 1, 2

stdout = Console(highlight=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(document: Any) -> None:
    """Print one JSON document and nothing else."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None) -> None:
    """Print a table; cells are shown as they are, never read as markup."""
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for position, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", no_wrap=position == 0)
    for row in rows:
        table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
    Console(highlight=False).print(table)


@contextmanager
def errors_explained(*, as_json: bool) -> Generator[None]:
    """Print what a user can act on, with its code, and leave with exit status 1; anything else is a defect of ours."""
    try:
        yield
    except GuitaiError as error:
        if as_json:
            print_json({"error": {"code": error.code, "message": error.message, "hint": error.hint}})
        stderr.print(f"[red]{escape(error.message)}[/red] {escape(error.hint)} {escape(f'[{error.code}]')}")
        raise typer.Exit(SOME_FAILED) from error
    except BrokenPipeError:
        raise typer.Exit(SOME_FAILED) from None
