"""`guitai doctor`: what this installation lacks, and what to do about each thing."""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import typer

from guitai.bootstrap import Installation
from guitai.cli.inspect import Json
from guitai.cli.output import SOME_FAILED, errors_explained, print_json, stdout
from guitai.kernel.errors import GuitaiError
from guitai.settings import Settings
from guitai.speech.catalogue import Catalogue

_LOW_DISK = 2 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `state` is ok, advice or bad."""

    name: str
    state: str
    message: str


def doctor(as_json: Json = False) -> None:
    """Look at models, keys, database, objects, evidence and space; say what is missing and what to do."""
    with errors_explained(as_json=as_json):
        settings = Settings.from_environment()
        checks = [*_models(settings), *_house(settings), *_space(settings)]
        bad = [check for check in checks if check.state == "bad"]
        if as_json:
            print_json({"ok": not bad, "checks": [asdict(check) for check in checks]})
        else:
            marks = {"ok": "[green]ok[/green]    ", "advice": "[yellow]advice[/yellow]", "bad": "[red]bad[/red]   "}
            for check in checks:
                stdout.print(f"{marks[check.state]} {check.name:<10} {check.message}")
        if bad:
            raise typer.Exit(SOME_FAILED)


def _models(settings: Settings) -> Iterator[Check]:
    problems = Catalogue.load().verify(settings.models)
    for problem in problems:
        yield Check("models", "bad", f"{problem.message} Run `make env`, or `guitai models add DIR`.")
    if not problems:
        yield Check("models", "ok", f"every model is as pinned, in {settings.models}")


def _house(settings: Settings) -> Iterator[Check]:
    try:
        house = Installation.open(settings)
    except GuitaiError as error:
        yield Check("data", "bad", str(error))
        return
    with house:
        yield from _tried("keys", lambda: _keys(house))
        yield from _tried("database", lambda: _database(house))
        yield from _tried("objects", lambda: _objects(house))
        yield from _tried("evidence", lambda: _evidence(house))
        yield from _tried("audit", lambda: _audit(house))


def _tried(name: str, look: Callable[[], Check]) -> Iterator[Check]:
    try:
        yield look()
    except GuitaiError as error:
        yield Check(name, "bad", str(error))


def _keys(house: Installation) -> Check:
    ring = house.keyring
    if house.settings.passphrase_file is None and house.key_file.is_relative_to(house.settings.data):
        return Check(
            "keys", "advice",
            f"the key file lies beside what it protects ({house.key_file}); for real data set GUITAI_PASSPHRASE_FILE, "
            "or GUITAI_KEY_FILE on other storage, before `guitai init`",
        )  # fmt: skip
    return Check("keys", "ok", f"{len(ring.keys)} key(s), new data under {ring.current_key_id}")


def _database(house: Installation) -> Check:
    with house.transactions.begin() as work:
        waiting = work.coverage.unexplained()
    if waiting:
        return Check(
            "database", "advice",
            f"{len(waiting)} call(s) are sealed but not inspected (a run was cut short): run `guitai inspect` on their "
            "files again",
        )  # fmt: skip
    return Check("database", "ok", "answers; every sealed call is inspected or has a reason")


def _objects(house: Installation) -> Check:
    copies = len(house.settings.object_stores) or 2
    _ = house.vault
    if not house.settings.object_stores:
        return Check("objects", "advice", "both copies lie on this machine: set GUITAI_OBJECT_STORES for a remote one")
    if copies == 1:
        return Check("objects", "advice", "there is one copy of each recording: name a second store")
    return Check("objects", "ok", f"{copies} stores")


def _evidence(house: Installation) -> Check:
    return Check("evidence", "ok", f"the log opens and holds {house.log.size} entries")


def _audit(house: Installation) -> Check:
    house.note("doctor.run", {})
    return Check("audit", "ok", "the trail takes events and is fixed in the log")


def _space(settings: Settings) -> Iterator[Check]:
    folder = settings.data if settings.data.exists() else settings.data.parent
    if not folder.exists():
        return
    free = shutil.disk_usage(folder).free
    state = "ok" if free > _LOW_DISK else "advice"
    yield Check("space", state, f"{free / (1 << 30):.1f} GiB free for {settings.data}")
    if settings.data.exists() and settings.data.stat().st_mode & stat.S_IWOTH:
        yield Check("space", "bad", f"others may write into {settings.data}: run chmod o-w {settings.data}")
