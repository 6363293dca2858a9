"""Sealed objects: data keys, chunks, copies."""

from guitai.vault.errors import (
    KeyRefusedError,
    ObjectMissingError,
    RecordDamagedError,
    StoreFailedError,
    StoreFullError,
    UnknownKeyError,
    UnreadableError,
    VaultError,
    WrongSourceError,
)
from guitai.vault.model import Problem, SealedObject
from guitai.vault.operations import Vault
from guitai.vault.ports import KeyService, ObjectStore

__all__ = [
    "KeyRefusedError",
    "KeyService",
    "ObjectMissingError",
    "ObjectStore",
    "Problem",
    "RecordDamagedError",
    "SealedObject",
    "StoreFailedError",
    "StoreFullError",
    "UnknownKeyError",
    "UnreadableError",
    "Vault",
    "VaultError",
    "WrongSourceError",
]
