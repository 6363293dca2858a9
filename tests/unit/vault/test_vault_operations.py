"""What a user of the vault relies on, on real folders with a real keyring."""

import hashlib
import io
import logging
import random
from dataclasses import replace

import pytest

from guitai.adapters.keys import Keyring, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import (
    KeyRefusedError,
    RecordDamagedError,
    SealedObject,
    StoreFailedError,
    UnknownKeyError,
    UnreadableError,
    Vault,
    WrongSourceError,
)

DATA = random.Random(7).randbytes(10_000)


@pytest.fixture(params=["standard", "sm"])
def keys(request, tmp_path):
    return Keyring.create(tmp_path / "keyring", Unlock.key(b"k" * 32), profile=request.param)


@pytest.fixture
def reports():
    return []


@pytest.fixture
def vault(keys, tmp_path, reports):
    stores = [open_store(str(tmp_path / name)) for name in ("one", "two")]
    profile = keys.keys[0].profile
    return Vault(stores, keys, profile, chunk_size=1000, report=reports.append)


@pytest.fixture
def sealed(vault):
    return vault.seal("01call", DATA, role="recording")


def copy(tmp_path, name, sealed):
    return tmp_path / name / sealed.key


def flip(path, at):
    stored = bytearray(path.read_bytes())
    stored[at] ^= 1
    path.write_bytes(stored)


def test_what_was_sealed_opens_to_the_same_bytes(vault, sealed):
    assert vault.read(sealed) == DATA
    assert vault.read(sealed, 999, 2001) == DATA[999:2001]
    assert vault.read(sealed, 9_990, 99_999) == DATA[9_990:]
    assert vault.read(sealed, 20_000) == b""
    assert sealed.plain_digest == hashlib.new(sealed.digest, DATA).digest()
    assert vault.verify(sealed, contents=True) == []


def test_a_range_runs_forward(vault, sealed):
    for start, end in ((-1, 5), (5, 4)):
        with pytest.raises(ValueError, match="forward"):
            vault.read(sealed, start, end)


def test_every_store_holds_the_same_copy_and_no_plaintext(tmp_path, vault, sealed):
    one, two = (copy(tmp_path, name, sealed).read_bytes() for name in ("one", "two"))
    assert one == two
    assert hashlib.new(sealed.digest, one).digest() == sealed.cipher_digest
    assert DATA[:32] not in one


def test_a_source_may_give_less_than_asked(vault):
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.left = io.BytesIO(DATA)

        def readable(self):
            return True

        def readinto(self, buffer):
            part = self.left.read(min(7, len(buffer)))
            buffer[: len(part)] = part
            return len(part)

    assert vault.read(vault.seal("01pipe", Pipe(), role="recording")) == DATA


def test_the_record_survives_json(sealed):
    fields = sealed.to_json()
    assert SealedObject.from_json(fields) == sealed
    assert all(isinstance(value, str | int) for value in fields.values())


@pytest.mark.parametrize(
    "change",
    [
        {"plain_size": 9_999},
        {"chunk_size": 0},
        {"chunk_size": "1000"},
        {"profile": "rot13"},
        {"digest": "md5"},
        {"key": "al/01cal/recording"},
        {"object_id": "../../etc"},
        {"wrapped_key": "zz"},
        {"wrapped_key": 7},
        {"surprise": 1},
        {"plain_size": True},
    ],
)
def test_a_record_that_contradicts_itself_is_refused(sealed, change):
    with pytest.raises(RecordDamagedError):
        SealedObject.from_json({**sealed.to_json(), **change})


def test_a_record_with_a_missing_field_is_refused(sealed):
    fields = sealed.to_json()
    del fields["kek_id"]
    with pytest.raises(RecordDamagedError):
        SealedObject.from_json(fields)


