"""What the vault needs from outside: places to keep objects, and someone who keeps the keys."""

from collections.abc import Iterable, Iterator
from typing import Protocol


class ObjectStore(Protocol):
    """Keeps named byte strings. Every failure is a StoreFailedError that names the store.

    Keys are `/`-parted names of letters, digits, `-` and `_`.
    """

    @property
    def name(self) -> str:
        """Say which store this is, in messages to operators; holds no credentials."""
        ...

    def put(self, key: str, chunks: Iterable[bytes | bytearray]) -> None:
        """Keep the joined chunks under `key`, durably, in place of what was there; all of it or nothing is visible.

        An exception raised by `chunks` leaves the store as it was and passes through. No room: StoreFullError.
        """
        ...

    def get_range(self, key: str, start: int, end: int) -> bytes:
        """Return bytes [start, end) of the object, fewer where it ends sooner.

        ObjectMissingError: no such object. StoreFailedError: also where a non-empty range lies wholly past the end.
        """
        ...

    def size(self, key: str) -> int:
        """Return the object's length in bytes; ObjectMissingError where there is none."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object durably; removing what is not there is no error."""
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys under the folder `prefix`, in no particular order; half-written objects are not among them."""
        ...


class KeyService(Protocol):
    """Wraps data keys under key-encryption keys that never leave it."""

    @property
    def current_key_id(self) -> str:
        """Name the key that new data keys are wrapped under."""
        ...

    def wrap(self, data_key: bytes, context: bytes) -> tuple[str, bytes]:
        """Return the id of the key used and the wrapped data key, bound to `context`."""
        ...

    def unwrap(self, kek_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key.

        UnknownKeyError: no such key. KeyRefusedError: altered, or wrapped for another context.
        """
        ...
