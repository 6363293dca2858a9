"""`guitai search`: words and metadata."""

from typing import Annotated

import typer
from rich.markup import escape

from guitai.bootstrap import Installation
from guitai.cli.inspect import Json
from guitai.cli.output import errors_explained, print_json, stdout
from guitai.cli.times import clock_of, day_of
from guitai.recording.numbers import query_key
from guitai.settings import Settings
from guitai.transcripts.operations import search as find
from guitai.transcripts.search import Hit, SearchPage, SearchQuery


def search(
    words: Annotated[str | None, typer.Argument(help='Words, "a phrase", -without.')] = None,
    agent: Annotated[str | None, typer.Option(help="Agent's id or name.")] = None,
    team: Annotated[str | None, typer.Option()] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Calls from this day or time on.")] = None,
    to: Annotated[str | None, typer.Option(help="Calls up to and including this day, or before this time.")] = None,
    number: Annotated[str | None, typer.Option(help="Caller's or callee's number, or its last four digits.")] = None,
    scene: Annotated[str | None, typer.Option()] = None,
    tag: Annotated[str | None, typer.Option()] = None,
    mark: Annotated[str | None, typer.Option(help="A part of a mark's label.")] = None,
    min_score: Annotated[float | None, typer.Option()] = None,
    max_score: Annotated[float | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: Json = False,
) -> None:
    """Search what was said and what is known of the calls; newest first."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        zone = house.settings.zone
        query = SearchQuery(
            text=words,
            agent=agent,
            team=team,
            from_=day_of(from_, zone),
            to=day_of(to, zone, end=True),
            number=query_key(house.index_secret, number) if number else None,
            scene=scene,
            tag=tag,
            mark=mark,
            min_score=min_score,
            max_score=max_score,
            limit=limit,
        )
        page = find(query, house.transactions)
        house.anchor()
        if as_json:
            print_json({"total": page.total, "total_capped": page.total_capped, "took_ms": round(page.took_ms, 2),
                        "hits": [_hit_json(hit) for hit in page.hits]})  # fmt: skip
        else:
            _print(page, house.settings)


def _hit_json(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.recording_id,
        "started_at": hit.started_at.isoformat(),
        "agent_name": hit.agent_name,
        "team": hit.team,
        "scene": hit.scene,
        "score": hit.total_score,
        "snippet": hit.snippet,
        "at_s": hit.at_s,
    }


def _print(page: SearchPage, settings: Settings) -> None:
    for hit in page.hits:
        at = f"  {clock_of(hit.at_s)}" if hit.at_s is not None else ""
        started = f"{hit.started_at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
        heading = f"{started}  {hit.team or '-'}  {hit.agent_name or '-'}  {hit.scene or '-'}  {hit.total_score}"
        stdout.print(f"[bold]{hit.recording_id}[/bold]  {escape(heading)}")
        snippet = escape(hit.snippet).replace("«", "[reverse]").replace("»", "[/reverse]")
        stdout.print(f"   {at}  {snippet}")
    stdout.print(f"{len(page.hits)} of {page.total}{'+' if page.total_capped else ''} calls, {page.took_ms:.1f} ms")