def test_objects_of_one_recording_share_its_key_and_no_other_may(vault, sealed):
    transcript = vault.seal("01call", b"words", role="transcript", share_key_of=sealed)
    assert (transcript.kek_id, transcript.wrapped_key) == (sealed.kek_id, sealed.wrapped_key)
    assert vault.read(transcript) == b"words"
    assert vault.read(sealed) == DATA
    with pytest.raises(ValueError, match="one id"):
        vault.seal("01other", b"words", role="transcript", share_key_of=sealed)


def test_sealing_again_under_the_same_key_gives_unlike_bytes(tmp_path, vault, sealed):
    first = vault.seal("01call", b"same words", role="transcript", share_key_of=sealed)
    before = copy(tmp_path, "one", first).read_bytes()
    second = vault.seal("01call", b"same words", role="transcript", share_key_of=sealed)
    after = copy(tmp_path, "one", second).read_bytes()
    assert before[48:] != after[48:]
    assert vault.read(second) == b"same words"


def test_sealing_again_replaces_every_copy(vault, sealed):
    again = vault.seal("01call", b"new", role="recording")
    assert vault.read(again) == b"new"
    assert vault.verify(again) == []
    with pytest.raises(UnreadableError):
        vault.read(sealed)


def test_a_source_that_changed_is_refused_and_leaves_nothing(tmp_path, vault):
    with pytest.raises(WrongSourceError):
        vault.seal("01call", DATA, role="recording", expected_digest=b"\0" * 32)
    assert [path for path in (tmp_path / "one").rglob("*") if path.is_file()] == []


def test_the_announced_source_is_accepted(vault, sealed):
    again = vault.seal("01two", DATA, role="recording", expected_digest=sealed.plain_digest)
    assert vault.read(again) == DATA


@pytest.mark.parametrize("role", ["", "a/b", "..", "a b", "x" * 129, "角色"])
def test_ids_and_roles_are_plain_names(vault, role):
    with pytest.raises(ValueError, match="1-128"):
        vault.seal("01call", b"", role=role)


def test_the_stream_seeks_and_reads_like_a_file(vault, sealed):
    peer = io.BytesIO(DATA)
    chance = random.Random(3)
    with vault.open(sealed) as stream, io.BufferedReader(vault.open(sealed), 512) as buffered:
        assert stream.readable()
        assert stream.seekable()
        for _ in range(200):
            at, size = chance.randrange(-100, 10_100), chance.randrange(3_000)
            if at < 0:
                expected = peer.seek(at, io.SEEK_END)
                assert stream.seek(at, io.SEEK_END) == expected == stream.tell()
                buffered.seek(at, io.SEEK_END)
            else:
                peer.seek(at)
                stream.seek(at)
                buffered.seek(at)
            wanted = peer.read(size)
            assert buffered.read(size) == wanted
            got = b""
            while len(got) < size and (part := stream.read(size - len(got))):
                got += part
            assert got == wanted
        with pytest.raises(ValueError, match="before the start"):
            stream.seek(-1)


def test_a_range_is_read_without_the_rest(keys, tmp_path):
    store = open_store(str(tmp_path / "one"))
    fetched = []

    class Watching:
        name = store.name

        def __getattr__(self, asked):
            return getattr(store, asked)

        def get_range(self, key, start, end):
            fetched.append(end - start)
            return store.get_range(key, start, end)

    vault = Vault([Watching()], keys, keys.keys[0].profile, chunk_size=1000)
    sealed = vault.seal("01call", DATA, role="recording")
    fetched.clear()
    assert vault.read(sealed, 4_500, 4_600) == DATA[4_500:4_600]
    assert sum(fetched) == 48 + 1016


@pytest.mark.parametrize("at", [0, 8, 20, 48, 5_500, -1])
def test_a_damaged_copy_is_passed_over_named_and_mended(tmp_path, vault, sealed, reports, at):
    flip(copy(tmp_path, "one", sealed), at)
    assert vault.read(sealed) == DATA
    assert reports[0].code == "copy-damaged"
    expected = ("copy-damaged", f"folder {tmp_path}/one/{sealed.key}")
    assert [(found.code, found.subject) for found in vault.verify(sealed)] == [expected]
    assert [(found.code, found.subject) for found in vault.mend(sealed)] == [expected]
    assert vault.verify(sealed, contents=True) == []
    assert vault.mend(sealed) == []


