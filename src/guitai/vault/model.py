"""What is remembered of a sealed object, and what may be wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from guitai.vault.errors import RecordDamagedError
from guitai.vault.format import Layout
from guitai.vault.suites import SUITES

_BYTES = ("wrapped_key", "plain_digest", "cipher_digest")
_NUMBERS = ("chunk_size", "plain_size", "cipher_size")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class SealedObject:
    """All that is needed, beside the key service, to find, prove and open one object.

    `key` names it in every store; `profile` is `standard` (AES-256-GCM) or `sm` (SM4-GCM) and `digest` `sha256` or
    `sm3` accordingly; sizes are in bytes; `plain_digest` is of the original, `cipher_digest` of the stored bytes.
    Fields that contradict each other raise RecordDamagedError.
    """

    object_id: str
    role: str
    key: str
    profile: str
    kek_id: str
    wrapped_key: bytes
    chunk_size: int
    plain_size: int
    cipher_size: int
    plain_digest: bytes
    cipher_digest: bytes
    digest: str

    def __post_init__(self) -> None:
        suite = SUITES.get(self.profile)
        sound = (
            suite is not None
            and self.digest == suite.digest
            and self.chunk_size > 0
            and self.plain_size >= 0
            and self.cipher_size == Layout(self.chunk_size, self.plain_size).cipher_size
            and bool(_NAME.fullmatch(self.object_id) and _NAME.fullmatch(self.role))
            and self.key == storage_key(self.object_id, self.role)
        )
        if not sound:
            raise RecordDamagedError("A sealed object's record contradicts itself.", hint=_RESTORE)

    def to_json(self) -> dict[str, Any]:
        """Return the fields for a jsonb column, bytes as hexadecimal."""
        return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "SealedObject":
        """Read what `to_json` wrote; a missing, foreign or ill-typed field raises RecordDamagedError."""
        if set(fields) != set(cls.__slots__):
            raise RecordDamagedError("A sealed object's record has missing or foreign fields.", hint=_RESTORE)
        try:
            decoded: dict[str, Any] = {
                name: bytes.fromhex(fields[name]) if name in _BYTES else fields[name] for name in fields
            }
        except (ValueError, TypeError) as error:
            raise RecordDamagedError("A sealed object's record holds broken bytes.", hint=_RESTORE) from error
        for name, value in decoded.items():
            expected = bytes if name in _BYTES else int if name in _NUMBERS else str
            if type(value) is not expected:
                raise RecordDamagedError(f"A sealed object's record has a wrong {name}.", hint=_RESTORE)
        return cls(**decoded)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something found wrong: a stable `code`, the store and object (or key) it concerns, and words for people."""

    code: str
    subject: str
    message: str


def storage_key(object_id: str, role: str) -> str:
    """Return the name of an object in every store: `<last two characters of the id>/<id>/<role>`.

    Ids and roles are 1–128 letters, digits, `-` and `_`; anything else raises ValueError.
    """
    if not (_NAME.fullmatch(object_id) and _NAME.fullmatch(role)):
        raise ValueError("object ids and roles are 1-128 letters, digits, hyphens and underscores")
    return f"{object_id[-2:]}/{object_id}/{role}"


_RESTORE = "Restore the database from a backup, then run `guitai evidence verify --all`."
