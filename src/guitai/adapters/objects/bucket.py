"""Objects in a bucket of an S3 service."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from guitai.adapters.objects.stored import Stored

if TYPE_CHECKING:
    from obstore.store import ClientConfig

_PART = 8 << 20
_PARTS_AT_ONCE = 2


class Bucket(Stored):
    """An object store in a bucket, or under a prefix of it; memory: two parts of 8 MiB while writing."""

    def __init__(self, name: str, config: dict[str, str], prefix: str, authority: str | None) -> None:
        """Open the bucket of `config` (obstore's names); `authority` is the PEM text of a further trusted CA."""
        endpoint = config.get("endpoint", "")
        client: ClientConfig = {
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": "10s",
            "timeout": "120s",
        }
        if authority:
            client["root_certificate"] = authority
        store = S3Store(
            prefix=prefix or None,
            config=config,  # pyright: ignore[reportArgumentType] # a TypedDict of the same strings
            client_options=client,
            retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
        )
        super().__init__(name, store)

    def put(self, key: str, chunks: Iterable[bytes | bytearray]) -> None:
        """Write the joined chunks under `key`; an unfinished upload is aborted and never visible."""
        raised: list[Exception] = []
        with ThreadPoolExecutor(1, "bucket-source") as reader:
            pieces = _pulled(iter(chunks), reader, raised)
            try:
                obstore.put(self._store, key, pieces, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE)
            except (BaseError, OSError) as error:
                if raised:
                    raise
                raise self._failure(error, key) from error


def _pulled(
    chunks: Iterator[bytes | bytearray], reader: ThreadPoolExecutor, raised: list[Exception]
) -> Iterator[bytes | bytearray]:
    """Pull the chunks in `reader`, and note an error of theirs, which may be of the same class as one of the store.

    obstore asks for them inside its own event loop, where a source that reads through obstore itself would panic.
    """
    try:
        while (piece := reader.submit(next, chunks, None).result()) is not None:
            yield piece
    except Exception as error:
        raised.append(error)
        raise