def test_a_missing_copy_is_passed_over_named_and_mended(tmp_path, vault, sealed, reports):
    copy(tmp_path, "two", sealed).unlink()
    assert [(found.code, found.subject) for found in vault.verify(sealed)] == [
        ("copy-missing", f"folder {tmp_path}/two/{sealed.key}")
    ]
    vault.mend(sealed)
    copy(tmp_path, "one", sealed).unlink()
    assert vault.read(sealed) == DATA
    assert [found.code for found in reports] == ["copy-missing"]


@pytest.mark.parametrize("tail", [-1, -1016, -9_000, b"x", b"x" * 1016])
def test_a_copy_of_the_wrong_size_is_named(tmp_path, vault, sealed, tail):
    path = copy(tmp_path, "one", sealed)
    stored = path.read_bytes()
    path.write_bytes(stored[:tail] if isinstance(tail, int) else stored + tail)
    assert [found.code for found in vault.verify(sealed)] == ["copy-damaged"]
    assert vault.read(sealed) == DATA


def test_when_no_copy_is_good_reading_and_mending_say_so(tmp_path, vault, sealed):
    flip(copy(tmp_path, "one", sealed), 60)
    copy(tmp_path, "two", sealed).unlink()
    assert [found.code for found in vault.verify(sealed)] == ["copy-damaged", "copy-missing"]
    for attempt in (lambda: vault.read(sealed), lambda: vault.mend(sealed), lambda: vault.open(sealed).read()):
        with pytest.raises(UnreadableError, match=sealed.key):
            attempt()
    assert vault.read(sealed, 5_000, 6_000) == DATA[5_000:6_000]


def test_bad_copies_are_logged_unless_someone_listens(keys, tmp_path, caplog):
    vault = Vault([open_store(str(tmp_path / name)) for name in ("one", "two")], keys, keys.keys[0].profile)
    sealed = vault.seal("01call", DATA, role="recording")
    copy(tmp_path, "one", sealed).unlink()
    with caplog.at_level(logging.WARNING):
        assert vault.read(sealed) == DATA
    assert "copy-missing" in caplog.text


def test_swapped_cut_repeated_and_appended_chunks_never_open(tmp_path, vault, sealed):
    copy(tmp_path, "two", sealed).unlink()
    path = copy(tmp_path, "one", sealed)
    stored = path.read_bytes()
    head, chunks = stored[:48], [stored[i : i + 1016] for i in range(48, len(stored), 1016)]
    for changed in (
        [chunks[1], chunks[0], *chunks[2:]],
        chunks[:-1],
        [*chunks[:5], chunks[4], *chunks[6:]],
        [*chunks[:-1], chunks[0]],
        chunks[1:],
    ):
        path.write_bytes(head + b"".join(changed))
        with pytest.raises(UnreadableError):
            vault.read(sealed)
    path.write_bytes(head + b"".join(chunks[:5]))
    shorter = replace(sealed, plain_size=5_000, cipher_size=48 + 5 * 1016)
    with pytest.raises(UnreadableError):
        vault.read(shorter)


def test_an_object_under_anothers_name_never_opens(tmp_path, vault, sealed):
    other = vault.seal("02call", DATA[::-1], role="recording")
    transcript = vault.seal("01call", DATA[::-1], role="transcript", share_key_of=sealed)
    for stranger in (other, transcript):
        for name in ("one", "two"):
            copy(tmp_path, name, sealed).write_bytes(copy(tmp_path, name, stranger).read_bytes())
        with pytest.raises(UnreadableError):
            vault.read(sealed)
        assert len(vault.verify(sealed)) == 2


