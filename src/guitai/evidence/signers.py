"""The Ed25519 signer; the caller keeps the private key."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guitai.evidence import notes
from guitai.evidence.errors import KeyInvalidError


class Ed25519Signer:
    """Signs with Ed25519 (RFC 8032)."""

    def __init__(self, name: str, private_key: bytes) -> None:
        """Take the 32 bytes of the private key; `name` goes into every signature line."""
        try:
            self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        except ValueError:
            raise KeyInvalidError("an Ed25519 private key has 32 bytes") from None
        self._verifier = notes.ed25519_key(name, self._key.public_key().public_bytes_raw())

    @staticmethod
    def new_private_key() -> bytes:
        """Return a fresh random private key: 32 bytes."""
        return Ed25519PrivateKey.generate().private_bytes_raw()

    @property
    def name(self) -> str:
        """Return the key's name."""
        return self._verifier.name

    @property
    def verifier(self) -> str:
        """Return the public key as a signed-note verifier key."""
        return str(self._verifier)

    def sign(self, message: bytes, /) -> bytes:
        """Return the signature: 64 bytes."""
        return self._key.sign(message)
