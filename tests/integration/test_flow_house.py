"""The installation as a whole: trail, migrations, another database, 国密, keys, offline packs."""

import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from flow_house import CALLS, PLAIN, House, child_environment, ids_by_name, take_up, write_call
from guitai.adapters.postgres.server import EmbeddedServer
from guitai.audit.model import broken_links
from guitai.recording.errors import RunInProgress


def trail(house: House) -> list[tuple[str, str]]:
    with house.database() as connection:
        return connection.execute("select action, subject from audit_event order by seq").fetchall()


READS: list[tuple[list[str], str, bool]] = [
    (["calls", "list"], "archive.search", False),
    (["search", "退款"], "archive.search", False),
    (["calls", "show", "ID"], "recording.show", True),
    (["calls", "audio", "ID", "--out", "OUT.wav"], "recording.audio", True),
    (["calls", "mark", "ID", "--at", "1", "--label", "此处"], "recording.mark", True),
    (["evidence", "export", "ID", "--out", "OUT.zip"], "evidence.export", True),
    (["evidence", "verify", "--all"], "evidence.verify", False),
    (["evidence", "verify", "ID"], "evidence.verify", False),
    (["report", "--out", "OUT"], "report.read", False),
    (["keys", "rotate"], "recording.rewrap", True),
]  # fmt: skip


def test_each_command_is_in_the_trail_and_the_trail_in_the_log(
    own_archive: Callable[[], House], tmp_path: Path
) -> None:
    house = own_archive()
    with house.running():
        call = ids_by_name(house)["plain.wav"]
        for arguments, action, about_call in READS:
            before = len(trail(house))
            house.json(*(one.replace("ID", call).replace("OUT", str(tmp_path / "out")) for one in arguments))
            added = trail(house)[before:]
            assert (action, call if about_call else "") in added, arguments
        with house.database() as connection:
            seqs = [row[0] for row in connection.execute("select seq from audit_event order by seq")]
            actors = {row[0] for row in connection.execute("select actor from audit_event")}
            fixed = connection.execute(
                "select max(subject::bigint) from evidence_entry where kind = 'audit'"
            ).fetchone()
        assert seqs == list(range(1, len(seqs) + 1))
        assert fixed == (len(seqs),)
        assert len(actors) == 1
        assert next(iter(actors)).startswith("os:")
        assert house.problems() == []


def test_what_is_undone_leaves_no_event(own_archive: Callable[[], House]) -> None:
    house = own_archive()
    with house.running(), house.installation() as installation:
        before = trail(house)
        with pytest.raises(ZeroDivisionError), installation.transactions.begin() as work:  # noqa: PT012 - the block is what is undone
            work.audit.append("recording.show", "x")
            _ = 1 / 0
        assert trail(house) == before


def test_the_chain_never_forks(own_archive: Callable[[], House]) -> None:
    house = own_archive()
    with house.running(), house.installation() as installation:

        def append() -> None:
            for _ in range(25):
                with installation.transactions.begin() as work:
                    work.audit.append("recording.show", "x")

        threads = [threading.Thread(target=append) for _ in range(3)]
        for thread in threads:
            thread.start()
        other = [
            subprocess.Popen([sys.executable, "-m", "guitai", "calls", "list", "--json"], env=child_environment(house),
                             stdout=subprocess.DEVNULL) for _ in range(2)
        ]  # fmt: skip
        for thread in threads:
            thread.join()
        assert [process.wait(60) for process in other] == [0, 0]
        with installation.transactions.begin() as work:
            events = work.audit.events()
        assert len(events) >= 77
        assert broken_links(events) == []
        assert house.problems() == []


