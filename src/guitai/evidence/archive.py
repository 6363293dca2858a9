"""A zip file of which, for given names and contents, only one byte sequence is valid.

Members are stored, not compressed, dated 1980-01-01, without comments, extra fields or data descriptors; nothing stands
between, before or after them. Reading rebuilds every header and compares: whatever is altered, added, removed, repeated
or moved is found, where ordinary readers would pass over it.
"""

import os
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guitai.evidence.errors import PackInvalidError, PackRefusedError

CHUNK = 1 << 20
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _UNIX, _DATE, _MODE = 20, 3 << 8, 1 << 5 | 1, 0o100644 << 16
_LIMIT = (1 << 32) - 1
_NAME = re.compile(rb"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive: its content is `size` bytes from `offset`."""

    name: str
    offset: int
    size: int
    crc: int

    @property
    def local_header(self) -> bytes:
        """Return the bytes that must stand before the content."""
        name = self.name.encode("ascii")
        sizes = (self.crc, self.size, self.size, len(name), 0)
        return _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, 0, 0, _DATE, *sizes) + name

    @property
    def central_header(self) -> bytes:
        """Return the member's line in the central directory."""
        name = self.name.encode("ascii")
        start = self.offset - len(self.local_header)
        sizes = (self.crc, self.size, self.size, len(name), 0, 0, 0, 0)
        return _CENTRAL.pack(b"PK\x01\x02", _UNIX | _VERSION, _VERSION, 0, 0, 0, _DATE, *sizes, _MODE, start) + name


def write_archive(out: Path, members: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write the archive of these names and contents in this order; `out` appears only when it is whole."""
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("wb") as file:
            written = [_write_member(file, name, chunks) for name, chunks in members]
            file.write(_ending(written))
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def read_archive(file: BinaryIO) -> list[Member]:
    """Return the archive's members; raise PackInvalidError, naming the file, unless it is exactly what was written."""
    length = file.seek(0, os.SEEK_END)
    members: list[Member] = []
    names: set[str] = set()
    at = 0
    while (member := _read_member(file, at)) is not None:
        if member.name in names:
            raise PackInvalidError(f"{member.name}: the pack holds this name twice")
        names.add(member.name)
        members.append(member)
        at = member.offset + member.size
    file.seek(at)
    if file.read(length - at) != _ending(members):
        where = members[-1].name if members else "the beginning"
        raise PackInvalidError(f"the pack's directory, after {where}, is not what was written")
    return members


def chunks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """Yield the member's content in pieces."""
    file.seek(member.offset)
    left = member.size
    while left:
        piece = file.read(min(CHUNK, left))
        if not piece:
            raise PackInvalidError(f"{member.name}: the file is cut off")
        left -= len(piece)
        yield piece


def _write_member(file: BinaryIO, name: str, pieces: Iterable[bytes]) -> Member:
    if not _NAME.fullmatch(name.encode()):
        raise PackRefusedError(f"{name!r} cannot be a name in a pack")
    start = file.tell()
    blank = Member(name, 0, 0, 0)
    file.write(blank.local_header)
    offset, size, crc = file.tell(), 0, 0
    for piece in pieces:
        file.write(piece)
        size, crc = size + len(piece), zlib.crc32(piece, crc)
    if file.tell() > _LIMIT:
        raise PackRefusedError("a pack holds at most 4 GiB", hint="Export this recording alone, or its sealed form.")
    member = Member(name, offset, size, crc)
    file.seek(start)
    file.write(member.local_header)
    file.seek(offset + size)
    return member


def _read_member(file: BinaryIO, at: int) -> Member | None:
    """Return the member whose header stands at `at`; None where no member starts."""
    file.seek(at)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
        return None
    *_, crc, size, _, name_length, _ = _LOCAL.unpack(header)
    name = file.read(name_length)
    if not _NAME.fullmatch(name):
        raise PackInvalidError(f"the pack holds a name that was never written, at byte {at}")
    member = Member(name.decode("ascii"), at + len(header) + len(name), size, crc)
    if header + name != member.local_header:
        raise PackInvalidError(f"{member.name}: the header of this file was altered")
    found = 0
    for piece in chunks(file, member):
        found = zlib.crc32(piece, found)
    if found != crc:
        raise PackInvalidError(f"{member.name}: the content of this file was altered")
    return member


def _ending(members: list[Member]) -> bytes:
    directory = b"".join(member.central_header for member in members)
    start = members[-1].offset + members[-1].size if members else 0
    return directory + _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), len(directory), start, 0)
