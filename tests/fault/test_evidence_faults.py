"""Nothing acknowledged is lost: killed at any moment, disk refusing at any call, two processes at once."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guitai.evidence.disk import PosixDisk
from guitai.evidence.errors import AppendFailedError
from guitai.evidence.log import EvidenceLog
from guitai.evidence.signers import Ed25519Signer

ORIGIN = "guitai.test/faults"
SIGNER = Ed25519Signer(ORIGIN, b"\x07" * 32)
APPENDER = """
import sys
from pathlib import Path
from guitai.evidence.log import EvidenceLog
from guitai.evidence.signers import Ed25519Signer
name = sys.argv[2]
with EvidenceLog.open(Path(sys.argv[1]), Ed25519Signer("guitai.test/faults", b"\\x07" * 32), origin="guitai.test/faults") as log:
    for turn in range(int(sys.argv[3])):
        batch = [f"{name} {turn} {part}".encode() * 9 for part in range(turn % 5 + 1)]
        for index, entry in zip(log.append(batch), batch):
            print(index, entry.decode(), sep="\\t", flush=True)
"""


def opened(path: Path, **options) -> EvidenceLog:
    return EvidenceLog.open(path, SIGNER, origin=ORIGIN, **options)


def appender(path: Path, name: str, turns: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", APPENDER, str(path), name, str(turns)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def acknowledged(output: bytes) -> dict[int, bytes]:
    lines = output.split(b"\n")[:-1]
    return {int(index): entry for index, _, entry in (line.partition(b"\t") for line in lines)}


def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(6962)
    kept: dict[int, bytes] = {}
    for turn in range(6):
        process = appender(tmp_path / "log", f"run{turn}", 10_000)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        kept |= acknowledged(first + rest)
        with opened(tmp_path / "log") as log:
            assert log.verify() == []
            assert all(log.entry(index) == entry for index, entry in kept.items())
            assert all(log.find(entry) == index for index, entry in kept.items())
    assert len(kept) >= 6


def test_two_processes_append_at_once(tmp_path: Path) -> None:
    processes = [appender(tmp_path / "log", name, 12) for name in ("a", "b")]
    answers = [acknowledged(process.communicate()[0]) for process in processes]
    assert not answers[0].keys() & answers[1].keys()
    with opened(tmp_path / "log") as log:
        assert log.size == len(answers[0]) + len(answers[1])
        assert all(log.entry(index) == entry for answer in answers for index, entry in answer.items())
        assert log.verify() == []


class FailingDisk(PosixDisk):
    """Refuses call number `last` (and, if `half`, writes half of it first); counts all calls."""

    def __init__(self, last: int, *, half: bool = False) -> None:
        self.last = last
        self.half = half
        self.calls = 0

    def _count(self) -> None:
        self.calls += 1
        if self.calls == self.last:
            raise OSError(28, "No space left on device")

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        if self.half and self.calls + 1 == self.last:
            super().write(descriptor, data[: len(data) // 2], offset)
        self._count()
        super().write(descriptor, data, offset)

    def truncate(self, descriptor: int, size: int) -> None:
        self._count()
        super().truncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        self._count()
        super().sync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self._count()
        super().replace(source, target)


@pytest.mark.parametrize("half", [False, True])
def test_every_call_to_the_disk_refused_in_turn(tmp_path: Path, half: bool) -> None:
    counting = FailingDisk(0)
    with opened(tmp_path / "count", disk=counting) as log:
        before = counting.calls
        log.append([b"first", b"second"])
        calls = counting.calls - before
    assert calls >= 10
    for call in range(1, calls + 1):
        path = tmp_path / f"{call}"
        disk = FailingDisk(0, half=half)
        with opened(path, disk=disk) as log:
            log.append([b"kept"])
            disk.last, disk.calls = call, 0
            with pytest.raises(AppendFailedError, match="No space left"):
                log.append([b"first", b"second"])
            assert log.entry(0) == b"kept"
            assert log.append([b"later"])[0] == log.find(b"later")
            assert log.verify() == []
        with opened(path) as log:
            assert log.verify() == []
            assert log.find(b"kept") == 0
            assert log.find(b"later") == log.size - 1
            assert log.size in (2, 4)


def test_every_call_refused_while_the_log_is_made(tmp_path: Path) -> None:
    counting = FailingDisk(0)
    opened(tmp_path / "count", disk=counting).close()
    for call in range(1, counting.calls + 1):
        path = tmp_path / f"{call}"
        with pytest.raises(OSError, match="No space left"):
            opened(path, disk=FailingDisk(call))
        with opened(path) as log:
            log.append([b"a"])
            assert log.verify() == []


def test_a_file_that_may_not_grow_stands_for_a_full_disk(tmp_path: Path) -> None:
    with opened(tmp_path / "log") as log:
        log.append([b"kept"])
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 14, hard))
        try:
            with pytest.raises(AppendFailedError, match="too large"):
                log.append([b"x" * 5000] * 10)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, handler)
        assert log.append([b"later"]) == [1]
        assert log.verify() == []
