"""Where this installation keeps its things, read from the environment once at start-up."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths and choices.

    `profile` is `standard` (AES-256-GCM, SHA-256, Ed25519) or `sm` (SM4-GCM, SM3, SM2) and chooses what a new
    installation is made with; None leaves it to the installation.
    """

    data: Path
    models: Path
    database_url: str | None
    profile: str | None
    key_file: Path | None
    passphrase_file: Path | None
    object_stores: tuple[str, ...]
    zone: ZoneInfo

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, *, data: Path | None = None) -> "Settings":
        """Read the GUITAI_* variables named in docs/operations.md.

        GUITAI_OBJECT_STORES holds URLs parted by spaces; unset, two folders inside the data folder hold the copies.
        """
        env = os.environ if environment is None else environment
        models = env.get("GUITAI_MODELS")
        return cls(
            data=(data or Path(env.get("GUITAI_DATA") or "data")).absolute(),
            models=Path(models) if models else Path(sys.prefix) / "share" / "guitai" / "models",
            database_url=env.get("GUITAI_DATABASE_URL") or None,
            profile=env.get("GUITAI_PROFILE") or None,
            key_file=_path(env.get("GUITAI_KEY_FILE")),
            passphrase_file=_path(env.get("GUITAI_PASSPHRASE_FILE")),
            object_stores=tuple((env.get("GUITAI_OBJECT_STORES") or "").split()),
            zone=ZoneInfo(env.get("GUITAI_TIMEZONE") or "Asia/Shanghai"),
        )


def _path(text: str | None) -> Path | None:
    return Path(text).absolute() if text else None
