"""`guitai init` and `guitai inspect`."""

from pathlib import Path
from typing import Annotated, Self

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from guitai.bootstrap import Installation
from guitai.cli.output import OK, SOME_FAILED, errors_explained, print_json, print_table, stderr, stdout
from guitai.recording.intake import find_files
from guitai.recording.metadata import MetadataFile, read_metadata
from guitai.recording.model import RunReport
from guitai.recording.run import Progress as RunProgress
from guitai.recording.run import inspect_files
from guitai.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
Data = Annotated[Path | None, typer.Option(help="The data folder (default: GUITAI_DATA, else ./data).")]


def init(data: Data = None, as_json: Json = False) -> None:
    """Make the data folder with its keys, database and evidence log; what is there already is left as it is."""
    with errors_explained(as_json=as_json):
        settings = Settings.from_environment(data=data)
        created = Installation.create(settings)
        if as_json:
            print_json({"data": str(settings.data), "created": created})
        else:
            stdout.print(f"{'Made' if created else 'Already there'}: {settings.data}")


def inspect(
    paths: Annotated[list[Path], typer.Argument(help="Audio files, or folders of them.")],
    metadata: Annotated[Path | None, typer.Option(help="What is known of the calls: a .csv or .jsonl file.")] = None,
    form: Annotated[str, typer.Option(help="Evaluation form: a shipped name or a YAML file.")] = "bank",
    scene: Annotated[str | None, typer.Option(help="Scene of calls whose metadata name none.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Threads to use (default: all cores).")] = None,
    report: Annotated[Path | None, typer.Option(help="Also write the HTML report into this folder.")] = None,
    as_json: Json = False,
) -> None:
    """Seal, transcribe and score every call found, and say what became of each file."""
    with errors_explained(as_json=as_json):
        settings = Settings.from_environment()
        if not Installation(settings).exists:
            Installation.create(settings)
        with Installation.open(settings, jobs=jobs) as house:
            known = read_metadata(metadata, house.settings.zone) if metadata else MetadataFile()
            pipeline = house.pipeline(form)
            files = find_files(paths, known, metadata, house.looks_like_audio)
            with _progress(quiet=as_json) as show:
                result = inspect_files(files, pipeline, scene=scene, on_progress=show)
            result.warnings.extend(known.warnings)
            if report:
                house.write_report(report)
            house.note("archive.inspect", {"inspected": result.inspected, "failed": len(result.failed)})
        if as_json:
            print_json(result.to_json())
        else:
            _print(result, report)
    raise typer.Exit(SOME_FAILED if result.failed else OK)


class _progress:  # noqa: N801 - used like a function
    """A bar on stderr, on a terminal only."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=stderr, disable=quiet or not stderr.is_terminal, transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("inspecting", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, progress: RunProgress) -> None:
        self._bar.update(
            self._task,
            total=progress.found,
            completed=progress.done,
            description=f"inspecting · {progress.audio_s / 60:.1f} min of audio",
        )


def _print(result: RunReport, report: Path | None) -> None:
    document = result.to_json()
    rows = [
        ("calls", document["calls"]),
        ("inspected", document["inspected"]),
        ("duplicates", len(result.duplicates)),
        ("skipped", len(result.skipped)),
        ("failed", len(result.failed)),
        ("audio", f"{result.audio_seconds / 60:.1f} min"),
        ("took", f"{result.wall_seconds:.1f} s (real-time factor {document['rtf']})"),
        ("mean score", document["mean_score"]),
    ]
    print_table(("", ""), rows)
    for item in result.failed:
        stderr.print(f"[red]failed[/red]  {item['path']}: {item['error']}", markup=True)
    for item in result.skipped:
        stderr.print(f"skipped {item['path']}: {item['reason']}", markup=False)
    for warning in result.warnings:
        stderr.print(f"note    {warning}", markup=False)
    if report:
        stdout.print(f"The report lies in {report / 'index.html'}")
