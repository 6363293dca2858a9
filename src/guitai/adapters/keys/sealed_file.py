"""One secret document in one file: sealed, and replaced whole or not at all.

The file is JSON: format, profile (standard: AES-256-GCM, sm: SM4-GCM), method (scrypt or key), log_n, salt, check,
nonce, sealed, and sum; bytes as hexadecimal. From the passphrase or key and the salt come 16 check bytes, stored,
that tell a wrong passphrase from a damaged file, and the key that seals the document; every other field is its
associated data. `sum` is the SHA-256 of the other fields as canonical JSON and only finds accidents early.
"""

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from hmac import compare_digest
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import InvalidTag

from guitai.adapters.keys.errors import (
    KeyringDamagedError,
    KeyringExistsError,
    KeyringMissingError,
    KeyringUnreadableError,
    WrongUnlockError,
)
from guitai.adapters.keys.unlock import SALT_SIZE, SCRYPT_LOG_N, Unlock
from guitai.kernel.canonical import canonical_json
from guitai.vault.suites import NONCE_SIZE, SUITES, TAG_SIZE

_FORMAT = "guitai-keyring-1"
_CHECK_SIZE = 16
_FIELDS = {"format", "profile", "method", "log_n", "salt", "check", "nonce", "sealed", "sum"}
_RESTORE = "Restore the keyring from its backup; without it the sealed objects cannot be opened."


def encode(document: dict[str, Any], unlock: Unlock, profile: str, log_n: int = SCRYPT_LOG_N) -> bytes:
    """Return `document` sealed by the profile's cipher under a fresh salt."""
    suite = SUITES[profile]
    salt, nonce = secrets.token_bytes(SALT_SIZE), secrets.token_bytes(NONCE_SIZE)
    check, key = _derive(unlock, salt, suite.key_size, log_n)
    head = {"format": _FORMAT, "profile": profile, "method": unlock.method, "log_n": log_n}
    fields = {**head, "salt": salt.hex(), "check": check.hex(), "nonce": nonce.hex()}
    plain = canonical_json(document)
    sealed = bytearray(len(plain) + TAG_SIZE)
    suite.aead(key).seal_into(nonce, plain, canonical_json(fields), memoryview(sealed))
    fields["sealed"] = sealed.hex()
    return json.dumps({**fields, "sum": _sum(fields)}, indent=1).encode() + b"\n"


def decode(stored: bytes, unlock: Unlock, path: Path) -> tuple[dict[str, Any], str, int]:
    """Return the document, its profile and its scrypt cost.

    KeyringDamagedError: altered. WrongUnlockError: a wrong passphrase or key, or the other kind of the two.
    """
    damaged = KeyringDamagedError(f"The keyring {path} was altered or cut.", hint=_RESTORE)
    try:
        fields = cast("dict[str, Any]", json.loads(stored))
        if set(fields) != _FIELDS or fields["format"] != _FORMAT or fields.pop("sum") != _sum(fields):
            raise damaged
        suite = SUITES[fields["profile"]]
        sealed = bytes.fromhex(fields.pop("sealed"))
        if unlock.method != fields["method"]:
            wanted = "a passphrase" if fields["method"] == "scrypt" else "a key file"
            raise WrongUnlockError(f"The keyring {path} opens with {wanted}.", hint=_WHICH)
        check, key = _derive(unlock, bytes.fromhex(fields["salt"]), suite.key_size, fields["log_n"])
        if not compare_digest(check, bytes.fromhex(fields["check"])):
            raise WrongUnlockError(f"The passphrase or key file does not open the keyring {path}.", hint=_WHICH)
        plain = suite.aead(key).open(bytes.fromhex(fields["nonce"]), sealed, canonical_json(fields))
        return cast("dict[str, Any]", json.loads(plain)), suite.profile, fields["log_n"]
    except (ValueError, TypeError, KeyError, AttributeError, InvalidTag) as error:
        raise damaged from error


def read(path: Path) -> bytes:
    """Return the file's bytes; KeyringMissingError, KeyringUnreadableError."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeyringMissingError(f"There is no keyring at {path}.", hint="Run `guitai init` first.") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def write(path: Path, stored: bytes, *, new: bool) -> None:
    """Write the file (0600) durably, whole or not at all; `new` refuses to replace one: KeyringExistsError."""
    staged = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(stored)
            out.flush()
            os.fsync(out.fileno())
        if new:
            path.hardlink_to(staged)
        else:
            staged.replace(path)
        _sync_folder(path.parent)
    except FileExistsError as error:
        raise KeyringExistsError(f"There is a keyring at {path} already.", hint="It is kept as it is.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)


@contextmanager
def changing(path: Path) -> Generator[None]:
    """Let one process at a time read, change and write the file."""
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _derive(unlock: Unlock, salt: bytes, key_size: int, log_n: int) -> tuple[bytes, bytes]:
    derived = unlock.derive(salt, _CHECK_SIZE + key_size, log_n)
    return derived[:_CHECK_SIZE], derived[_CHECK_SIZE:]


def _sum(fields: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(fields)).hexdigest()


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _unreadable(path: Path, error: OSError) -> KeyringUnreadableError:
    reason = os.strerror(error.errno or 0)
    return KeyringUnreadableError(
        f"The keyring {path} cannot be read or written ({reason}).", hint="Check the disk's room and the permissions."
    )


_WHICH = "Check GUITAI_PASSPHRASE_FILE or GUITAI_KEY_FILE, or type the passphrase again."
