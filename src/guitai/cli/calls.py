"""`guitai calls …`: list, show, mark, and cut sound out of the sealed recording."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from guitai.bootstrap import Installation
from guitai.cli.inspect import Json
from guitai.cli.output import errors_explained, print_json, print_table, stdout
from guitai.cli.times import clock_of, seconds_of
from guitai.recording.audio import export_audio
from guitai.recording.calls import Call, mark_call, show_call
from guitai.settings import Settings
from guitai.transcripts.operations import search
from guitai.transcripts.search import SearchQuery

app = typer.Typer(no_args_is_help=True, help="Look at calls.")
Id = Annotated[str, typer.Argument(help="The call's id, as `calls list` shows it.")]


@app.command("list")
def list_calls(
    team: Annotated[str | None, typer.Option(help="Only this team.")] = None,
    agent: Annotated[str | None, typer.Option(help="Only this agent (id or name).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: Json = False,
) -> None:
    """List the newest calls."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        page = search(SearchQuery(team=team, agent=agent, limit=limit), house.transactions)
        house.anchor()
        zone = house.settings.zone
        if as_json:
            print_json(
                {
                    "total": page.total,
                    "total_capped": page.total_capped,
                    "calls": [
                        {
                            "id": hit.recording_id,
                            "started_at": hit.started_at.astimezone(zone).isoformat(),
                            "agent_name": hit.agent_name,
                            "team": hit.team,
                            "scene": hit.scene,
                            "score": hit.total_score,
                        }
                        for hit in page.hits
                    ],
                }
            )
            return
        rows = [
            (hit.recording_id, f"{hit.started_at.astimezone(zone):%Y-%m-%d %H:%M}", hit.agent_name, hit.team, hit.scene,
             hit.total_score)
            for hit in page.hits
        ]  # fmt: skip
        print_table(("id", "started", "agent", "team", "scene", "score"), rows)
        stdout.print(f"{len(page.hits)} of {page.total}{'+' if page.total_capped else ''} calls")


@app.command()
def show(recording_id: Id, as_json: Json = False) -> None:
    """Show a call: hashes, quality, masked words, scorecard with what proves each finding."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        call = show_call(recording_id, house.transactions)
        house.anchor()
        if as_json:
            print_json(call.to_json())
        else:
            _print(call, house.settings.zone)


@app.command()
def mark(
    recording_id: Id,
    at: Annotated[str, typer.Option(help="Where, such as 00:03:20.")],
    label: Annotated[str, typer.Option(help="What happens there.")],
    as_json: Json = False,
) -> None:
    """Put a mark on a call's time line."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        mark_call(recording_id, seconds_of(at) or 0.0, label, house.transactions, "cli")
        house.anchor()
        if as_json:
            print_json({"id": recording_id, "at_s": seconds_of(at)})


@app.command()
def audio(
    recording_id: Id,
    out: Annotated[Path, typer.Option(help="The WAV file to write.")],
    from_: Annotated[str | None, typer.Option("--from", help="Begin here, such as 00:03:20.")] = None,
    to: Annotated[str | None, typer.Option(help="End here.")] = None,
    as_json: Json = False,
) -> None:
    """Write a call's sound, or a part of it, decrypting only the chunks it needs."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        clip = export_audio(recording_id, seconds_of(from_), seconds_of(to), out, house.audio_export())
        house.anchor()
        if as_json:
            print_json(clip.to_json())
        else:
            stdout.print(f"{out}: {clip.seconds:.1f} s, {clip.chunks_read} of {clip.chunks} chunks decrypted")


def _print(call: Call, zone: ZoneInfo) -> None:
    item, recording = call.interaction, call.recording
    stdout.print(f"[bold]{recording.id}[/bold]  {escape(recording.source_name)}")
    about = (f"{item.started_at.astimezone(zone):%Y-%m-%d %H:%M}", item.team, item.agent_name, item.scene)
    stdout.print(escape("  ".join([*(part or "-" for part in about), clock_of(recording.duration_ms / 1000)])))
    stdout.print(f"{recording.sealed.digest} original   {recording.sealed.plain_digest.hex()}")
    stdout.print(f"{recording.sealed.digest} ciphertext {recording.sealed.cipher_digest.hex()}")
    for flag in recording.flags:
        stdout.print(f"[yellow]{escape(flag)}[/yellow]")
    for said in call.utterances:
        stdout.print(f"{clock_of(said.start_s)}  {said.party:<8}  {escape(said.text)}")
    for stored in call.scorecards:
        card = stored.scorecard
        stdout.print(f"\n[bold]{card.form} {card.form_version}: {card.total}[/bold]")
        rows = [(d.title, d.score, d.weight) for d in card.dimensions]
        print_table(("dimension", "score", "of"), rows)
        for finding in card.findings:
            if finding.outcome != "violated":
                continue
            stdout.print(f"[red]-{finding.points}[/red] {escape(finding.title)}  ({escape(finding.clause)})")
            for cited in finding.citations:
                stdout.print(f"     {clock_of(cited.start_s)} {cited.party}: {escape(cited.text)}")
