"""What a bank relies on in its keyring."""

import json
import stat
from datetime import UTC, datetime

import pytest

from guitai.adapters.keys import (
    BLIND_INDEX,
    EVIDENCE_SIGNING,
    KeyFileError,
    Keyring,
    KeyringDamagedError,
    KeyringExistsError,
    KeyringMissingError,
    KeyringUnreadableError,
    Unlock,
    WrongUnlockError,
    create_key_file,
)
from guitai.vault import KeyRefusedError, UnknownKeyError

KEY = Unlock.key(b"k" * 32)
FAST = 4


class Noon:
    def now(self):
        return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "keyring"


@pytest.fixture(params=["standard", "sm"])
def keyring(request, path):
    return Keyring.create(path, KEY, profile=request.param, clock=Noon())


@pytest.mark.parametrize("size", [16, 32])
def test_a_wrapped_key_unwraps_in_its_own_context_only(keyring, size):
    kek_id, wrapped = keyring.wrap(b"d" * size, b"call 1")
    assert kek_id == keyring.current_key_id
    assert b"d" * size not in wrapped
    assert keyring.unwrap(kek_id, wrapped, b"call 1") == b"d" * size
    with pytest.raises(KeyRefusedError):
        keyring.unwrap(kek_id, wrapped, b"call 2")


def test_a_wrapped_key_with_any_byte_flipped_or_cut_is_refused(keyring):
    kek_id, wrapped = keyring.wrap(b"d" * 32, b"call")
    for at in range(len(wrapped)):
        flipped = bytearray(wrapped)
        flipped[at] ^= 1
        for altered in (bytes(flipped), wrapped[:at], wrapped[at + 1 :]):
            with pytest.raises(KeyRefusedError):
                keyring.unwrap(kek_id, altered, b"call")


def test_a_key_wrapped_under_one_key_does_not_open_under_another(keyring):
    _, wrapped = keyring.wrap(b"d" * 32, b"call")
    with pytest.raises(KeyRefusedError):
        keyring.unwrap(keyring.rotate(), wrapped, b"call")
    with pytest.raises(UnknownKeyError, match="01nokey"):
        keyring.unwrap("01nokey", wrapped, b"call")


def test_rotation_keeps_old_keys_for_opening_and_secrets_as_they_are(path, keyring):
    old, wrapped = keyring.wrap(b"d" * 32, b"call")
    secret = keyring.secret(BLIND_INDEX)
    new = keyring.rotate(clock=Noon())
    for held in (keyring, Keyring.open(path, KEY)):
        assert held.current_key_id == new != old
        assert [(key.kek_id, key.state) for key in held.keys] == [(old, "retired"), (new, "current")]
        assert [key.created for key in held.keys] == ["2026-11-22T12:00:00+00:00"] * 2
        assert held.unwrap(old, wrapped, b"call") == b"d" * 32
        assert held.secret(BLIND_INDEX) == secret


def test_rotation_builds_on_what_another_process_wrote(path, keyring):
    other = Keyring.open(path, KEY)
    first, second = other.rotate(), keyring.rotate()
    assert [key.kek_id for key in Keyring.open(path, KEY).keys][1:] == [first, second]


def test_rotation_may_change_the_profile(keyring):
    profiles = {keyring.keys[0].profile, "sm", "standard"}
    other = (profiles - {keyring.keys[0].profile}).pop()
    keyring.rotate(profile=other)
    kek_id, wrapped = keyring.wrap(b"d" * 16, b"call")
    assert keyring.unwrap(kek_id, wrapped, b"call") == b"d" * 16
    assert keyring.keys[-1].profile == other


def test_named_secrets_are_made_once_each_its_own(path, keyring):
    signing, blind = keyring.secret(EVIDENCE_SIGNING), keyring.secret(BLIND_INDEX)
    assert len(signing) == len(blind) == 32
    assert signing != blind
    assert Keyring.open(path, KEY).secret(EVIDENCE_SIGNING) == signing
    with pytest.raises(UnknownKeyError, match="nothing"):
        keyring.secret("nothing")


def test_the_file_is_private_and_shows_no_secret(path, keyring):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    stored = path.read_text()
    assert keyring.secret(BLIND_INDEX).hex() not in stored
    assert keyring.current_key_id not in stored
    assert "kkk" not in repr(KEY)
    assert [file.name for file in path.parent.iterdir()] == ["keyring"]


def test_a_passphrase_opens_it_and_a_wrong_one_is_told_from_damage(path):
    Keyring.create(path, Unlock.passphrase("柜台的口令".encode()), log_n=FAST)
    Keyring.open(path, Unlock.passphrase("柜台的口令".encode()))
    with pytest.raises(WrongUnlockError) as caught:
        Keyring.open(path, Unlock.passphrase(b"wrong"))
    assert caught.value.code == "keyring-wrong-passphrase"
    assert "wrong" not in caught.value.message
    with pytest.raises(WrongUnlockError, match="opens with a passphrase"):
        Keyring.open(path, KEY)


