"""Objects in a bucket of an S3 service."""

from collections.abc import Iterable
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from guitai.adapters.objects.stored import Stored

_PART = 8 << 20
_PARTS_AT_ONCE = 2


class Bucket(Stored):
    """An object store in a bucket, or under a prefix of it; memory: two parts of 8 MiB while writing."""

    def __init__(self, name: str, config: dict[str, str], prefix: str, *, plain_http: bool) -> None:
        store = S3Store(
            prefix=prefix or None,
            config=config,  # pyright: ignore[reportArgumentType] # a TypedDict of the same strings
            client_options={"allow_http": plain_http, "connect_timeout": "10s", "timeout": "120s"},
            retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
        )
        super().__init__(name, store)

    def put(self, key: str, chunks: Iterable[bytes | bytearray]) -> None:
        """Write the joined chunks under `key`; an unfinished upload is aborted and never visible."""
        raised: list[BaseException] = []
        try:
            obstore.put(
                self._store,
                key,
                _remembering(chunks, raised),
                chunk_size=_PART,
                max_concurrency=_PARTS_AT_ONCE,
            )
        except (BaseError, OSError) as error:
            if raised:
                raise
            raise self._failure(error, key) from error


def _remembering(chunks: Iterable[bytes | bytearray], raised: list[BaseException]) -> Iterable[bytes | bytearray]:
    """Tell an error of the source from an error of the store, which may be of the same class."""
    try:
        yield from chunks
    except BaseException as error:
        raised.append(error)
        raise
