"""Metadata files: what the switch knew of each call, as CSV or JSON lines."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guitai.interactions.model import CallMetadata
from guitai.recording.errors import MetadataUnreadable

COLUMNS = (
    "file", "started_at", "caller", "callee", "agent_id", "agent_name", "team", "direction", "scene", "tags",
    "customer_ref",
)  # fmt: skip
_DIRECTIONS = {"inbound": "inbound", "outbound": "outbound", "transferred": "transferred", "呼入": "inbound",
               "呼出": "outbound", "转接": "transferred"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MetadataFile:
    """The rows by file name (as written, and by last path part), and one line for each thing that was odd."""

    rows: Mapping[str, CallMetadata] = field(default_factory=dict[str, CallMetadata])
    warnings: tuple[str, ...] = ()

    def of(self, path: Path) -> CallMetadata:
        """Return what is known of `path`; an empty record where nothing is."""
        posix = path.as_posix()
        for name, row in self.rows.items():
            if "/" in name and posix.endswith("/" + name.removeprefix("./")):
                return row
        return self.rows.get(path.name, CallMetadata())


def read_metadata(path: Path, zone: ZoneInfo) -> MetadataFile:
    """Read a .csv or .jsonl file in UTF-8 or GB 18030; times without a zone are in `zone`.

    A row that cannot be used becomes a warning with its line number; raises MetadataUnreadable where nothing can be.
    """
    text, warnings = _text(path)
    rows = _json_lines(text) if path.suffix.lower() in {".jsonl", ".ndjson"} else _csv(text, path.name)
    found: dict[str, CallMetadata] = {}
    unknown: set[str] = set()
    for line, row in rows:
        if isinstance(row, str):
            warnings.append(f"{path.name} line {line}: {row}")
            continue
        unknown |= {name for name in row if name not in COLUMNS}
        name = _clean(row.get("file"))
        if not name:
            warnings.append(f"{path.name} line {line}: no file name; the row is left out.")
            continue
        try:
            found[name.replace("\\", "/")] = _metadata(row, zone)
        except ValueError as error:
            warnings.append(f"{path.name} line {line}: {error}; the row is left out.")
    if unknown:
        listed = ", ".join(sorted(str(name)[:40] for name in unknown))
        warnings.append(f"{path.name}: unknown columns are kept with the call but not searchable: {listed}.")
    return MetadataFile(found, tuple(warnings))


def _text(path: Path) -> tuple[str, list[str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MetadataUnreadable(
            f"The metadata file {path.name} cannot be read ({error.strerror}).", hint="Check its path and permissions."
        ) from error
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), [f"{path.name}: not UTF-8; read as GB 18030."]
    except UnicodeDecodeError as error:
        raise MetadataUnreadable(
            f"The metadata file {path.name} is neither UTF-8 nor GB 18030 text (byte {error.start}).",
            hint="Save it as UTF-8 and run again.",
        ) from error


def _csv(text: str, name: str) -> Iterable[tuple[int, dict[str, Any] | str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    if "file" not in {_clean(column) for column in reader.fieldnames or ()}:
        raise MetadataUnreadable(
            f"The metadata file {name} has no column `file`.", hint=f"Known columns: {', '.join(COLUMNS)}."
        )
    try:
        for row in reader:
            if "" in row:
                yield reader.line_num, "more values than columns; the row is left out."
            else:
                yield reader.line_num, {(_clean(key) or ""): value for key, value in row.items()}
    except csv.Error as error:
        yield reader.line_num, f"not CSV ({error}); the rest is left out."


def _json_lines(text: str) -> Iterable[tuple[int, dict[str, Any] | str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            yield number, "not JSON; the row is left out."
            continue
        yield number, row if isinstance(row, dict) else "not a JSON object; the row is left out."


def _metadata(row: Mapping[str, Any], zone: ZoneInfo) -> CallMetadata:
    started = _clean(row.get("started_at"))
    direction = _clean(row.get("direction"))
    if direction and direction.lower() not in _DIRECTIONS:
        raise ValueError("direction is none of inbound, outbound, transferred")
    return CallMetadata(
        started_at=_time(started, zone) if started else None,
        caller=_clean(row.get("caller")),
        callee=_clean(row.get("callee")),
        agent_id=_clean(row.get("agent_id")),
        agent_name=_clean(row.get("agent_name")),
        team=_clean(row.get("team")),
        direction=_DIRECTIONS[direction.lower()] if direction else None,
        scene=_clean(row.get("scene")),
        tags=_tags(row.get("tags")),
        customer_ref=_clean(row.get("customer_ref")),
        extra={str(key): str(value) for key, value in row.items() if key not in COLUMNS and value not in (None, "")},
    )


def _time(text: str, zone: ZoneInfo) -> datetime:
    try:
        time = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise ValueError("started_at is not a time such as 2026-11-22 14:05:00") from None
    return time if time.tzinfo else time.replace(tzinfo=zone)


def _tags(value: object) -> tuple[str, ...]:
    parts = [str(item) for item in value] if isinstance(value, list) else str(value or "").replace("；", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())


def _clean(value: object) -> str | None:
    text = str(value).strip().replace("\x00", "") if value is not None else ""
    return text or None