def test_a_wrong_key_file_is_told_from_damage(path, keyring):
    with pytest.raises(WrongUnlockError):
        Keyring.open(path, Unlock.key(b"x" * 32))
    with pytest.raises(WrongUnlockError, match="opens with a key file"):
        Keyring.open(path, Unlock.passphrase(b"k"))


def test_the_default_passphrase_cost_is_high(path):
    Keyring.create(path, Unlock.passphrase(b"p"))
    assert json.loads(path.read_text())["log_n"] >= 17


def test_after_a_change_only_the_new_unlock_opens_the_same_keys(path, keyring):
    new = Unlock.key(b"n" * 40)
    keyring.change_passphrase(new)
    assert Keyring.open(path, new).keys == keyring.keys
    with pytest.raises(WrongUnlockError):
        Keyring.open(path, KEY)
    keyring.rotate()
    assert Keyring.open(path, new).keys == keyring.keys


def test_any_flipped_byte_is_found(path, keyring):
    """Only white space may change without a word: it holds nothing."""
    stored = path.read_bytes()
    for at in range(len(stored)):
        changed = bytearray(stored)
        changed[at] ^= 1
        path.write_bytes(changed)
        if json_or_none(bytes(changed)) == json.loads(stored):
            assert Keyring.open(path, KEY).keys == keyring.keys
        else:
            with pytest.raises(KeyringDamagedError) as caught:
                Keyring.open(path, KEY)
            assert caught.value.code == "keyring-damaged"


def json_or_none(stored):
    try:
        return json.loads(stored)
    except ValueError:
        return None


@pytest.mark.parametrize("field", ["profile", "log_n", "salt", "check", "nonce", "sealed"])
def test_a_forged_field_is_found_even_under_a_recomputed_sum(path, keyring, field):
    import hashlib

    from guitai.kernel.canonical import canonical_json

    fields = json.loads(path.read_text())
    del fields["sum"]
    forged = {"profile": {"standard": "sm", "sm": "standard"}.get(fields["profile"]), "log_n": 16}
    fields[field] = forged.get(field) or ("0" if fields[field][0] != "0" else "1") + fields[field][1:]
    path.write_text(json.dumps({**fields, "sum": hashlib.sha256(canonical_json(fields)).hexdigest()}))
    with pytest.raises((KeyringDamagedError, WrongUnlockError)):
        Keyring.open(path, KEY)


@pytest.mark.parametrize("stored", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format": 1}'])
def test_what_is_no_keyring_is_damaged(path, stored):
    path.parent.mkdir()
    path.write_bytes(stored)
    with pytest.raises(KeyringDamagedError):
        Keyring.open(path, KEY)


def test_a_keyring_is_never_replaced_by_a_new_one(path, keyring):
    with pytest.raises(KeyringExistsError):
        Keyring.create(path, KEY)
    assert Keyring.open(path, KEY).keys == keyring.keys
    assert [file.name for file in path.parent.iterdir()] == ["keyring"]


def test_a_missing_keyring_names_the_next_step(path):
    with pytest.raises(KeyringMissingError) as caught:
        Keyring.open(path, KEY)
    assert "guitai init" in caught.value.hint


def test_an_unreadable_keyring_is_named(path):
    path.mkdir(parents=True)
    with pytest.raises(KeyringUnreadableError):
        Keyring.open(path, KEY)


def test_a_key_file_is_random_private_and_made_once(tmp_path):
    file = tmp_path / "key"
    create_key_file(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(file.read_bytes())) > 16
    assert Unlock.key_file(file) == Unlock.key(file.read_bytes())
    with pytest.raises(KeyFileError):
        create_key_file(file)


def test_a_key_file_that_others_may_read_or_is_short_is_refused(tmp_path):
    file = tmp_path / "key"
    file.write_bytes(b"k" * 32)
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match="Others may read"):
        Unlock.key_file(file)
    file.chmod(0o600)
    file.write_bytes(b"k" * 31)
    with pytest.raises(KeyFileError, match="at least 32"):
        Unlock.key_file(file)
    with pytest.raises(KeyFileError, match="cannot be read"):
        Unlock.key_file(tmp_path / "nowhere")


def test_a_passphrase_file_counts_without_its_line_end(tmp_path):
    file = tmp_path / "passphrase"
    for text in (b"secret words", b"secret words\n", b"secret words\r\n"):
        file.write_bytes(text)
        file.chmod(0o600)
        assert Unlock.passphrase_file(file) == Unlock.passphrase(b"secret words")
    file.write_bytes(b"\n")
    with pytest.raises(KeyFileError, match="empty"):
        Unlock.passphrase_file(file)
