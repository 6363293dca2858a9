"""`guitai evidence …`: verify what is stored, export what a court gets."""

from pathlib import Path
from typing import Annotated

import typer

from guitai.bootstrap import Installation
from guitai.cli.inspect import Json
from guitai.cli.output import SOME_FAILED, errors_explained, print_json, stderr, stdout
from guitai.evidence.errors import EvidenceError
from guitai.evidence.tokens import read_token
from guitai.recording.mending import mend
from guitai.recording.packing import export_pack
from guitai.recording.proving import Problem, Verdict, verify_all, verify_recording
from guitai.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Prove what is stored.")


@app.command()
def verify(
    ids: Annotated[list[str] | None, typer.Argument(help="Calls to verify.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything: the log, the trail, every call.")] = False,
    as_json: Json = False,
) -> None:
    """Hold stored bytes, rows and trail against the evidence log; exit 1 and name whatever differs."""
    if bool(ids) == all_:
        raise typer.BadParameter("name calls, or give --all")
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        verdict = _verdict(ids or [], house)
        if as_json:
            print_json(verdict.to_json())
        for problem in verdict.problems:
            stderr.print(f"{problem.code}  {problem.subject}: {problem.message}", markup=False)
        if verdict.problems:
            raise typer.Exit(SOME_FAILED)
        if not as_json:
            stdout.print(f"{verdict.recordings} recording(s) and {verdict.entries} log entries are as sealed.")


def _verdict(ids: list[str], house: Installation) -> Verdict:
    """Verify the calls, or everything; a log that does not open is examined file by file."""
    try:
        house.witness()
    except EvidenceError as error:
        found = [Problem(one.code, one.subject, one.message) for one in house.examine_log()]
        return Verdict(0, 0, tuple(found or [Problem(error.code, "log", error.message)]))
    proving = house.proving()
    if ids:
        problems = [problem for recording_id in ids for problem in verify_recording(recording_id, proving)]
        verdict = Verdict(len(ids), house.log.size, tuple(problems))
    else:
        verdict = verify_all(proving)
    if not verdict.log_is_damaged:  # nothing is added to it: a copy of before must fit when it is restored
        house.note("evidence.verify", {"recordings": verdict.recordings, "problems": len(verdict.problems)})
    return verdict


@app.command("mend")
def mend_copies(
    ids: Annotated[list[str] | None, typer.Argument(help="Calls whose copies to mend.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every call.")] = False,
    as_json: Json = False,
) -> None:
    """Replace damaged or missing copies by good ones from another store."""
    if bool(ids) == all_:
        raise typer.BadParameter("name calls, or give --all")
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        with house.transactions.begin() as work:
            chosen = list(work.recordings.ids()) if all_ else ids or []
        mended = mend(chosen, house.vault, house.transactions)
        house.note("evidence.mend", {"copies": len(mended)})
        if as_json:
            print_json({"mended": [{"code": one.code, "subject": one.subject} for one in mended]})
        for one in mended:
            stderr.print(f"mended  {one.subject}: {one.message}", markup=False)
        if not as_json:
            stdout.print(f"{len(mended)} copies mended.")


@app.command()
def timestamp(
    url: Annotated[str, typer.Option(help="The timestamp authority (RFC 3161).")],
    ca: Annotated[Path, typer.Option(help="The authority's root certificate(s), PEM.")],
    as_json: Json = False,
) -> None:
    """Have an authority sign that the log, as it is now, existed by now."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        house.anchor()
        stamp = house.timestamp(url, ca)
        house.note("evidence.timestamp", {"entries": stamp.checkpoint.size})
        moment = read_token(stamp.token).time.isoformat()
        if as_json:
            print_json({"entries": stamp.checkpoint.size, "time": moment})
        else:
            stdout.print(f"The first {stamp.checkpoint.size} entries existed by {moment}.")


@app.command()
def export(
    recording_id: Annotated[str, typer.Argument(help="The call's id.")],
    out: Annotated[Path, typer.Option(help="The pack to write, a .zip.")],
    as_json: Json = False,
) -> None:
    """Write an evidence pack that anyone can check offline: python -m guitai.evidence.verify PACK."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        house.anchor()
        export_pack(recording_id, out, house.proving())
        house.anchor()
        if as_json:
            print_json({"id": recording_id, "out": str(out), "log_key": house.signer.verifier})
        else:
            stdout.print(str(out), markup=False)
            stdout.print(f"python -m guitai.evidence.verify {out} --key '{house.signer.verifier}'", markup=False)
