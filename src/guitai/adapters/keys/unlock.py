"""What opens a keyring: a passphrase, or a file of random bytes."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from guitai.adapters.keys.errors import KeyFileError

KEY_SIZE = 32
SALT_SIZE = 32
# OWASP's first choice for scrypt: N = 2**17, r = 8, p = 1; 128 MiB and about half a second.
SCRYPT_LOG_N = 17
_SCRYPT_R = 8
_MOST_LOG_N = 20
_LABEL = b"guitai-keyring-1"


@dataclass(frozen=True, slots=True, repr=False)
class Unlock:
    """A passphrase (stretched by scrypt) or a key of at least 32 random bytes; never shown by repr."""

    method: str
    secret: bytes

    @classmethod
    def passphrase(cls, passphrase: bytes) -> Self:
        """Unlock with `passphrase`, in UTF-8; KeyFileError where it is empty."""
        if not passphrase:
            raise KeyFileError("The passphrase is empty.", hint="Give a passphrase, or use a key file.")
        return cls("scrypt", passphrase)

    @classmethod
    def key(cls, key: bytes) -> Self:
        """Unlock with random bytes; KeyFileError where there are fewer than 32."""
        if len(key) < KEY_SIZE:
            raise KeyFileError(f"A key needs at least {KEY_SIZE} random bytes.", hint="Make one with create_key_file.")
        return cls("key", key)

    @classmethod
    def passphrase_file(cls, path: Path) -> Self:
        """Unlock with a file's text, without its last line end; KeyFileError where others may read it."""
        return cls.passphrase(_private_bytes(path).removesuffix(b"\n").removesuffix(b"\r"))

    @classmethod
    def key_file(cls, path: Path) -> Self:
        """Unlock with all bytes of a file; KeyFileError where others may read it or it has fewer than 32."""
        return cls.key(_private_bytes(path))

    def derive(self, salt: bytes, size: int, log_n: int = SCRYPT_LOG_N) -> bytes:
        """Return `size` secret bytes; `log_n` is scrypt's cost, of no matter to a key."""
        if self.method == "key":
            return HKDF(hashes.SHA256(), size, salt, _LABEL).derive(self.secret)
        if not 1 <= log_n <= _MOST_LOG_N:
            raise ValueError(f"scrypt's cost runs from 1 to {_MOST_LOG_N}")
        return Scrypt(salt, size, n=1 << log_n, r=_SCRYPT_R, p=1).derive(self.secret)


def create_key_file(path: Path) -> None:
    """Write 32 random bytes to a new file that only its owner may read; an existing file is a KeyFileError."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(secrets.token_bytes(KEY_SIZE))
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise KeyFileError(f"The key file {path} cannot be made ({reason}).", hint="Choose a new path.") from error


def _private_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"Others may read {path}.", hint=f"Run: chmod 600 {path}")
        return path.read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise KeyFileError(f"{path} cannot be read ({reason}).", hint="Check GUITAI_KEY_FILE and the file.") from error
