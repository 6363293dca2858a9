"""What every test gets: a clean environment, no network in unit tests, the shared data's place, installations."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from flow_house import CALLS, House, take_up

REPO = Path(__file__).resolve().parents[1]
_UNIT = REPO / "tests" / "unit"


def pytest_configure(config: pytest.Config) -> None:
    # zhconv leaves the file of its dictionary to the garbage collector.
    config.addinivalue_line("filterwarnings", "ignore:.*zhcdict.json:pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("GUITAI_") and name != "GUITAI_SHARED_DATA":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unit tests reach this machine alone."""
    if _UNIT not in request.path.parents:
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
            raise RuntimeError("a unit test reached for the network")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def repo() -> Path:
    return REPO


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real audio and text beside the repository; without it the test is left out."""
    named = os.environ.get("GUITAI_SHARED_DATA")
    folder = Path(named) if named else REPO.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent")
    return folder


@pytest.fixture(scope="session")
def houses() -> Iterator[Path]:
    """A folder for installations of this worker."""
    # Not in pytest's own folder: each run of pytest closes that to other users, and the server may run as one.
    folder = Path(tempfile.mkdtemp(prefix="guitai-flow-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(houses: Path) -> Path:
    """A new installation's data folder, its server at rest; to be copied."""
    return House.made(houses / "template").data


@pytest.fixture(scope="session")
def archive_at_rest(houses: Path, template: Path) -> Path:
    """The data folder of an installation that took up CALLS from a script; to be copied."""
    house = House.copied(template, houses / "archive" / "data")
    with house.installation() as installation:
        report = take_up(CALLS, houses / "archive" / "calls", installation)
        assert report.inspected == len(CALLS)
        assert not report.failed
        installation.anchor()
    return house.data


@pytest.fixture(scope="session")
def archive(houses: Path, archive_at_rest: Path) -> Iterator[House]:
    """That installation, its server running; whoever alters it puts it back."""
    with House.copied(archive_at_rest, houses / "shared archive 档案" / "data").running() as house:
        yield house


@pytest.fixture
def own_house(houses: Path, template: Path) -> Iterator[Callable[[], House]]:
    """Makes new installations for one test alone, taken away afterwards."""
    yield from _copies(template, houses)


@pytest.fixture
def own_archive(houses: Path, archive_at_rest: Path) -> Iterator[Callable[[], House]]:
    """Makes copies of the archive for one test alone, taken away afterwards."""
    yield from _copies(archive_at_rest, houses)


def _copies(source: Path, houses: Path) -> Iterator[Callable[[], House]]:
    made: list[Path] = []

    def copy() -> House:
        made.append(Path(tempfile.mkdtemp(dir=houses)))
        return House.copied(source, made[-1] / "data")

    yield copy
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
