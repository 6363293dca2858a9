"""The evidence log against pymerkle's durable tree (SQLite), and group commit against one commit for each entry.

Both trees hold the same entries on the same disk and run once unmeasured to warm their caches; the best of some
interleaved rounds counts, so that what else the machine does weighs on both.
"""

import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pymerkle

from benchmarks.result import Result
from guitai.evidence import merkle
from guitai.evidence.log import EvidenceLog
from guitai.evidence.signers import Ed25519Signer

SIZE = 50_000
PROOFS = 500
ROUNDS = 15
APPENDERS, TURNS, TOGETHER = 64, 10, 3
ALONE = 60


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        signer = Ed25519Signer("guitai.bench/log", b"\x01" * 32)
        with EvidenceLog.open(Path(folder) / "log", signer, origin=signer.name) as log:
            peer = pymerkle.SqliteTree(str(Path(folder) / "peer.db"))
            try:
                return [*_proofs(log, peer), *_appends(log)]
            finally:
                peer.con.close()


def _proofs(log: EvidenceLog, peer: pymerkle.SqliteTree) -> list[Result]:
    entries = [b'{"kind":"scorecard","number":%d}' % index for index in range(SIZE)]
    log.append(entries)
    peer.append_entries(entries)
    chance = random.Random(6962)
    chosen = [chance.randrange(SIZE) for _ in range(PROOFS)]
    root = log.root()
    assert root == peer.get_root()

    created = _best(
        lambda: [log.inclusion_proof(index) for index in chosen],
        lambda: [peer.prove_inclusion(index + 1) for index in chosen],
    )
    leaves = [merkle.leaf_hash(entries[index]) for index in chosen]
    ours = [log.inclusion_proof(index) for index in chosen]
    theirs = [peer.prove_inclusion(index + 1) for index in chosen]

    def verify_ours() -> None:
        for leaf, proof in zip(leaves, ours, strict=True):
            assert merkle.verify_inclusion(leaf, proof, root)

    def verify_theirs() -> None:
        for leaf, proof in zip(leaves, theirs, strict=True):
            pymerkle.verify_inclusion(leaf, root, proof)

    verified = _best(verify_ours, verify_theirs)
    work = f"{PROOFS} random entries of {SIZE}"
    return [
        _result("evidence: proof creation", work, created, "pymerkle, SQLite", 15),
        _result("evidence: proof verification", work, verified, "pymerkle", 2.5),
    ]


def _best(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Return both rates, in proofs a second, of the fastest round."""
    times: list[tuple[float, float]] = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        ours()
        middle = time.perf_counter()
        theirs()
        times.append((middle - started, time.perf_counter() - middle))
    warm = times[1:]
    return PROOFS / min(pair[0] for pair in warm), PROOFS / min(pair[1] for pair in warm)


def _appends(log: EvidenceLog) -> list[Result]:
    def append(name: int) -> None:
        for turn in range(TURNS):
            log.append([b"%d %d %d" % (name, turn, part) for part in range(TOGETHER)])

    alone: list[float] = []
    grouped: list[float] = []
    for _ in range(2):
        started = time.perf_counter()
        for index in range(ALONE):
            log.append([b"alone %d" % index])
        alone.append(ALONE / (time.perf_counter() - started))
        threads = [threading.Thread(target=append, args=(name,)) for name in range(APPENDERS)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        grouped.append(APPENDERS * TURNS * TOGETHER / (time.perf_counter() - started))
    queue = [b"queued %d" % index for index in range(APPENDERS * TOGETHER)]
    started = time.perf_counter()
    for _ in range(TURNS):
        log.append(queue)
    queued = TURNS * len(queue) / (time.perf_counter() - started)
    peer = "one commit an entry"
    return [
        _result(
            "evidence: durable appends", f"{len(queue)} entries at once, as inspection empties its queue",
            (queued, max(alone)), peer, 50,
        ),
        _result(
            "evidence: durable appends by many", f"{APPENDERS} appenders, {TOGETHER} entries a call",
            (max(grouped), max(alone)), peer, 50,
        ),
    ]  # fmt: skip


def _result(name: str, workload: str, rates: tuple[float, float], peer_name: str, least: float) -> Result:
    ratio = rates[0] / rates[1]
    return Result(name, workload, rates[0], rates[1], peer_name, "per second", ratio, f"≥ {least}×", ratio >= least)


if __name__ == "__main__":
    for result in run():
        print(result)
