"""The log's files: append-only, each byte of them covered by a checksum or a hash.

`entries`     for each entry: length (4 bytes), CRC-32 of length and body (4 bytes), body.
`offsets`     for each entry: where its frame ends in `entries` (8 bytes).
`hashes`      for each entry: its leaf hash, then the hash of every subtree it completes (32 bytes each); so the subtree
              (level, index), whose last leaf is m = (index + 1)·2^level - 1, stands at 2m - popcount(m) + level.
`checkpoint`  the signed size and root; replaced in one step once the rest is on the disk. What the other files hold
              beyond it was never acknowledged and is cut off.
All numbers are big-endian.
"""

import os
import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from guitai.evidence.digests import SIZE
from guitai.evidence.errors import LogDamagedError, LogTruncatedError
from guitai.evidence.ports import Disk

FRAME = struct.Struct(">II")
OFFSET = struct.Struct(">Q")
DATA_FILES = ("entries", "offsets", "hashes")
CHECKPOINT = "checkpoint"
MAX_ENTRY = 1 << 20
"""Bytes in the largest entry."""
_BLOCK_LEVEL = 6


def hash_position(level: int, index: int) -> int:
    """Return which hash of the file `hashes` is that of the complete subtree (level, index)."""
    last = ((index + 1) << level) - 1
    return 2 * last - last.bit_count() + level


def frame(entry: bytes) -> bytes:
    """Return `entry` as the file `entries` holds it."""
    return FRAME.pack(len(entry), _crc(entry)) + entry


def unframe(data: bytes) -> bytes | None:
    """Return the entry in one whole frame, None where length or checksum do not fit."""
    if len(data) < FRAME.size:
        return None
    length, crc = FRAME.unpack_from(data)
    entry = data[FRAME.size :]
    return entry if length == len(entry) and crc == _crc(entry) else None


class LogFiles:
    """Reads and writes the files of one log; positions and sizes come from the caller."""

    def __init__(self, directory: Path, disk: Disk) -> None:
        self.directory = directory
        self._disk = disk
        self.covered = 0
        """How many entries the checkpoint seen last covers: what is before never changes and may be cached."""
        self._block = lru_cache(maxsize=1 << 10)(self._read_block)
        self._single = lru_cache(maxsize=1 << 15)(self._read_single)
        self._descriptors = {name: _open(directory / name) for name in DATA_FILES}

    def close(self) -> None:
        """Let go of the files."""
        for descriptor in self._descriptors.values():
            os.close(descriptor)

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Return `length` bytes of a data file; raise LogTruncatedError where it ends sooner."""
        data = os.pread(self._descriptors[name], length, offset)
        while len(data) < length:
            more = os.pread(self._descriptors[name], length - len(data), offset + len(data))
            if not more:
                raise LogTruncatedError(f"the evidence file {name!r} ends too soon", hint=TRUNCATED_HINT)
            data += more
        return data

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the complete subtree (level, index) of entries that the checkpoint covers."""
        if level >= _BLOCK_LEVEL or ((index << level >> _BLOCK_LEVEL) + 1) << _BLOCK_LEVEL > self.covered:
            return self._single(level, index)
        start, data = self._block(index << level >> _BLOCK_LEVEL)
        position = hash_position(level, index) * SIZE - start
        return data[position : position + SIZE]

    def _read_single(self, level: int, index: int) -> bytes:
        return self.read("hashes", hash_position(level, index) * SIZE, SIZE)

    def _read_block(self, block: int) -> tuple[int, bytes]:
        """Return all hashes within the subtree (_BLOCK_LEVEL, block), and where they start: they lie together."""
        start = hash_position(0, block << _BLOCK_LEVEL) * SIZE
        return start, self.read("hashes", start, ((2 << _BLOCK_LEVEL) - 1) * SIZE)

    def end_of(self, size: int) -> int:
        """Return how many bytes of `entries` the first `size` entries take."""
        return OFFSET.unpack(self.read("offsets", (size - 1) * OFFSET.size, OFFSET.size))[0] if size else 0

    def entry(self, index: int) -> bytes:
        """Return entry `index`; raise LogDamagedError where its frame is not whole."""
        start, end = self.end_of(index), self.end_of(index + 1)
        if FRAME.size <= end - start <= FRAME.size + MAX_ENTRY:
            entry = unframe(self.read("entries", start, end - start))
            if entry is not None:
                return entry
        raise LogDamagedError(f"entry {index} of the evidence log is damaged", hint=DAMAGED_HINT)

    def lengths(self, size: int) -> dict[str, int]:
        """Return how long each data file is when the log has `size` entries."""
        hashes = 2 * size - size.bit_count()
        return {"entries": self.end_of(size), "offsets": OFFSET.size * size, "hashes": SIZE * hashes}

    def length(self, name: str) -> int:
        """Return how long a data file is now."""
        return os.fstat(self._descriptors[name]).st_size

    def trim(self, size: int) -> None:
        """Cut off what lies beyond `size` entries; raise LogTruncatedError where a file is shorter than that."""
        if self.length("offsets") < OFFSET.size * size:
            raise LogTruncatedError("the evidence file 'offsets' ends before its checkpoint", hint=TRUNCATED_HINT)
        for name, wanted in self.lengths(size).items():
            length = self.length(name)
            if length < wanted:
                raise LogTruncatedError(f"the evidence file {name!r} ends before its checkpoint", hint=TRUNCATED_HINT)
            if length > wanted:
                self._disk.truncate(self._descriptors[name], wanted)

    def write(self, size: int, entries: Sequence[bytes], hashes: bytes) -> None:
        """Write `entries` and their hashes after the first `size` entries, and return when they are on the disk."""
        lengths = self.lengths(size)
        frames = [frame(entry) for entry in entries]
        end, ends = lengths["entries"], bytearray()
        for framed in frames:
            end += len(framed)
            ends += OFFSET.pack(end)
        for name, data in zip(DATA_FILES, (b"".join(frames), bytes(ends), hashes), strict=True):
            self._disk.write(self._descriptors[name], data, lengths[name])
        for descriptor in self._descriptors.values():
            self._disk.sync(descriptor)


def replace_file(target: Path, data: bytes, disk: Disk) -> None:
    """Write a small file so that a crash leaves the old or the new one, whole; return when it is on the disk."""
    fresh = target.with_name(f"{target.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        disk.write(descriptor, data, 0)
        disk.sync(descriptor)
    finally:
        os.close(descriptor)
    disk.replace(fresh, target)
    sync_folder(target.parent, disk)


def sync_folder(path: Path, disk: Disk) -> None:
    """Return when the names in a folder are on the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        disk.sync(folder)
    finally:
        os.close(folder)


TRUNCATED_HINT = "Entries that were acknowledged are missing: restore the evidence folder from a copy."
DAMAGED_HINT = "Run `guitai evidence verify --all` to name every damaged part, and restore the folder from a copy."


def _crc(entry: bytes) -> int:
    return zlib.crc32(entry, zlib.crc32(len(entry).to_bytes(4)))


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
