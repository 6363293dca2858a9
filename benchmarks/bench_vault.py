"""Sealing one large recording into one local copy, beside a plain copy of the same file with the same durability.

Peer: the file read and written in 1 MiB pieces, synced, renamed, its folder synced. Ours does that and besides hashes
the original, encrypts, hashes the ciphertext, and reads the copy back from the disk to compare its hash.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.result import Result
from guitai.adapters.keys import Keyring, Unlock
from guitai.adapters.objects import open_store
from guitai.vault import Vault

SIZE = 256 << 20
ROUNDS = 5
BARS = {"standard": 3.0, "sm": 20.0}


def run() -> list[Result]:
    # Beside the repository rather than in /tmp, which may be memory.
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as name:
        folder = Path(name)
        source = folder / "source"
        _write(source)
        return [_measure(folder, source, profile) for profile in BARS]


def _measure(folder: Path, source: Path, profile: str) -> Result:
    keys = Keyring.create(folder / f"{profile}.keyring", Unlock.key(os.urandom(32)), profile=profile)
    vault = Vault([open_store(str(folder / profile))], keys, profile)

    def seal() -> None:
        with source.open("rb", buffering=0) as stream:
            vault.seal("benchmark", stream, role="recording")

    peers: list[float] = []
    ours: list[float] = []
    for _ in range(ROUNDS):
        peers.append(_seconds(lambda: _plain_copy(source, folder / "copy")))
        ours.append(_seconds(seal))
    mine, peer, bar = statistics.median(ours), statistics.median(peers), BARS[profile]
    return Result(
        name=f"vault-seal-{profile}",
        workload=f"one file of {SIZE >> 20} MiB into one local copy, synced",
        ours=mine,
        peer=peer,
        peer_name="plain copy with fsync",
        unit="s",
        ratio=mine / peer,
        bar=f"<= {bar:g}",
        met=mine / peer <= bar,
    )


def _seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _plain_copy(source: Path, target: Path) -> None:
    staged = target.with_suffix(".staged")
    with source.open("rb", buffering=0) as read, staged.open("wb", buffering=0) as write:
        while piece := read.read(1 << 20):
            write.write(piece)
        os.fsync(write.fileno())
    staged.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _write(path: Path) -> None:
    with path.open("wb") as out:
        for _ in range(SIZE >> 20):
            out.write(os.urandom(1 << 20))
        out.flush()
        os.fsync(out.fileno())


if __name__ == "__main__":
    for result in run():
        print(result)
