"""What the log records: one canonical JSON body per kind of entry, strings and integers only.

Digests are written `sha256:<hex>` or `sm3:<hex>`; times are RFC 3339 in UTC. No entry holds personal data.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from guitai.evidence.errors import EntryRefusedError
from guitai.kernel.canonical import canonical_json

VERSION = 1


@dataclass(frozen=True, slots=True)
class RecordingEntry:
    """A recording was sealed: the original bytes, the sealed bytes, the metadata, and the sealing algorithm."""

    kind: ClassVar[str] = "recording"
    recording_id: str
    original_digest: str
    ciphertext_digest: str
    metadata_digest: str
    algorithm: str
    sealed_at: str


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """A recording was transcribed: the sealed transcript, its masked text, the models (name@digest) that made it."""

    kind: ClassVar[str] = "transcript"
    recording_id: str
    ciphertext_digest: str
    masked_digest: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScorecardEntry:
    """A recording was inspected with one version of one form."""

    kind: ClassVar[str] = "scorecard"
    recording_id: str
    form: str
    form_version: str
    scorecard_digest: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """The audit trail's records `first` to `last` end in this chain head."""

    kind: ClassVar[str] = "audit"
    first: int
    last: int
    head: str


@dataclass(frozen=True, slots=True)
class DestructionEntry:
    """A recording was destroyed under a clause, approved by someone, as its certificate says."""

    kind: ClassVar[str] = "destruction"
    recording_id: str
    clause: str
    approved_by: str
    certificate_digest: str


Entry = RecordingEntry | TranscriptEntry | ScorecardEntry | AuditEntry | DestructionEntry
KINDS: Mapping[str, type[Entry]] = {
    kind.kind: kind for kind in (RecordingEntry, TranscriptEntry, ScorecardEntry, AuditEntry, DestructionEntry)
}


def encode_entry(entry: Entry) -> bytes:
    """Return the bytes to append for `entry`: equal entries give equal bytes."""
    body = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    data = canonical_json({"kind": entry.kind, "version": VERSION, **body})
    if decode_entry(data) != entry:
        raise EntryRefusedError(f"the {entry.kind} entry has a field that is no text or integer")
    return data


def decode_entry(data: bytes) -> Entry:
    """Return the entry that `data` is; raise EntryRefusedError for an unknown kind or version, or other bytes."""
    try:
        body = cast("dict[str, Any]", json.loads(data))
        kind, version = KINDS[body.pop("kind")], body.pop("version")
        fields: dict[str, Any] = {field.name: _value(field, body.pop(field.name)) for field in dataclasses.fields(kind)}
        if version != VERSION or body:
            raise EntryRefusedError("the entry's version is not known", hint="Use a newer Guitai to read this log.")
        entry = kind(**fields)
        whole = canonical_json({"kind": kind.kind, "version": VERSION, **fields})
    except (ValueError, LookupError, TypeError, RecursionError, AttributeError):
        raise EntryRefusedError("the entry is of no known kind", hint="Use a newer Guitai to read this log.") from None
    if whole != data:
        raise EntryRefusedError("the entry is not in canonical form")
    return entry


def _value(field: dataclasses.Field[Any], value: object) -> str | int | tuple[str, ...]:
    if isinstance(value, list) and field.type == tuple[str, ...]:
        items = cast("list[object]", value)
        return tuple(_text(item) for item in items)
    if field.type is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if field.type is str:
        return _text(value)
    raise TypeError(field.name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value
