"""Key services: the local keyring."""

from guitai.adapters.keys.errors import (
    KeyFileError,
    KeyringDamagedError,
    KeyringError,
    KeyringExistsError,
    KeyringMissingError,
    KeyringUnreadableError,
    WrongUnlockError,
)
from guitai.adapters.keys.keyring import BLIND_INDEX, EVIDENCE_SIGNING, Keyring
from guitai.adapters.keys.unlock import Unlock, create_key_file

__all__ = [
    "BLIND_INDEX",
    "EVIDENCE_SIGNING",
    "KeyFileError",
    "Keyring",
    "KeyringDamagedError",
    "KeyringError",
    "KeyringExistsError",
    "KeyringMissingError",
    "KeyringUnreadableError",
    "Unlock",
    "WrongUnlockError",
    "create_key_file",
]
