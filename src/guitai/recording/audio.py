"""Cutting sound out of a sealed recording: only the chunks that hold it are fetched and decrypted."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from guitai.recording.calls import find_call
from guitai.recording.errors import BadTime
from guitai.recording.ports import Transactions
from guitai.vault.model import SealedObject
from guitai.vault.operations import Vault

_READ_AHEAD = 1 << 15


class ClipWriter(Protocol):
    """Decodes a part of an audio file."""

    def cut(self, source: BinaryIO, from_s: float, to_s: float | None, out: Path) -> float:
        """Write [from_s, to_s) of `source` as WAV at its own rate and channels; return the seconds written."""
        ...


@dataclass(frozen=True, slots=True)
class AudioExport:
    """What an export needs."""

    vault: Vault
    transactions: Transactions
    writer: ClipWriter


@dataclass(frozen=True, slots=True)
class Clip:
    """What was written, and how many of the recording's chunks were decrypted for it."""

    recording_id: str
    out: Path
    seconds: float
    chunks_read: int
    chunks: int

    def to_json(self) -> dict[str, Any]:
        """Return the document that `calls audio --json` prints."""
        return {
            "id": self.recording_id,
            "out": str(self.out),
            "seconds": round(self.seconds, 3),
            "chunks_read": self.chunks_read,
            "chunks": self.chunks,
        }


def export_audio(recording_id: str, from_s: float | None, to_s: float | None, out: Path, export: AudioExport) -> Clip:
    """Write a part of a call (all of it by default) to `out` and note the read in the audit trail."""
    with export.transactions.begin() as work:
        _, recording = find_call(work, recording_id)
        length_s = recording.duration_ms / 1000
        if not 0 <= (from_s or 0.0) < (length_s if to_s is None else min(to_s, length_s)):
            raise BadTime(f"The call is {length_s:.1f} s long.", hint="Give --from before --to, both inside the call.")
        work.audit.append("recording.audio", recording.id, {"from_ms": round((from_s or 0) * 1000)})
    with export.vault.open(recording.sealed) as raw:
        counted = _Counted(raw, recording.sealed)
        seconds = export.writer.cut(io.BufferedReader(counted, _READ_AHEAD), from_s or 0.0, to_s, out)
    total = -(-recording.sealed.plain_size // recording.sealed.chunk_size)
    return Clip(recording.id, out, seconds, len(counted.touched), total)


class _Counted(io.RawIOBase):
    """Passes reads on and remembers which chunks they touched."""

    def __init__(self, raw: io.RawIOBase, sealed: SealedObject) -> None:
        self._raw = raw
        self._chunk_size = sealed.chunk_size
        self.touched: set[int] = set()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def readinto(self, buffer: Any, /) -> int:
        start = self._raw.tell()
        count = self._raw.readinto(buffer) or 0  # pyright: ignore[reportAttributeAccessIssue] - RawIOBase has it
        if count:
            self.touched.update(range(start // self._chunk_size, (start + count - 1) // self._chunk_size + 1))
        return count