def test_two_runs_at_once_take_each_file_once(own_house: Callable[[], House], tmp_path: Path) -> None:
    house, calls = own_house(), tmp_path / "calls"
    for number in range(6):
        write_call(calls / f"{number}.wav", (("agent", ""), ("customer", "")))
    child = Path(__file__).parents[1] / "fault" / "flow_child.py"
    with house.running():
        runs = [
            subprocess.Popen([sys.executable, str(child), str(calls)], env=child_environment(house), text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
        ]  # fmt: skip
        answers = [run.communicate(timeout=100) for run in runs]
        assert [(run.returncode, errors) for run, (_, errors) in zip(runs, answers, strict=True)] == [(0, "")] * 2
        assert len(ids_by_name(house)) == 6
        assert house.problems() == []


def schema(dsn: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            """select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
               where table_schema = 'public' union all
               select tablename, indexname, indexdef, '', '' from pg_indexes where schemaname = 'public' union all
               select proname, prosrc, '', '', '' from pg_proc where pronamespace = 'public'::regnamespace
               order by 1, 2, 3"""
        ).fetchall()


def test_an_upgraded_database_is_as_a_new_one_and_a_newer_one_is_refused(own_house: Callable[[], House]) -> None:
    from alembic import command
    from alembic.config import Config

    import guitai.adapters.postgres

    house = own_house()
    with house.running():
        server = EmbeddedServer(house.data / "postgres")
        dsn, old = server._dsn("guitai"), server._dsn("old")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("create database old")
        config = Config()
        migrations = Path(guitai.adapters.postgres.__file__).parent / "migrations"
        config.set_main_option("script_location", str(migrations))
        config.attributes["dsn"] = old
        command.upgrade(config, "0001")
        upgraded = House(house.data, {"GUITAI_DATABASE_URL": old})
        with upgraded.installation() as installation:
            assert installation.database
        assert schema(old) == schema(dsn)
        with psycopg.connect(old) as connection:
            connection.execute("update alembic_version set version_num = '9999'")
        refused = upgraded.run("calls", "list", "--json")
        assert refused.status == 1
        assert refused.json["error"]["code"] == "database.newer"


def test_a_database_of_ones_own(own_house: Callable[[], House], houses: Path, tmp_path: Path) -> None:
    server = own_house()
    with server.running():
        with psycopg.connect(EmbeddedServer(server.data / "postgres")._dsn("guitai"), autocommit=True) as connection:
            connection.execute("create database elsewhere")
        url = EmbeddedServer(server.data / "postgres")._dsn("elsewhere")
        house = House.made(houses / "no database inside", GUITAI_DATABASE_URL=url)
        with house.installation() as installation:
            assert take_up([PLAIN], tmp_path, installation).inspected == 1
        assert not (house.data / "postgres").exists()
        assert house.json("calls", "list")["total"] == 1
        assert house.problems() == []
    gone = house.run("calls", "list", "--json")
    assert gone.json["error"]["code"] == "database.unavailable"


def check_offline(pack: Path, key: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guitai.evidence.verify", str(pack), "--key", key],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("profile", ["standard", "sm"])
def test_sealed_exported_and_checked_offline(houses: Path, tmp_path: Path, profile: str) -> None:
    house = House.made(houses / f"profile {profile}", GUITAI_PROFILE=profile)
    with house.running():
        with house.installation() as installation:
            assert take_up([PLAIN], tmp_path, installation).inspected == 1
        assert house.problems() == []
        call = ids_by_name(house)["plain.wav"]
        shown = house.json("calls", "show", call)["recording"]
        assert (shown["profile"], shown["digest"]) == (profile, "sm3" if profile == "sm" else "sha256")
        exported = house.json("evidence", "export", call, "--out", tmp_path / "pack.zip")
        good = check_offline(tmp_path / "pack.zip", exported["log_key"])
        assert good.returncode == 0, good.stdout
        with zipfile.ZipFile(tmp_path / "pack.zip") as pack, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
            for name in pack.namelist():
                content = bytearray(pack.read(name))
                if name == "transcript.json":
                    content[-5] ^= 1
                bad.writestr(name, bytes(content))
        assert check_offline(tmp_path / "bad.zip", exported["log_key"]).returncode == 1


def test_after_a_rotation_everything_opens_and_is_proven(own_archive: Callable[[], House], tmp_path: Path) -> None:
    house = own_archive()
    with house.running():
        old = house.json("keys", "list")["keys"][0]["id"]
        rotated = house.json("keys", "rotate")
        assert rotated["rewrapped"] == len(CALLS)
        assert rotated["key"] != old
        assert house.problems() == []
        for call in ids_by_name(house).values():
            assert house.json("calls", "audio", call, "--out", tmp_path / "x.wav")["seconds"] > 1
        with house.database() as connection:
            keys = {row[0] for row in connection.execute(
                "select sealed->>'kek_id' from recording union select metadata_sealed->>'kek_id' from recording "
                "union select sealed->>'kek_id' from transcript")}  # fmt: skip
        assert keys == {rotated["key"]}


def test_an_interrupted_rotation_is_finished_by_rewrap(own_archive: Callable[[], House]) -> None:
    house = own_archive()
    with house.running():
        with house.installation() as installation:
            fresh = installation.keyring.rotate()
        assert house.problems() == []
        assert house.json("keys", "rewrap") == {"key": fresh, "rewrapped": len(CALLS)}
        assert house.json("keys", "rewrap") == {"key": fresh, "rewrapped": 0}
        assert house.problems() == []


def test_a_run_that_goes_on_for_long_is_told(own_house: Callable[[], House], tmp_path: Path) -> None:
    house = own_house()
    with house.running(), house.installation() as installation, installation.transactions.begin() as first:
        first.recordings.take_turn()
        with pytest.raises(RunInProgress), installation.transactions.begin() as second:
            second.recordings.take_turn(patience_s=0.1)
