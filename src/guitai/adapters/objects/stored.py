"""What a folder and a bucket have in common: reading, listing and removing through obstore."""

from collections.abc import Iterator

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from guitai.vault import ObjectMissingError, StoreFailedError


class Stored:
    """Reads one obstore store; every failure is a StoreFailedError that names it as `name`."""

    def __init__(self, name: str, store: LocalStore | S3Store) -> None:
        self._name = name
        self._store = store

    @property
    def name(self) -> str:
        """Say where it is, without credentials."""
        return self._name

    def get_range(self, key: str, start: int, end: int) -> bytes:
        """Return bytes [start, end), fewer where the object ends sooner."""
        try:
            return bytes(obstore.get_range(self._store, key, start=start, end=end))
        except (BaseError, OSError) as error:
            raise self._failure(error, key) from error

    def size(self, key: str) -> int:
        """Return the object's length in bytes."""
        try:
            return obstore.head(self._store, key)["size"]
        except (BaseError, OSError) as error:
            raise self._failure(error, key) from error

    def delete(self, key: str) -> None:
        """Remove the object if it is there."""
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise self._failure(error, key) from error

    def list(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys under the folder `prefix`."""
        try:
            for page in obstore.list(self._store, prefix or None):
                yield from (meta["path"] for meta in page)
        except (BaseError, OSError) as error:
            raise self._failure(error, prefix) from error

    def _failure(self, error: Exception, key: str) -> StoreFailedError:
        if isinstance(error, FileNotFoundError):
            return ObjectMissingError(
                f"{self.name} has no {key}.", hint="Run `guitai evidence verify --all`; a good copy elsewhere mends it."
            )
        kind = type(error).__name__
        return StoreFailedError(
            f"{self.name} failed on {key} ({kind}).", hint="Check that the store is reachable, then try again."
        )
