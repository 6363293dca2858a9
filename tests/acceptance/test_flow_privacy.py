"""No exit shows a customer's data: every command in both forms, every stored byte, every log.

Exceptions, meant: a path is printed back to whoever named it, and a court's pack holds the original with its metadata.
"""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from flow_house import (
    CARD,
    ID_CARD,
    MOBILE,
    NAME,
    OTHER_MOBILE,
    PERSONAL,
    SPOKEN_ID,
    SPOKEN_MOBILE,
    House,
    ids_by_name,
)
from guitai.cli.app import app

SECRETS = (
    MOBILE, OTHER_MOBILE, ID_CARD, CARD, NAME, SPOKEN_MOBILE, SPOKEN_ID, "1381234", "幺三八一二三四", "13812345",
    "19900307", "一九九零零三零七", "2220212345678901", "中关村大街", "27号院", "3900001", "王小", "小明",
)  # fmt: skip
NOT_CUSTOMERS = {"keys"}  # random bytes that may by chance hold anything

Arguments = list[str | Path]


def commands() -> set[str]:
    """Every command there is."""
    found: set[str] = set()

    def walk(command: Any, name: str) -> None:
        for part, below in getattr(command, "commands", {}).items():
            walk(below, f"{name} {part}".strip())
        if not hasattr(command, "commands"):
            found.add(name)

    walk(typer.main.get_command(app), "")
    return found


def exercised(call: str, folder: Path) -> dict[str, list[Arguments]]:
    """How each command is asked about the call; one that shows more must be asked for all of it."""
    passphrase = folder / "passphrase"
    passphrase.write_text("a passphrase that is long enough")
    passphrase.chmod(0o600)
    return {
        "init": [[]],
        "inspect": [[folder / "calls"]],
        "calls list": [[]],
        "calls show": [[call], [MOBILE]],
        "calls mark": [[call, "--at", "12", "--label", f"客户手机{MOBILE}，我叫{NAME}"]],
        "calls audio": [[call, "--out", folder / "x.wav", "--from", "1", "--to", "2"], [call, "--out", folder / "y.wav"]],
        "search": [
            ["退款"], ["--number", MOBILE], ["--number", MOBILE[-4:]], ["手机"], ["身份证"], ["客户"], ["--mark", "手机"],
            ["--mark", "姓名"], [MOBILE], [NAME], [ID_CARD],
        ],
        "evidence verify": [["--all"], [call], [ID_CARD]],
        "evidence timestamp": [["--url", "http://127.0.0.1:9/", "--ca", passphrase]],
        "evidence mend": [[call]],
        "evidence export": [[call, "--out", folder / "pack.zip"]],
        "report": [["--out", folder / "report"]],
        "models list": [[]],
        "models verify": [[]],
        "models add": [[folder / "calls"]],
        "keys list": [[]],
        "keys rotate": [[]],
        "keys rewrap": [[]],
        "keys change-passphrase": [["--new-passphrase-file", passphrase]],
        "doctor": [[]],
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exits")
    (folder / "calls").mkdir()
    (folder / "calls" / "empty.wav").touch()
    return folder


@pytest.fixture(scope="module")
def used(houses: Path, archive_at_rest: Path, folder: Path) -> Iterator[tuple[House, dict[str, str]]]:
    """An installation with such a call, after every command was used; what each printed."""
    house = House.copied(archive_at_rest, houses / "exits" / "data")
    with house.running():
        call = next(call for name, call in ids_by_name(house).items() if name.startswith("客户"))
        printed: dict[str, str] = {}
        for name, questions in exercised(call, folder).items():
            if name == "keys change-passphrase":
                continue
            for question in questions:
                for form in ((), ("--json",)):
                    answer = house.run(*name.split(), *question, *form)
                    printed[f"{name} {question} {form}"] = answer.stdout + answer.stderr
        last = exercised(call, folder)["keys change-passphrase"][0]
        answer = house.run("keys", "change-passphrase", *last)
        printed["keys change-passphrase"] = answer.stdout + answer.stderr
        yield house, printed


def held(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_every_command_is_exercised_here(folder: Path) -> None:
    assert commands() == set(exercised("x", folder))


def test_no_command_shows_them(used: tuple[House, dict[str, str]]) -> None:
    _, printed = used
    assert {question: held(text) for question, text in printed.items() if held(text)} == {}


def test_what_may_be_shown_is_shown(used: tuple[House, dict[str, str]]) -> None:
    _, printed = used
    shown = "".join(printed.values())
    assert "138****5678" in shown
    assert "110101********7774" in shown
    assert "林晓雯" in shown


def test_the_report_does_not_show_them(used: tuple[House, dict[str, str]], folder: Path) -> None:
    files = [path for path in (folder / "report").rglob("*") if path.is_file()]
    assert len(files) > 1
    assert {path.name: held(path.read_text()) for path in files if held(path.read_text())} == {}
    assert not [path.name for path in files if held(path.name)]


def test_the_pack_shows_them_only_where_a_court_needs_them(used: tuple[House, dict[str, str]], folder: Path) -> None:
    with zipfile.ZipFile(folder / "pack.zip") as pack:
        assert not held(" ".join(pack.namelist()))
        found = {
            name for name in pack.namelist() if held(pack.read(name).decode("utf-8", "ignore"))
        }  # fmt: skip
    assert found == {"recording/metadata.json"}


def test_no_stored_byte_holds_them(used: tuple[House, dict[str, str]]) -> None:
    """Tables, indexes, the write-ahead log, the server's log, objects, evidence: all files of the data folder."""
    house, _ = used
    with house.database() as connection:
        connection.autocommit = True
        connection.execute("checkpoint")
    found: dict[str, list[str]] = {}
    needles = {secret: [secret.encode(), secret.encode("utf-16-le"), secret.encode("gb18030")] for secret in SECRETS
               if len(secret) > 2}  # fmt: skip
    seen = 0
    for path in house.data.rglob("*"):
        if path.is_file() and path.relative_to(house.data).parts[0] not in NOT_CUSTOMERS:
            content = path.read_bytes()
            seen += len(content)
            hits = [secret for secret, forms in needles.items() if any(form in content for form in forms)]
            if hits:
                found[str(path.relative_to(house.data))] = hits
    assert seen > 10_000_000
    assert found == {}


def test_no_text_column_holds_them(used: tuple[House, dict[str, str]]) -> None:
    house, _ = used
    with house.database() as connection:
        tables = [row[0] for row in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
        assert "transcript" in tables
        for table in tables:
            for row in connection.execute(f"select t::text from {table} t"):
                assert not held(row[0]), table
        for row in connection.execute("select convert_from(body, 'UTF8') from evidence_entry"):
            assert not held(row[0])


def test_a_defect_is_reported_without_what_was_said(
    own_archive: Callable[[], House], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = own_archive()
    with house.running():
        with house.database() as connection:
            connection.execute("alter table mark add constraint x check (label = '') not valid")
        answer = house.spawn(
            "calls", "mark", next(iter(ids_by_name(house).values())), "--at", "1", "--label", f"我叫{NAME}"
        )
    assert answer.status == 70
    assert "defect" in answer.stderr
    assert not held(answer.stdout + answer.stderr)
    assert not held((house.data / "postgres" / "cluster" / "server.log").read_text())


def test_the_call_is_the_one_with_personal_data() -> None:
    said = "".join(text for _, text in PERSONAL.turns)
    assert all(secret in said for secret in (CARD, NAME, OTHER_MOBILE, SPOKEN_ID))
