"""The local keyring: key-encryption keys and named secrets in one sealed file."""

import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidTag

from guitai.adapters.keys import sealed_file
from guitai.adapters.keys.unlock import SCRYPT_LOG_N, Unlock
from guitai.kernel.clock import Clock, SystemClock
from guitai.kernel.ids import new_id
from guitai.vault import KeyRefusedError, UnknownKeyError
from guitai.vault.suites import NONCE_SIZE, SUITES, TAG_SIZE

EVIDENCE_SIGNING = "evidence-signing"
BLIND_INDEX = "blind-index"
_SECRETS = (EVIDENCE_SIGNING, BLIND_INDEX)
_SECRET_SIZE = 32
_LABEL = b"guitai-wrap-1 "


@dataclass(frozen=True, slots=True)
class KeyEncryptionKey:
    """One key of the keyring; `state` is `current` (wraps and unwraps) or `retired` (unwraps only)."""

    kek_id: str
    profile: str
    created: str
    state: str


@dataclass(frozen=True, slots=True, repr=False)
class _Contents:
    keys: tuple[KeyEncryptionKey, ...]
    bytes_of: dict[str, bytes]
    secrets: dict[str, bytes]

    def to_document(self) -> dict[str, Any]:
        keys = [{**asdict(key), "key": self.bytes_of[key.kek_id].hex()} for key in self.keys]
        return {"keys": keys, "secrets": {name: value.hex() for name, value in self.secrets.items()}}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        keys = [dict(key) for key in document["keys"]]
        bytes_of = {key["kek_id"]: bytes.fromhex(key.pop("key")) for key in keys}
        named = {name: bytes.fromhex(value) for name, value in document["secrets"].items()}
        return cls(tuple(KeyEncryptionKey(**key) for key in keys), bytes_of, named)


class Keyring:
    """A KeyService over a sealed file; wraps data keys by AES-256-GCM or SM4-GCM under random 96-bit nonces.

    Come by one with `create` or `open`. One key may wrap 2**32 data keys; rotate long before.
    """

    def __init__(self, path: Path, unlock: Unlock) -> None:
        self._path = path
        self._unlock = unlock
        self._load()

    @classmethod
    def create(
        cls,
        path: Path,
        unlock: Unlock,
        *,
        profile: str = "standard",
        clock: Clock | None = None,
        log_n: int = SCRYPT_LOG_N,
    ) -> Self:
        """Make a keyring with one key of `profile` and every named secret; KeyringExistsError where there is one.

        `log_n` is scrypt's cost for a passphrase, kept by all later changes.
        """
        key, key_bytes = _fresh(profile, clock)
        named = {name: secrets.token_bytes(_SECRET_SIZE) for name in _SECRETS}
        contents = _Contents((key,), {key.kek_id: key_bytes}, named)
        sealed_file.write(path, sealed_file.encode(contents.to_document(), unlock, profile, log_n), new=True)
        return cls(path, unlock)

    @classmethod
    def open(cls, path: Path, unlock: Unlock) -> Self:
        """Open a keyring; KeyringMissingError, WrongUnlockError, KeyringDamagedError, KeyringUnreadableError."""
        return cls(path, unlock)

    @property
    def keys(self) -> tuple[KeyEncryptionKey, ...]:
        """The keys held, oldest first, without their bytes."""
        return self._contents.keys

    @property
    def current_key_id(self) -> str:
        """The key that `wrap` uses."""
        return self._current.kek_id

    def wrap(self, data_key: bytes, context: bytes) -> tuple[str, bytes]:
        """Return the current key's id and nonce | ciphertext | tag of `data_key`, bound to `context` and that id."""
        key = self._current
        nonce = secrets.token_bytes(NONCE_SIZE)
        sealed = bytearray(len(data_key) + TAG_SIZE)
        aead = SUITES[key.profile].aead(self._contents.bytes_of[key.kek_id])
        aead.seal_into(nonce, data_key, _associated(key, context), memoryview(sealed))
        return key.kek_id, nonce + sealed

    def unwrap(self, kek_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key; UnknownKeyError, KeyRefusedError."""
        key = next((key for key in self._contents.keys if key.kek_id == kek_id), None)
        if key is None:
            raise UnknownKeyError(
                f"The keyring holds no key {kek_id}.", hint="Use the keyring that was there when the object was sealed."
            )
        aead = SUITES[key.profile].aead(self._contents.bytes_of[kek_id])
        try:
            return aead.open(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], _associated(key, context))
        except (InvalidTag, ValueError) as error:
            raise KeyRefusedError(
                f"A data key wrapped under {kek_id} was altered or belongs to another object.",
                hint="Restore the database from a backup, then run `guitai evidence verify --all`.",
            ) from error

    def secret(self, name: str) -> bytes:
        """Return one of the named secrets (EVIDENCE_SIGNING, BLIND_INDEX), 32 bytes; UnknownKeyError for others."""
        if name not in self._contents.secrets:
            raise UnknownKeyError(f"The keyring holds no secret named {name}.", hint="Run `guitai doctor`.")
        return self._contents.secrets[name]

    def rotate(self, *, profile: str | None = None, clock: Clock | None = None) -> str:
        """Add a new current key, retire the others and return its id; `profile` stays the present one if not given."""
        with sealed_file.changing(self._path):
            self._load()
            key, key_bytes = _fresh(profile or self._current.profile, clock)
            retired = tuple(replace(old, state="retired") for old in self._contents.keys)
            bytes_of = {**self._contents.bytes_of, key.kek_id: key_bytes}
            self._save(replace(self._contents, keys=(*retired, key), bytes_of=bytes_of), self._unlock)
        return key.kek_id

    def change_passphrase(self, unlock: Unlock) -> None:
        """Seal the same contents under another passphrase or key; the old one opens the file no more."""
        with sealed_file.changing(self._path):
            self._load()
            self._save(self._contents, unlock)
            self._unlock = unlock

    @property
    def _current(self) -> KeyEncryptionKey:
        return next(key for key in self._contents.keys if key.state == "current")

    def _load(self) -> None:
        stored = sealed_file.read(self._path)
        document, self._profile, self._log_n = sealed_file.decode(stored, self._unlock, self._path)
        self._contents = _Contents.from_document(document)

    def _save(self, contents: _Contents, unlock: Unlock) -> None:
        stored = sealed_file.encode(contents.to_document(), unlock, self._profile, self._log_n)
        sealed_file.write(self._path, stored, new=False)
        self._contents = contents


def _fresh(profile: str, clock: Clock | None) -> tuple[KeyEncryptionKey, bytes]:
    created = (clock or SystemClock()).now().isoformat(timespec="seconds")
    key = KeyEncryptionKey(new_id(), profile, created, "current")
    return key, secrets.token_bytes(SUITES[profile].key_size)


def _associated(key: KeyEncryptionKey, context: bytes) -> bytes:
    return _LABEL + key.kek_id.encode() + b" " + context
