"""Full disks and kill -9: nothing acknowledged is lost, nothing half-written shows, the rerun finishes."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guitai.adapters.keys import Keyring, KeyringUnreadableError, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import SealedObject, StoreFullError, Vault

HERE = Path(__file__)
SOURCE = HERE.parents[2] / "src"
KEY = Unlock.key(b"k" * 32)
DATA = random.Random(11).randbytes(1_500_000)
CALLS = 12


@pytest.fixture
def small_disk(tmp_path):
    """A 4 MiB file system of its own; only root may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,nr_inodes=20", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root; the file-size limit covers this for others")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_full_disk_is_named_leaves_nothing_and_costs_no_acknowledged_object(tmp_path, small_disk):
    keys = Keyring.create(tmp_path / "keyring", KEY)
    full = open_store(str(small_disk / "store"))
    vault = Vault([open_store(str(tmp_path / "roomy")), full], keys, "standard")
    kept = vault.seal("01kept", DATA, role="recording")
    ballast = small_disk / "ballast"
    room = (4 << 20) - len(DATA)
    for left in range(0, len(DATA), 150_000):
        ballast.write_bytes(bytes(room - left - 300_000))
        with pytest.raises(StoreFullError, match="has no room left") as caught:
            vault.seal("01new", DATA * 2, role="recording")
        assert caught.value.code == "vault-store-full"
        assert full.name in caught.value.message
        assert list(full.list()) == list(vault._stores[0].list()) == [kept.key]
        assert files(small_disk / "store") == [small_disk / "store" / kept.key]
    ballast.unlink()
    assert vault.read(vault.seal("01new", DATA, role="recording")) == DATA
    assert vault.verify(kept) == []


def test_a_disk_out_of_files_is_a_full_disk(tmp_path, small_disk):
    keys = Keyring.create(tmp_path / "keyring", KEY)
    store = open_store(str(small_disk / "store"))
    vault = Vault([store], keys, "standard")
    sealed = []

    def fill():
        while len(sealed) < 100:
            sealed.append(vault.seal(f"01call{len(sealed)}", b"x", role="recording"))

    with pytest.raises(StoreFullError):
        fill()
    assert sorted(store.list()) == sorted(kept.key for kept in sealed)
    assert [vault.verify(kept) for kept in sealed] == [[]] * len(sealed)


def test_a_keyring_on_a_full_disk_stays_as_it_was(small_disk):
    path = small_disk / "keyring"
    keyring = Keyring.create(path, KEY)
    before = path.read_bytes()
    with contextlib.suppress(OSError), (small_disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(4096))
    with pytest.raises(KeyringUnreadableError, match="No space left"):
        keyring.rotate()
    assert path.read_bytes() == before
    assert sorted(file.name for file in files(small_disk)) == ["ballast", "keyring"]
    assert Keyring.open(path, KEY).keys == keyring.keys


LIMITED = """
import resource, signal, sys
from guitai.adapters.keys import Keyring, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import StoreFullError, Vault
root = sys.argv[1]
keys = Keyring.create(__import__("pathlib").Path(root, "keyring"), Unlock.key(b"k" * 32))
store = open_store(root + "/store")
vault = Vault([store], keys, "standard", chunk_size=1000)
data = bytes(40_000)
seen = 0
for limit in range(0, 40_048 + 40 * 16, 97):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        vault.seal("01call", data, role="recording")
    except StoreFullError:
        seen += 1
    assert list(store.list()) == [], limit
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
sealed = vault.seal("01call", data, role="recording")
assert vault.verify(sealed, contents=True) == []
print(seen)
"""


