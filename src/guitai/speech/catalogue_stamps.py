"""Which model files were hashed already, so that an unchanged file is not hashed again."""

import contextlib
import json
import os
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

NAME = ".verified.json"


class Stamps:
    """The file `.verified.json` in the models folder: for each path its hash and what the file system said of it.

    It saves time and proves nothing: whoever may write there may forge it, and the full check never reads it.
    """

    def __init__(self, known: dict[str, list[Any]]) -> None:
        self.known = known
        self.changed = False

    def holds(self, name: str, path: Path, sha256: str) -> bool:
        """Tell whether the file is as it was when it had this hash."""
        return self.known.get(name) == [sha256, *_state(path)]

    def put(self, name: str, path: Path, sha256: str) -> None:
        """Remember that the file as it lies there has this hash."""
        self.known[name] = [sha256, *_state(path)]
        self.changed = True


@contextlib.contextmanager
def opened(models_dir: Path) -> Generator[Stamps]:
    """Read the stamps, and write them back when they changed and the folder can be written."""
    stamps = Stamps(_read(models_dir / NAME))
    yield stamps
    if stamps.changed:
        # A models folder mounted read-only is a good habit, and only costs the hashing.
        with contextlib.suppress(OSError):
            _write(models_dir / NAME, stamps.known)


def _state(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _read(path: Path) -> dict[str, list[Any]]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, list[Any]]", known) if isinstance(known, dict) else {}


def _write(path: Path, known: dict[str, list[Any]]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=NAME)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(known, stream, indent=1, sort_keys=True)
    Path(temporary).replace(path)
