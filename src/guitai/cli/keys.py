"""`guitai keys …`: key-encryption keys."""

from pathlib import Path
from typing import Annotated

import typer

from guitai.adapters.keys import Unlock
from guitai.bootstrap import Installation
from guitai.cli.inspect import Json
from guitai.cli.output import errors_explained, print_json, print_table, stdout
from guitai.recording.rewrapping import rewrap_all
from guitai.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Look after the keys.")


@app.command("list")
def list_keys(as_json: Json = False) -> None:
    """List the key-encryption keys."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        house.note("keys.list", {})
        rows = [
            {"id": key.kek_id, "profile": key.profile, "state": key.state, "created": key.created}
            for key in house.keyring.keys
        ]
        if as_json:
            print_json({"keys": rows})
        else:
            print_table(("id", "profile", "state", "created"), [tuple(row.values()) for row in rows])


@app.command()
def rotate(as_json: Json = False) -> None:
    """Make a new key and wrap every recording's data key under it; evidence stays valid."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        key = house.keyring.rotate()
        changed = rewrap_all(house.vault, house.transactions)
        house.note("keys.rotate", {"key": key, "calls": changed})
        _say(key, changed, as_json=as_json)


@app.command()
def rewrap(as_json: Json = False) -> None:
    """Finish what an interrupted `rotate` left: wrap every data key under the current key."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        changed = rewrap_all(house.vault, house.transactions)
        house.note("keys.rewrap", {"calls": changed})
        _say(house.keyring.current_key_id, changed, as_json=as_json)


@app.command("change-passphrase")
def change_passphrase(
    new: Annotated[Path, typer.Option("--new-passphrase-file", help="A file only you can read.")],
    as_json: Json = False,
) -> None:
    """Seal the keyring under another passphrase; point GUITAI_PASSPHRASE_FILE at it from then on."""
    with errors_explained(as_json=as_json), Installation.open(Settings.from_environment()) as house:
        house.keyring.change_passphrase(Unlock.passphrase_file(new))
        house.note("keys.change_passphrase", {})
        if as_json:
            print_json({"changed": True})
        else:
            stdout.print("The keyring is sealed under the new passphrase.")


def _say(key: str, changed: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"key": key, "rewrapped": changed})
    else:
        stdout.print(f"New data goes under {key}; {changed} call(s) rewrapped.")