def test_a_write_that_fails_after_any_number_of_bytes_leaves_nothing(tmp_path):
    done = run_child(LIMITED, tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(range(0, 40_048 + 40 * 16, 97))
    assert len(files(tmp_path / "store")) == 1


SEALING = """
import json, os, sys
from pathlib import Path
from guitai.adapters.keys import Keyring, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import Vault
root, calls = Path(sys.argv[1]), int(sys.argv[2])
keys = Keyring.open(root / "keyring", Unlock.key(b"k" * 32))
vault = Vault([open_store(str(root / "one")), open_store(str(root / "two"))], keys, "standard")
journal = os.open(root / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
have = (root / "journal").read_text().count(chr(10))
print("ready", flush=True)
for number in range(have, calls):
    with open(root / "source", "rb") as source:
        sealed = vault.seal(f"01call{number:04}", source, role="recording")
    os.write(journal, json.dumps(sealed.to_json()).encode() + b"\\n")
    os.fsync(journal)
"""


def run_child(script, *arguments):
    return subprocess.run(command(script, *arguments), env=environment(), capture_output=True, text=True, check=False)


def command(script, *arguments):
    return [sys.executable, "-c", script, *map(str, arguments)]


def environment():
    return {**os.environ, "PYTHONPATH": str(SOURCE)}


def test_sealing_killed_at_any_moment_loses_and_shows_nothing(tmp_path):
    keys = Keyring.create(tmp_path / "keyring", KEY)
    (tmp_path / "source").write_bytes(DATA)
    chance = random.Random(5)
    for _ in range(8):
        child = subprocess.Popen(
            command(SEALING, tmp_path, CALLS), env=environment(), stdout=subprocess.PIPE, text=True
        )
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.06))
        child.kill()
        child.wait()
        child.stdout.close()
        sizes = {path.stat().st_size for name in ("one", "two") for path in tmp_path.glob(f"{name}/*/*/recording")}
        assert len(sizes) <= 1, "a copy of another size is a half-written one"
        check_acknowledged(tmp_path, keys)
    assert run_child(SEALING, tmp_path, CALLS).returncode == 0
    assert check_acknowledged(tmp_path, keys) == CALLS


def check_acknowledged(root, keys):
    """Verify every journalled object; return how many there are."""
    stores = [open_store(str(root / name)) for name in ("one", "two")]
    vault = Vault(stores, keys, "standard")
    lines = (root / "journal").read_text().splitlines() if (root / "journal").exists() else []
    records = [SealedObject.from_json(json.loads(line)) for line in lines]
    assert [vault.verify(record, contents=True) for record in records] == [[]] * len(records)
    for store, name in zip(stores, ("one", "two"), strict=True):
        assert {record.key for record in records} <= set(store.list())
        assert files(root / name / ".incoming") == [], "opening the store sweeps what was left behind"
        assert len(list(store.list())) <= len(records) + 1
    return len(records)


STREAMING = """
import resource, sys
from pathlib import Path
from guitai.adapters.keys import Keyring, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import Vault
root = Path(sys.argv[1])
keys = Keyring.create(root / "keyring", Unlock.key(b"k" * 32))
vault = Vault([open_store(str(root / "one")), open_store(str(root / "two"))], keys, "standard")
class Long:
    left = 0
    def read(self, size):
        part = bytes(min(size, self.left))
        self.left -= len(part)
        return part
def seal(size):
    source = Long()
    source.left = size
    sealed = vault.seal("01call", source, role="recording")
    with vault.open(sealed) as stream:
        while stream.read(1 << 20):
            pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small = seal(15_000_000)
print(seal(150_000_000) - small)
"""


def test_memory_does_not_grow_with_the_recording(tmp_path):
    done = run_child(STREAMING, tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 24_000, "KiB more than for a recording a tenth as long"


ROTATING = """
import sys
from pathlib import Path
from guitai.adapters.keys import Keyring, Unlock
keyring = Keyring.open(Path(sys.argv[1]), Unlock.key(b"k" * 32))
print("ready", flush=True)
while True:
    print(keyring.rotate(), flush=True)
"""


def test_a_rotation_killed_at_any_moment_keeps_every_acknowledged_key(tmp_path):
    path = tmp_path / "keyring"
    Keyring.create(path, KEY)
    acknowledged = []
    for round_ in range(4):
        with subprocess.Popen(command(ROTATING, path), env=environment(), stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout.readline() == "ready\n"
            time.sleep(0.01 * round_ + 0.003)
            child.kill()
            acknowledged += child.stdout.read().split("\n")[:-1]
        held = {key.kek_id for key in Keyring.open(path, KEY).keys}
        assert set(acknowledged) <= held
        assert len(held) <= len(acknowledged) + 2 + round_


def test_two_processes_sealing_into_one_folder_do_not_sweep_each_other(tmp_path):
    """A folder opened in the middle of another's write must leave that write alone."""
    keys = Keyring.create(tmp_path / "keyring", KEY)
    vault = Vault([open_store(str(tmp_path / "store"))], keys, "standard")

    class Interrupted:
        def __init__(self):
            self.left = [DATA[:1_000_000], DATA[1_000_000:], b""]

        def read(self, size):
            open_store(str(tmp_path / "store"))
            return self.left.pop(0) if self.left else b""

    sealed = vault.seal("01call", Interrupted(), role="recording")
    assert vault.read(sealed) == DATA
