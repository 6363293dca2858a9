"""Which files there are: walking the given paths, telling audio from the rest."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guitai.interactions.model import CallMetadata
from guitai.recording.metadata import MetadataFile

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A file to import, with what is known of it."""

    path: Path
    metadata: CallMetadata


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A path that is not imported, and why; `is_failure` where the user asked for it and it cannot be had."""

    path: Path
    reason: str
    is_failure: bool


def find_files(
    paths: Iterable[Path], metadata: MetadataFile, also_known: Path | None, looks_like_audio: Callable[[Path], bool]
) -> Iterator[Found | LeftOut]:
    """Yield every file below `paths` once, folders in name order; `also_known` (the metadata file) is passed over.

    A file that is named itself is always tried; one found in a folder where it looks like audio.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            yield LeftOut(path, "no such file or folder", is_failure=True)
            continue
        for file in _walk(path):
            identity = file.resolve()
            if identity in seen or (also_known and identity == also_known.resolve()):
                continue
            seen.add(identity)
            if file.is_dir():
                yield LeftOut(file, "the folder cannot be read", is_failure=True)
            elif not file.is_file():  # a pipe or a device would never end
                yield LeftOut(file, "not a file: a pipe, a device or a link to nothing", is_failure=file == path)
            elif file == path or looks_like_audio(file):
                yield Found(file, metadata.of(file))
            else:
                yield LeftOut(file, "not an audio file", is_failure=False)


def _walk(path: Path) -> Iterator[Path]:
    """Yield the files of a folder; what is no folder, or one that cannot be read, is yielded itself."""
    try:
        children = sorted(path.iterdir()) if path.is_dir() else None
    except OSError:
        children = None
    if children is None:
        yield path
        return
    for child in children:
        if child.name.startswith("."):
            continue
        if child.is_dir():
            yield from _walk(child)
        else:
            yield child


@dataclass(frozen=True, slots=True)
class Digests:
    """A file's SHA-256, which tells one recording from another, and its hash in the vault's profile."""

    identity: str
    sealed: bytes


def digests_of(path: Path, profile_digest: str) -> Digests:
    """Hash the file once for both; raises OSError."""
    identity, sealed = hashlib.sha256(), hashlib.new(profile_digest)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            identity.update(block)
            sealed.update(block)
    return Digests(identity.hexdigest(), sealed.digest())
