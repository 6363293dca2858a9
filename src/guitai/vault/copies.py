"""The copies of one object: written, proved, mended."""

from collections.abc import Iterator

from guitai.vault.digests import SideDigest
from guitai.vault.errors import CopyDamagedError
from guitai.vault.ports import ObjectStore
from guitai.vault.suites import Suite

_PIECE = 4 << 20


def proven(store: ObjectStore, key: str, suite: Suite, size: int, digest: bytes) -> Iterator[bytes]:
    """Yield the stored bytes of a copy; CopyDamagedError, at the end at the latest, where they are not the sealed ones.

    Whoever consumes them must undo what it did with them when that error comes.
    """
    found = store.size(key)
    if found != size:
        raise CopyDamagedError(f"The copy of {key} in {store.name} has {found} bytes instead of {size}.")
    with SideDigest(suite) as seen:
        for start in range(0, size, _PIECE):
            piece = store.get_range(key, start, min(start + _PIECE, size))
            seen.update(piece)
            yield piece
        if seen.digest() != digest:
            raise CopyDamagedError(f"The copy of {key} in {store.name} is not what was sealed.")


def prove(store: ObjectStore, key: str, suite: Suite, size: int, digest: bytes) -> None:
    """Read a copy to its end; CopyDamagedError or StoreFailedError where it is not what was sealed."""
    for _ in proven(store, key, suite, size, digest):
        pass
