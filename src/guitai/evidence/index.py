"""Finds an entry by its leaf hash without reading the log.

Leaves are indexed in runs of `RUN`: a full run is a file of records (first 8 bytes of the leaf hash, 4 bytes of
position in the run) in sorted order, closed by a CRC-32. The leaves after the last full run are indexed in memory.
Runs follow from `hashes` alone: one that is missing or damaged is made anew.
"""

import mmap
import struct
import threading
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from guitai.evidence.digests import SIZE
from guitai.evidence.disk import PosixDisk
from guitai.evidence.store import LogFiles, hash_position, replace_file

INDEX = "index"
RUN = 1 << 16
_PREFIX = 8
_RECORD = struct.Struct(f">{_PREFIX}sI")


def read_leaves(files: LogFiles, start: int, end: int) -> list[bytes]:
    """Return the leaf hashes of entries `start` to `end`."""
    if start == end:
        return []
    base = hash_position(0, start)
    data = files.read("hashes", base * SIZE, (hash_position(0, end - 1) - base + 1) * SIZE)
    offsets = ((hash_position(0, leaf) - base) * SIZE for leaf in range(start, end))
    return [data[offset : offset + SIZE] for offset in offsets]


def build_run(leaves: Sequence[bytes]) -> bytes:
    """Return the file for a run of leaf hashes."""
    records = b"".join(sorted(_RECORD.pack(leaf[:_PREFIX], position) for position, leaf in enumerate(leaves)))
    return records + zlib.crc32(records).to_bytes(4)


def run_name(number: int) -> str:
    """Return the file name of a run."""
    return f"{number:08d}"


class EntryIndex:
    """The index of one log."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._runs: list[bytes | mmap.mmap] = []
        self._tail: dict[bytes, int] = {}
        self._size = 0

    def close(self) -> None:
        """Let go of the files."""
        for run in self._runs:
            if isinstance(run, mmap.mmap):
                run.close()
        self._runs = []

    def find(self, leaf: bytes, size: int, files: LogFiles) -> int | None:
        """Return the first of the first `size` entries whose leaf hash is `leaf`."""
        with self._lock:
            self._catch_up(size, files)
            for number, run in enumerate(self._runs):
                found = _search(run, leaf[:_PREFIX])
                for position in found:
                    if files.node(0, number * RUN + position) == leaf:
                        return number * RUN + position
            return self._tail.get(leaf)

    def _catch_up(self, size: int, files: LogFiles) -> None:
        while size // RUN > len(self._runs):
            self._runs.append(self._load(len(self._runs), files))
            self._tail = {}
            self._size = max(self._size, len(self._runs) * RUN)
        for index, leaf in enumerate(read_leaves(files, self._size, size), start=self._size):
            self._tail.setdefault(leaf, index)
        self._size = max(self._size, size)

    def _load(self, number: int, files: LogFiles) -> bytes | mmap.mmap:
        path = self._directory / run_name(number)
        if not path.exists() or not _sound(path.read_bytes()):
            run = build_run(read_leaves(files, number * RUN, (number + 1) * RUN))
            try:
                self._directory.mkdir(mode=0o700, exist_ok=True)
                replace_file(path, run, PosixDisk())
            except OSError:  # a full disk must not keep anyone from finding: the run serves from memory
                return run
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _sound(run: bytes) -> bool:
    return len(run) == RUN * _RECORD.size + 4 and zlib.crc32(run[:-4]).to_bytes(4) == run[-4:]


def _search(run: bytes | mmap.mmap, prefix: bytes) -> list[int]:
    """Return the positions of a run's records with this prefix, lowest first."""

    def prefix_at(record: int) -> bytes:
        return run[record * _RECORD.size : record * _RECORD.size + _PREFIX]

    record = bisect_left(range(RUN), prefix, key=prefix_at)
    positions: list[int] = []
    while record < RUN and prefix_at(record) == prefix:
        positions.append(_RECORD.unpack_from(run, record * _RECORD.size)[1])
        record += 1
    return positions
