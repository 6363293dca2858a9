"""The vault: objects sealed under a data key each recording has for itself, kept as verified copies in every store."""

import contextlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import BinaryIO

from guitai.vault.copies import prove, proven
from guitai.vault.errors import CopyDamagedError, KeyRefusedError, StoreFailedError, UnknownKeyError, UnreadableError
from guitai.vault.format import Subject, subject
from guitai.vault.model import Problem, SealedObject, storage_key
from guitai.vault.opening import Chunks, SealedReader, problem_of
from guitai.vault.ports import KeyService, ObjectStore
from guitai.vault.sealing import Sealing
from guitai.vault.suites import SUITES

_log = logging.getLogger(__name__)
CHUNK_SIZE = 64 << 10
_READ_AT_ONCE = 4 << 20


def _log_problem(problem: Problem) -> None:
    _log.warning("sealed object: %s %s: %s", problem.code, problem.subject, problem.message)


class Vault:
    """Seals, opens, verifies, mends and destroys objects; keeps no state of its own beside what it was given.

    `profile` is `standard` or `sm` and rules what is newly sealed; every object opens by its own record. `report` is
    told of each bad copy that a reading had to pass over.
    """

    def __init__(
        self,
        stores: Sequence[ObjectStore],
        keys: KeyService,
        profile: str,
        *,
        chunk_size: int = CHUNK_SIZE,
        report: Callable[[Problem], None] = _log_problem,
    ) -> None:
        if not stores or profile not in SUITES or chunk_size < 1:
            raise ValueError("a vault needs at least one store, the profile standard or sm, and a chunk size")
        self._stores = tuple(stores)
        self._keys = keys
        self._profile = profile
        self._chunk_size = chunk_size
        self._report = report

    @property
    def digest(self) -> str:
        """Name the hash, for hashlib, of what is newly sealed: sha256 or sm3."""
        return SUITES[self._profile].digest

    def seal(
        self,
        object_id: str,
        source: bytes | BinaryIO,
        *,
        role: str,
        share_key_of: SealedObject | None = None,
        expected_digest: bytes | None = None,
    ) -> SealedObject:
        """Seal `source` into every store, each copy read back and compared by hash before this returns.

        `share_key_of` is another object of the same id: both then open and perish with one data key. Sealing an id
        and role again replaces its copies. `expected_digest` (of the plain bytes, by the profile's hash) refuses a
        source that changed: WrongSourceError. On any error the copies this call wrote are removed again.
        """
        key = storage_key(object_id, role)
        profile = share_key_of.profile if share_key_of else self._profile
        bound = subject(profile, object_id, role, self._chunk_size)
        if share_key_of is None:
            data_key = secrets.token_bytes(bound.suite.key_size)
            kek_id, wrapped = self._keys.wrap(data_key, bound.key_context())
        else:
            if share_key_of.object_id != object_id:
                raise ValueError("only objects of one id share a data key")
            kek_id, wrapped = share_key_of.kek_id, share_key_of.wrapped_key
            data_key = self._data_key(share_key_of)
        sealing = Sealing(bound, data_key, source, expected_digest)
        self._write_copies(key, bound, sealing)
        return SealedObject(
            object_id=object_id,
            role=role,
            key=key,
            profile=profile,
            kek_id=kek_id,
            wrapped_key=wrapped,
            chunk_size=self._chunk_size,
            plain_size=sealing.plain_size,
            cipher_size=sealing.cipher_size,
            plain_digest=sealing.plain_digest,
            cipher_digest=sealing.cipher_digest,
            digest=bound.suite.digest,
        )

    def _write_copies(self, key: str, bound: Subject, sealing: Sealing) -> None:
        """Write the first copy from the source and each further one from the proving of the one before it."""
        written: list[ObjectStore] = []
        try:
            pieces = sealing.pieces()
            for store in self._stores:
                store.put(key, pieces)
                written.append(store)
                pieces = proven(store, key, bound.suite, sealing.cipher_size, sealing.cipher_digest)
            for _ in pieces:
                pass
        except BaseException:
            for store in written:
                with contextlib.suppress(StoreFailedError):
                    store.delete(key)
            raise

    def read(self, sealed: SealedObject, start: int = 0, end: int | None = None) -> bytes:
        """Return plain bytes [start, end), cut at the object's end; only the chunks that hold them are fetched.

        UnreadableError: no copy has them intact. UnknownKeyError, KeyRefusedError: the data key cannot be had.
        """
        if start < 0 or (end is not None and end < start):
            raise ValueError("a range runs forward from zero or later")
        end = sealed.plain_size if end is None else min(end, sealed.plain_size)
        chunks = self._chunks(sealed)
        if start >= end:
            return b""
        size = sealed.chunk_size
        first, stop = start // size, -(-end // size)
        step = max(1, _READ_AT_ONCE // size)
        plain = b"".join(chunks.plain(n, min(n + step, stop)) for n in range(first, stop, step))
        return plain[start - first * size : end - first * size]

    def open(self, sealed: SealedObject) -> SealedReader:
        """Return a seekable raw stream of the plaintext; wrap it in io.BufferedReader for many small reads."""
        return SealedReader(self._chunks(sealed))

    def verify(self, sealed: SealedObject, *, contents: bool = False) -> list[Problem]:
        """Return what is wrong with the object's data key and each of its copies; [] when all is well.

        Copies are compared by size and hash of the stored bytes; `contents` also decrypts the first good one and
        compares the hash of the original.
        """
        problems = self._key_problems(sealed)
        suite = SUITES[sealed.profile]
        copies = [self._copy_problem(store, sealed) for store in self._stores]
        problems += [found for found in copies if found is not None]
        if contents and not problems:
            seen = suite.hasher()
            with self.open(sealed) as stream:
                while piece := stream.read(_READ_AT_ONCE):
                    seen.update(piece)
            if seen.digest() != sealed.plain_digest:
                message = f"{sealed.key} opens, but not to the bytes its record names."
                problems.append(Problem("contents-differ", sealed.key, message))
        return problems

    def mend(self, sealed: SealedObject) -> list[Problem]:
        """Replace each bad copy by a good one and return what was mended; UnreadableError where no copy is good."""
        found = [(store, self._copy_problem(store, sealed)) for store in self._stores]
        good = next((store for store, problem in found if problem is None), None)
        if good is None:
            raise UnreadableError(
                f"No copy of {sealed.key} is good.", hint="Restore one store's copy from a backup and try again."
            )
        suite = SUITES[sealed.profile]
        mended: list[Problem] = []
        for store, problem in found:
            if problem is not None:
                store.put(sealed.key, proven(good, sealed.key, suite, sealed.cipher_size, sealed.cipher_digest))
                prove(store, sealed.key, suite, sealed.cipher_size, sealed.cipher_digest)
                mended.append(problem)
        return mended

    def rewrap(self, sealed: SealedObject) -> SealedObject:
        """Return the record with its data key under the current key-encryption key; the stored bytes do not change."""
        if sealed.kek_id == self._keys.current_key_id:
            return sealed
        kek_id, wrapped = self._keys.wrap(self._data_key(sealed), _bound(sealed).key_context())
        return replace(sealed, kek_id=kek_id, wrapped_key=wrapped)

    def destroy(self, sealed: SealedObject) -> None:
        """Remove every copy; the caller then forgets the record, and with it the wrapped data key."""
        for store in self._stores:
            store.delete(sealed.key)

    def _chunks(self, sealed: SealedObject) -> Chunks:
        chunks = Chunks(self._stores, sealed, _bound(sealed), self._data_key(sealed), self._report)
        if not sealed.plain_size:
            chunks.plain(0, 1)  # that nothing was sealed is proved too
        return chunks

    def _data_key(self, sealed: SealedObject) -> bytes:
        return self._keys.unwrap(sealed.kek_id, sealed.wrapped_key, _bound(sealed).key_context())

    def _copy_problem(self, store: ObjectStore, sealed: SealedObject) -> Problem | None:
        try:
            prove(store, sealed.key, SUITES[sealed.profile], sealed.cipher_size, sealed.cipher_digest)
        except (StoreFailedError, CopyDamagedError) as error:
            return problem_of(error, store, sealed.key)
        return None

    def _key_problems(self, sealed: SealedObject) -> list[Problem]:
        try:
            self._data_key(sealed)
        except (UnknownKeyError, KeyRefusedError) as error:
            return [Problem("key-refused", sealed.key, error.message)]
        return []


def _bound(sealed: SealedObject) -> Subject:
    return subject(sealed.profile, sealed.object_id, sealed.role, sealed.chunk_size)
