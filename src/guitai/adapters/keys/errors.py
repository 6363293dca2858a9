"""What may go wrong with the keyring and what opens it."""

from guitai.vault import VaultError


class KeyringError(VaultError):
    """Base of the keyring's own errors."""

    code = "keyring"


class KeyringMissingError(KeyringError):
    """There is no keyring where one was expected."""

    code = "keyring-missing"


class KeyringExistsError(KeyringError):
    """A keyring is never replaced by a new one."""

    code = "keyring-exists"


class KeyringUnreadableError(KeyringError):
    """The keyring's file cannot be read or written."""

    code = "keyring-file"


class KeyringDamagedError(KeyringError):
    """The keyring's file was altered or cut."""

    code = "keyring-damaged"


class WrongUnlockError(KeyringError):
    """The passphrase or key file does not open this keyring."""

    code = "keyring-wrong-passphrase"


class KeyFileError(KeyringError):
    """A passphrase or key file cannot be used."""

    code = "keyring-key-file"
