"""The stored format, read by a second reader written from its description alone, and pinned by a golden object."""

import hashlib
import struct

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guitai.adapters.objects import open_store
from guitai.vault import Vault


class PlainKeys:
    """A key service that hides nothing, so that the test sees the data key and the context."""

    current_key_id = "plain"

    def wrap(self, data_key, context):
        self.data_key, self.context = data_key, context
        return "plain", data_key

    def unwrap(self, kek_id, wrapped, context):
        return wrapped


def read_as_described(stored, suite, data_key, object_id, role):
    """Follow the docstring of guitai.vault.format step by step."""
    magic, version, number, zeros, chunk_size, salt = struct.unpack(">7sBB3sI32s", stored[:48])
    assert (magic, version, number, zeros) == (b"GUITAIV", 1, suite, bytes(3))
    names = struct.pack(">H", len(object_id)) + object_id.encode() + role.encode()
    label = b"guitai-vault" + bytes([1, suite])
    size, kind = {1: (32, hashes.SHA256()), 2: (16, hashes.SM3())}[suite]
    key = HKDF(kind, size, salt, label + names).derive(data_key)
    chunks = [stored[i : i + chunk_size + 16] for i in range(48, len(stored), chunk_size + 16)]
    plain = b""
    for i, chunk in enumerate(chunks):
        associated = label + struct.pack(">IQB", chunk_size, i, i == len(chunks) - 1) + names
        if suite == 1:
            plain += AESGCM(key).decrypt(i.to_bytes(12, "big"), chunk, associated)
        else:
            cipher = Cipher(algorithms.SM4(key), modes.GCM(i.to_bytes(12, "big"), chunk[-16:])).decryptor()
            cipher.authenticate_additional_data(associated)
            plain += cipher.update(chunk[:-16]) + cipher.finalize()
    return plain


@pytest.mark.parametrize(("profile", "suite", "digest"), [("standard", 1, "sha256"), ("sm", 2, "sm3")])
@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 640, 3_000_000])
def test_another_reader_opens_what_the_vault_stored(tmp_path, profile, suite, digest, size):
    keys = PlainKeys()
    vault = Vault([open_store(str(tmp_path))], keys, profile, chunk_size=64 if size < 1000 else 65536)
    data = bytes(i * 7 % 251 for i in range(size))
    sealed = vault.seal("01call", data, role="recording")
    stored = (tmp_path / "ll" / "01call" / "recording").read_bytes()
    assert read_as_described(stored, suite, keys.data_key, "01call", "recording") == data
    assert keys.context == b"guitai-vault" + bytes([1, suite]) + b"01call"
    assert len(keys.data_key) == (32 if suite == 1 else 16)
    assert (sealed.plain_size, sealed.cipher_size) == (size, len(stored))
    assert sealed.plain_digest == hashlib.new(digest, data).digest()
    assert sealed.cipher_digest == hashlib.new(digest, stored).digest()
    assert (sealed.key, sealed.digest) == ("ll/01call/recording", digest)


GOLDEN = {
    "standard": "475549544149560101000000000000086465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283d3cfdf9d1c01beef2e8c0418a12fc104493b482e4df7589cb19aa11c85b1d68a2762e6b666fa8f4851fe5764bf",
    "sm": "475549544149560102000000000000086465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283fe390781664d8752448278603a77f43541b7630cbab5767d4d997ac0b03a3894a322f99d42f0466ed0334e3bc7",
}


@pytest.mark.parametrize(("profile", "suite"), [("standard", 1), ("sm", 2)])
def test_an_object_of_an_earlier_release_still_opens(tmp_path, profile, suite):
    stored = bytes.fromhex(GOLDEN[profile])
    data_key = bytes(range(32 if suite == 1 else 16))
    store = open_store(str(tmp_path))
    vault = Vault([store], PlainKeys(), profile, chunk_size=8)
    sealed = vault.seal("01golden", b"guitai \xe6\x9f\x9c\xe5\x8f\xb0", role="recording")
    fields = {**sealed.to_json(), "wrapped_key": data_key.hex()}
    store.put(sealed.key, [stored])
    assert vault.read(type(sealed).from_json(fields)) == "guitai 柜台".encode()
    assert read_as_described(stored, suite, data_key, "01golden", "recording") == "guitai 柜台".encode()
