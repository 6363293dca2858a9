"""Timestamps of checkpoints, kept beside the log: `timestamps/<size>.checkpoint`, `.tsr` (the token, DER), `.sha256`.

The `.sha256` file lists the digests of the other two as sha256sum writes them, so that a flipped byte is found even
where a token's format lets it pass.
"""

from dataclasses import dataclass
from pathlib import Path

from guitai.evidence.checkpoints import Checkpoint, open_checkpoint
from guitai.evidence.digests import sha256
from guitai.evidence.errors import EvidenceError, TimestampInvalidError
from guitai.evidence.model import Problem
from guitai.evidence.notes import VerifierKey
from guitai.evidence.ports import Disk
from guitai.evidence.store import replace_file, sync_folder
from guitai.evidence.tokens import read_token

TIMESTAMPS = "timestamps"
_SUFFIXES = (".checkpoint", ".tsr", ".sha256")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A checkpoint and the token that says when it existed."""

    checkpoint: Checkpoint
    token: bytes


def store_timestamp(directory: Path, timestamp: Timestamp, disk: Disk) -> None:
    """Keep a timestamp whose token vouches for its checkpoint; the list of digests is written last."""
    if read_token(timestamp.token).digest != sha256(timestamp.checkpoint.note):
        raise TimestampInvalidError("the timestamp is not of this checkpoint", hint="Ask the authority again.")
    directory.mkdir(mode=0o700, exist_ok=True)
    sync_folder(directory.parent, disk)
    name = str(timestamp.checkpoint.size)
    contents = (timestamp.checkpoint.note, timestamp.token, _sums(name, timestamp.checkpoint.note, timestamp.token))
    for suffix, data in zip(_SUFFIXES, contents, strict=True):
        replace_file(directory / f"{name}{suffix}", data, disk)


def load_timestamps(directory: Path, key: VerifierKey, origin: str) -> list[Timestamp]:
    """Return the timestamps kept, smallest log first; raise TimestampInvalidError for a damaged one."""
    sizes = sorted(int(path.stem) for path in directory.glob("*.sha256") if path.stem.isdecimal())
    return [_load(directory, str(size), key, origin) for size in sizes]


def check_timestamps(directory: Path, key: VerifierKey, origin: str) -> list[Problem]:
    """Return the problems of the timestamps kept; a half-written one, without its list, was never acknowledged."""
    problems: list[Problem] = []
    for path in sorted(directory.glob("*")):
        subject = f"{TIMESTAMPS}/{path.name}"
        if path.suffix == ".sha256":
            try:
                _load(directory, path.stem, key, origin)
            except EvidenceError as invalid:
                problems.append(Problem("timestamp-damaged", subject.removesuffix(".sha256"), invalid.message))
        elif path.suffix not in (*_SUFFIXES, ".new"):
            problems.append(Problem("unknown-file", subject, "the file does not belong to the log"))
    return problems


def _load(directory: Path, name: str, key: VerifierKey, origin: str) -> Timestamp:
    parts: list[bytes] = []
    for suffix in _SUFFIXES:
        path = directory / f"{name}{suffix}"
        if not path.exists():
            raise TimestampInvalidError(f"{TIMESTAMPS}/{path.name} is gone")
        parts.append(path.read_bytes())
    note, token, sums = parts
    if sums != _sums(name, note, token):
        raise TimestampInvalidError(f"{TIMESTAMPS}/{name}: checkpoint, token and list of digests do not fit together")
    checkpoint = open_checkpoint(note, key, origin)
    if str(checkpoint.size) != name or read_token(token).digest != sha256(note):
        raise TimestampInvalidError(f"{TIMESTAMPS}/{name}: the token is not of this checkpoint")
    return Timestamp(checkpoint, token)


def _sums(name: str, note: bytes, token: bytes) -> bytes:
    return f"{sha256(note).hex()}  {name}.checkpoint\n{sha256(token).hex()}  {name}.tsr\n".encode()
