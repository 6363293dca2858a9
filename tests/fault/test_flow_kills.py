"""`kill -9` at any moment: nothing acknowledged is lost, the rerun finishes, nothing is there twice."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flow_house import House, child_environment, write_call

CHILD = Path(__file__).with_name("flow_child.py")
TURNS = (("agent", ""), ("customer", ""))
KILLS = 6


def start(house: House, calls: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", str(CHILD), str(calls)],
        env=child_environment(house), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def finish(house: House, calls: Path) -> str:
    child = start(house, calls)
    output, errors = child.communicate(timeout=120)
    assert child.returncode == 0, errors
    assert not errors
    return output


def acknowledged(house: House) -> set[str]:
    """The recordings that the coverage ledger calls inspected: what a run had reported."""
    with house.database() as connection:
        rows = connection.execute("select recording_id from coverage where outcome = 'inspected'").fetchall()
    return {row[0] for row in rows}


def check(house: House, files: int) -> None:
    """Everything is there once, and as it was sealed."""
    assert house.problems() == []
    with house.database() as connection:
        counts = [
            connection.execute(f"select count(*) from {table}").fetchone()
            for table in ("recording", "transcript", "scorecard", "interaction", "transcript_search")
        ]
        assert counts == [(files,)] * 5
        ids = {row[0] for row in connection.execute("select id from recording")}
    for copy in ("a", "b"):
        folder = house.data / "objects" / copy
        assert {path.name for path in folder.glob("??/*")} == ids
        assert not list((folder / ".incoming").iterdir())


def kill(child: subprocess.Popen[str]) -> int:
    """Kill the command's processes; return how many calls it had acknowledged."""
    os.killpg(child.pid, signal.SIGKILL)
    output, _ = child.communicate()
    return output.split().count("done")


def test_the_command_is_killed_at_random_moments(own_house: Callable[[], House], tmp_path: Path) -> None:
    chance = random.Random(20261122)
    house, calls = own_house(), tmp_path / "calls"
    for number in range(4):
        write_call(calls / f"{number}.wav", TURNS)
    with house.running():
        began = time.monotonic()
        finish(house, calls)
        whole = time.monotonic() - began
        held = acknowledged(house)
        files = 4
        for turn in range(KILLS):
            write_call(calls / f"next {turn}.wav", TURNS)
            write_call(calls / f"after {turn}.wav", TURNS)
            files += 2
            child = start(house, calls)
            time.sleep(chance.uniform(0.55, 1.05) * whole)
            kill(child)
            assert house.problems() == [], turn
            assert held <= acknowledged(house)
            held = acknowledged(house)
        finish(house, calls)
        check(house, files)
        assert f"duplicates {files}" in finish(house, calls)
        check(house, files)


def test_what_the_killed_command_had_said_is_there(own_house: Callable[[], House], tmp_path: Path) -> None:
    house, calls = own_house(), tmp_path / "calls"
    for number in range(10):
        write_call(calls / f"{number}.wav", TURNS)
    with house.running():
        child = start(house, calls)
        assert child.stdout is not None
        assert child.stdout.readline() == "done\n"
        said = 1 + kill(child)
        assert len(acknowledged(house)) >= said
        assert house.problems() == []
        finish(house, calls)
        check(house, 10)


def postmaster(house: House) -> int:
    return int((house.data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])


def test_the_database_is_killed_too(own_house: Callable[[], House], tmp_path: Path) -> None:
    chance = random.Random(7)
    house, calls = own_house(), tmp_path / "calls"
    held: set[str] = set()
    for turn in range(2):
        for number in range(3):
            write_call(calls / f"{turn} {number}.wav", TURNS)
        child = start(house, calls)
        assert child.stdout is not None
        assert child.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        os.kill(postmaster(house), signal.SIGKILL)
        if turn % 2:
            kill(child)
        else:
            _, errors = child.communicate(timeout=60)
            assert child.returncode in {0, 1}, errors
            assert "Traceback" not in errors
        assert house.problems() == [], turn
        with house.running():
            assert held <= acknowledged(house)
            held = acknowledged(house)
    finish(house, calls)
    with house.running():
        check(house, 6)


def test_killed_while_the_installation_is_made(houses: Path, tmp_path: Path) -> None:
    chance = random.Random(3)
    calls = tmp_path / "calls"
    write_call(calls / "1.wav", TURNS)
    house = House(houses / "made under fire")
    for _ in range(3):
        child = start(house, calls)
        time.sleep(chance.uniform(0.8, 3))
        kill(child)
    finish(house, calls)
    with house.running():
        check(house, 1)


@pytest.fixture
def small_disk(houses: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small disk")
    folder = Path(tempfile.mkdtemp(prefix="small disk ", dir=houses))
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", str(folder)], check=False
    ).returncode:
        pytest.skip("no right to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("room_kib", [64, 900, 2000])
def test_the_disk_is_full(small_disk: Path, template: Path, tmp_path: Path, room_kib: int) -> None:
    calls = tmp_path / "calls"
    for number in range(8):
        write_call(calls / f"{number}.wav", TURNS)
    house = House.copied(template, small_disk / "data")
    filler = small_disk / "filler"
    with house.running():  # its own write-ahead log has its file already
        stat = os.statvfs(small_disk)
        filler.write_bytes(b"\0" * (stat.f_bavail * stat.f_frsize - room_kib * 1024))
        child = start(house, calls)
        output, errors = child.communicate(timeout=120)
        assert child.returncode == 1, output
        assert "defect" not in errors
        assert "Traceback" not in errors, errors
        filler.unlink()
    with house.running():
        held = acknowledged(house)
        assert house.problems() == []
    finish(house, calls)
    with house.running():
        check(house, 8)
        assert held <= acknowledged(house)
