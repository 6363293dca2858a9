"""Laws of sealed objects: the same bytes or an error, whatever the sizes, the ranges and the damage."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.adapters.keys import Keyring, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import SealedObject, UnreadableError, Vault

profiles = st.sampled_from(["standard", "sm"])
plain = st.binary(max_size=400)
chunk_sizes = st.integers(1, 200)


class Bench:
    """One folder, one keyring, one vault, gone afterwards."""

    def __init__(self, profile, chunk_size):
        memory = Path("/dev/shm")  # laws hold without a disk, and syncs take most of the time on one
        self._folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        root = Path(self._folder.name)
        keys = Keyring.create(root / "keyring", Unlock.key(b"k" * 32), profile=profile)
        self.root = root / "store"
        self.vault = Vault([open_store(str(self.root))], keys, profile, chunk_size=chunk_size, report=lambda _: None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()


@given(profiles, chunk_sizes, plain)
@settings(max_examples=150, deadline=None)
def test_what_was_sealed_opens_to_the_same_bytes(profile, chunk_size, data):
    with Bench(profile, chunk_size) as bench:
        sealed = bench.vault.seal("01call", data, role="recording")
        assert bench.vault.read(sealed) == data
        assert bench.vault.open(sealed).readall() == data
        assert bench.vault.verify(sealed, contents=True) == []
        assert SealedObject.from_json(sealed.to_json()) == sealed


@given(profiles, chunk_sizes, plain, st.lists(st.tuples(st.integers(0, 450), st.integers(0, 450)), max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_range_is_the_slice(profile, chunk_size, data, ranges):
    with Bench(profile, chunk_size) as bench:
        sealed = bench.vault.seal("01call", data, role="recording")
        stream = bench.vault.open(sealed)
        for one, other in ranges:
            start, end = sorted((one, other))
            assert bench.vault.read(sealed, start, end) == data[start:end]
            stream.seek(start)
            got = b""
            while len(got) < end - start and (part := stream.read(end - start - len(got))):
                got += part
            assert got == data[start:end]


@given(profiles, chunk_sizes, plain, st.data())
@settings(max_examples=200, deadline=None)
def test_damage_never_yields_wrong_plaintext(profile, chunk_size, data, draw):
    with Bench(profile, chunk_size) as bench:
        sealed = bench.vault.seal("01call", data, role="recording")
        path = bench.root / sealed.key
        stored = path.read_bytes()
        at = draw.draw(st.integers(0, len(stored) - 1))
        flipped = bytearray(stored)
        flipped[at] ^= draw.draw(st.integers(1, 255))
        to = draw.draw(st.integers(at, len(stored)))
        for damaged in (bytes(flipped), stored[:at] + stored[to + 1 :], stored[:at] + stored[at:to] * 2 + stored[to:]):
            path.write_bytes(damaged)
            try:
                assert bench.vault.read(sealed) == data
            except UnreadableError:
                pass
            else:
                # Bytes after the end are never read; verification finds them all the same.
                assert damaged.startswith(stored)
            assert bool(bench.vault.verify(sealed)) == (damaged != stored)


@given(profiles, st.binary(min_size=1, max_size=60), st.integers(1, 20))
@settings(max_examples=10, deadline=None)
def test_every_single_flipped_byte_is_found_by_reading_and_by_verifying(profile, data, chunk_size):
    with Bench(profile, chunk_size) as bench:
        sealed = bench.vault.seal("01call", data, role="recording")
        path = bench.root / sealed.key
        stored = path.read_bytes()
        for at in range(len(stored)):
            flipped = bytearray(stored)
            flipped[at] ^= 0x80
            path.write_bytes(flipped)
            assert [found.code for found in bench.vault.verify(sealed)] == ["copy-damaged"]
            try:
                bench.vault.read(sealed)
            except UnreadableError:
                continue
            raise AssertionError(f"byte {at} was read wrong without a word")
