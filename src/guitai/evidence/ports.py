"""What evidence needs from outside."""

from pathlib import Path
from typing import Protocol


class Signer(Protocol):
    """Holds a private key and signs with it."""

    @property
    def name(self) -> str:
        """Return the key's name: no spaces, no plus sign; best a URL without scheme."""
        ...

    @property
    def verifier(self) -> str:
        """Return the public key as a signed-note verifier key: `<name>+<key id>+<base64 of type and key>`."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Return the raw signature over `message`: 64 bytes."""
        ...


class TimestampAuthority(Protocol):
    """A third party that signs what time it is (RFC 3161)."""

    def timestamp(self, digest: bytes, /) -> bytes:
        """Return a TimeStampToken (DER) over a SHA-256 digest."""
        ...


class Disk(Protocol):
    """The calls through which the log changes files; each may fail with OSError."""

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        """Write all of `data` at `offset`."""
        ...

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file to `size` bytes."""
        ...

    def sync(self, descriptor: int) -> None:
        """Return when the file or directory is on the disk."""
        ...

    def replace(self, source: Path, target: Path) -> None:
        """Put `source` in the place of `target` in one step."""
        ...