def test_a_wrapped_key_of_another_recording_is_refused(vault, sealed):
    other = vault.seal("02call", b"other", role="recording")
    crossed = replace(sealed, wrapped_key=other.wrapped_key)
    with pytest.raises(KeyRefusedError):
        vault.read(crossed)
    assert [found.code for found in vault.verify(crossed)] == ["key-refused"]


def test_an_unknown_key_is_named(vault, sealed):
    foreign = replace(sealed, kek_id="01nokey")
    with pytest.raises(UnknownKeyError, match="01nokey"):
        vault.open(foreign)
    assert [found.code for found in vault.verify(foreign)] == ["key-refused"]


def test_contents_are_compared_with_the_record(vault, sealed):
    wrong = replace(sealed, plain_digest=b"\0" * 32)
    assert vault.verify(wrong) == []
    assert [found.code for found in vault.verify(wrong, contents=True)] == ["contents-differ"]


def test_rewrapping_changes_the_key_and_not_the_stored_bytes(tmp_path, vault, keys, sealed):
    stored = copy(tmp_path, "one", sealed).read_bytes()
    assert vault.rewrap(sealed) is sealed
    new = keys.rotate()
    rewrapped = vault.rewrap(sealed)
    assert rewrapped == replace(sealed, kek_id=new, wrapped_key=rewrapped.wrapped_key)
    assert rewrapped.wrapped_key != sealed.wrapped_key
    assert copy(tmp_path, "one", sealed).read_bytes() == stored
    assert vault.read(rewrapped) == vault.read(sealed) == DATA
    assert vault.verify(rewrapped, contents=True) == []


def test_an_object_of_the_other_profile_opens_by_its_record(tmp_path, vault, keys, sealed):
    other = "sm" if sealed.profile == "standard" else "standard"
    later = Vault([open_store(str(tmp_path / "one"))], keys, other)
    assert later.read(sealed) == DATA
    assert later.seal("02call", b"x", role="recording").profile == other
    assert later.seal("01call", b"x", role="metadata", share_key_of=sealed).profile == sealed.profile


def test_what_is_destroyed_is_gone_from_every_store(tmp_path, vault, sealed):
    vault.destroy(sealed)
    vault.destroy(sealed)
    assert [found.code for found in vault.verify(sealed)] == ["copy-missing", "copy-missing"]
    assert [path for path in tmp_path.rglob("recording") if path.is_file()] == []


def test_a_store_that_refuses_is_named_and_the_other_copy_is_taken_back(keys, tmp_path):
    good, bad = open_store(str(tmp_path / "good")), open_store(str(tmp_path / "bad"))
    (tmp_path / "bad" / "ll").write_text("a file where a folder should be")
    vault = Vault([good, bad], keys, "standard")
    with pytest.raises(StoreFailedError, match=r"folder .*/bad failed"):
        vault.seal("01call", DATA, role="recording")
    assert list(good.list()) == []
    assert list((tmp_path / "bad" / ".incoming").iterdir()) == []


def test_a_copy_that_reads_back_differently_is_named_and_nothing_is_kept(keys, tmp_path):
    store = open_store(str(tmp_path / "lying"))

    class Lying:
        name = store.name

        def __getattr__(self, asked):
            return getattr(store, asked)

        def get_range(self, key, start, end):
            return store.get_range(key, start, end)[:-1] + b"?"

    other = open_store(str(tmp_path / "good"))
    vault = Vault([Lying(), other], keys, "standard")
    with pytest.raises(Exception, match=r"folder .*/lying is not what was sealed") as caught:
        vault.seal("01call", DATA, role="recording")
    assert caught.value.code == "vault-copy-damaged"
    assert list(store.list()) == list(other.list()) == []


def test_a_vault_needs_a_store_and_a_known_profile(keys, tmp_path):
    for stores, profile in (([], "standard"), ([open_store(str(tmp_path))], "rot13")):
        with pytest.raises(ValueError, match="at least one store"):
            Vault(stores, keys, profile)
