"""The SM2 signer for the evidence log: GmSSL's C code, because a private key needs constant time."""

import gmssl_pyx

from guitai.evidence import der, notes
from guitai.evidence.errors import KeyInvalidError

_PRIVATE_BYTES = 32


class Sm2Signer:
    """Signs with SM2 and SM3 (GB/T 32918.2), the signer's id the default of GM/T 0009."""

    def __init__(self, name: str, private_key: bytes, public_key: bytes) -> None:
        """Take the private key (32 bytes) and its public key (x ‖ y, 64 bytes); `name` goes into every signature."""
        self._verifier = notes.sm2_key(name, public_key)
        if len(private_key) != _PRIVATE_BYTES:
            raise KeyInvalidError("an SM2 private key has 32 bytes")
        self._private = private_key
        if not self._verifier.verifies(b"the two halves", self.sign(b"the two halves")):
            raise KeyInvalidError("the SM2 private and public key do not belong together")

    @staticmethod
    def new_key_pair() -> tuple[bytes, bytes]:
        """Return a fresh random private key (32 bytes) and its public key (64 bytes)."""
        public, private = gmssl_pyx.sm2_key_generate()
        return private, public

    @property
    def name(self) -> str:
        """Return the key's name."""
        return self._verifier.name

    @property
    def verifier(self) -> str:
        """Return the public key as a signed-note verifier key."""
        return str(self._verifier)

    def sign(self, message: bytes, /) -> bytes:
        """Return the signature r ‖ s: 64 bytes."""
        try:
            encoded = gmssl_pyx.sm2_sign(self._private, self._verifier.public, message)
        except (gmssl_pyx.InvalidValueError, gmssl_pyx.GmsslInnerError):
            raise KeyInvalidError("GmSSL cannot sign with this SM2 key") from None
        r, s = der.parse(encoded).expect(der.SEQUENCE).children()
        return r.integer().to_bytes(32) + s.integer().to_bytes(32)
