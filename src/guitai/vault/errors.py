"""What may go wrong with sealed objects; messages name stores, objects and keys, never contents."""

from guitai.kernel.errors import GuitaiError


class VaultError(GuitaiError):
    """Base of everything the vault and its ports raise."""

    code = "vault"


class StoreFailedError(VaultError):
    """A store could not be reached, or refused."""

    code = "vault-store"


class StoreFullError(StoreFailedError):
    """A store has no room left; nothing of the object is visible in it."""

    code = "vault-store-full"


class ObjectMissingError(StoreFailedError):
    """A store has no object of that name."""

    code = "vault-missing"


class CopyDamagedError(VaultError):
    """A copy is not what was sealed."""

    code = "vault-copy-damaged"


class UnreadableError(VaultError):
    """No copy of the object can be read."""

    code = "vault-unreadable"


class RecordDamagedError(VaultError):
    """The record that says how an object was sealed contradicts itself."""

    code = "vault-record"


class WrongSourceError(VaultError):
    """What was to be sealed is not what the caller announced."""

    code = "vault-source"


class UnknownKeyError(VaultError):
    """The key service holds no key of that name."""

    code = "vault-key-unknown"


class KeyRefusedError(VaultError):
    """A wrapped data key was altered, or belongs to another object."""

    code = "vault-key-refused"
