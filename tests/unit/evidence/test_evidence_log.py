"""What a user of the evidence log relies on."""

import threading
from pathlib import Path

import pytest

from guitai.adapters.sm2.signer import Sm2Signer
from guitai.evidence import merkle
from guitai.evidence.checkpoints import open_checkpoint
from guitai.evidence.errors import (
    CheckpointInvalidError,
    EntryRefusedError,
    EvidenceError,
    LogDamagedError,
    LogRolledBackError,
    LogTruncatedError,
    OutOfRangeError,
)
from guitai.evidence.index import RUN
from guitai.evidence.log import EvidenceLog
from guitai.evidence.ports import Signer
from guitai.evidence.signers import Ed25519Signer

ORIGIN = "guitai.test/log"
ED25519 = Ed25519Signer(ORIGIN, b"\x07" * 32)
PRIVATE, PUBLIC = Sm2Signer.new_key_pair()
SM2 = Sm2Signer(ORIGIN, PRIVATE, PUBLIC)


def opened(path: Path, signer: Signer = ED25519, digest: str = "sha256", **options) -> EvidenceLog:
    return EvidenceLog.open(path / "evidence", signer, digest=digest, origin=ORIGIN, **options)


@pytest.mark.parametrize(("signer", "digest"), [(ED25519, "sha256"), (SM2, "sm3")])
def test_entries_come_back_in_both_profiles(tmp_path: Path, signer: Signer, digest: str) -> None:
    with opened(tmp_path, signer, digest) as log:
        assert log.size == 0
        assert log.append([b"one", b"", b"three"]) == [0, 1, 2]
        assert log.append([]) == []
        assert log.append([b"four"]) == [3]
    with opened(tmp_path, signer, digest) as log:
        assert [log.entry(index) for index in range(log.size)] == [b"one", b"", b"three", b"four"]
        assert log.verify() == []
        checkpoint = log.checkpoint()
        assert checkpoint == open_checkpoint(checkpoint.note, log.key, ORIGIN)
        assert checkpoint.root == merkle.root_of((merkle.leaf_hash(log.entry(i), digest) for i in range(4)), digest)
        proof = log.inclusion_proof(2)
        assert merkle.verify_inclusion(merkle.leaf_hash(b"three", digest), proof, checkpoint.root, digest)
        assert merkle.verify_consistency(log.consistency_proof(3), log.root(3), checkpoint.root, digest)


def test_checkpoint_reads_as_c2sp_says(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([b"x"])
        text = log.checkpoint().note.decode()
    origin, size, root, blank, signature, end = text.split("\n")
    assert (origin, size, blank, end) == (ORIGIN, "1", "", "")
    assert len(root) == 44
    assert signature.startswith(f"— {ORIGIN} ")


def test_proofs_of_every_size_of_a_log_with_blocks_of_hashes(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        for start in range(0, 200, 40):
            log.append([b"%d" % index for index in range(start, start + 40)])
        for size in (1, 63, 64, 65, 127, 128, 129, 199, 200):
            root = log.root(size)
            for index in range(0, size, 7):
                leaf = merkle.leaf_hash(log.entry(index))
                assert merkle.verify_inclusion(leaf, log.inclusion_proof(index, size), root)
            assert merkle.verify_consistency(log.consistency_proof(size), root, log.root())


def test_find_survives_a_restart_and_gives_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([b"a", b"b", b"a"])
        assert (log.find(b"a"), log.find(b"b"), log.find(b"c")) == (0, 1, None)
    with opened(tmp_path) as log:
        assert (log.find(b"a"), log.find(b"c")) == (0, None)
        log.append([b"c"])
        assert log.find(b"c") == 3


def test_find_in_a_log_of_several_runs(tmp_path: Path) -> None:
    entries = [b"%d" % index for index in range(RUN + 10)]
    entries[RUN + 3] = b"5"
    with opened(tmp_path) as log:
        log.append(entries)
        wanted = [0, 5, RUN - 1, RUN, RUN + 9]
        assert [log.find(entries[index]) for index in wanted] == wanted
        assert (log.find(b"5"), log.find(b"absent")) == (5, None)
        run = tmp_path / "evidence" / "index" / "00000000"
        damaged = bytearray(run.read_bytes())
        damaged[12345] ^= 1
        run.write_bytes(damaged)
        assert [problem.subject for problem in log.verify()] == ["index/00000000"]
    with opened(tmp_path) as log:
        assert log.find(entries[RUN - 1]) == RUN - 1
        assert log.verify() == []


def test_concurrent_appenders_each_get_their_own_indices(tmp_path: Path) -> None:
    got: dict[int, bytes] = {}
    with opened(tmp_path) as log:

        def work(name: int) -> None:
            for turn in range(5):
                batch = [b"%d/%d/%d" % (name, turn, part) for part in range(3)]
                got.update(zip(log.append(batch), batch, strict=True))

        threads = [threading.Thread(target=work, args=(name,)) for name in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == list(range(180))
        assert all(log.entry(index) == entry for index, entry in got.items())
        assert log.verify() == []


def test_two_openings_see_each_other(tmp_path: Path) -> None:
    with opened(tmp_path) as first, opened(tmp_path) as second:
        assert first.append([b"a"]) == [0]
        assert second.append([b"b"]) == [1]
        assert first.entry(1) == b"b"
        assert first.append([b"c"]) == [2]
        assert second.find(b"c") == 2
        assert second.inclusion_proof(0).size == 3


def test_what_lies_outside_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([b"a"])
        for wrong in (
            lambda: log.entry(1),
            lambda: log.entry(-1),
            lambda: log.inclusion_proof(1),
            lambda: log.inclusion_proof(0, 2),
            lambda: log.inclusion_proof(0, 0),
            lambda: log.consistency_proof(2),
        ):
            with pytest.raises(OutOfRangeError):
                wrong()
        with pytest.raises(EntryRefusedError):
            log.append([b"x" * ((1 << 20) + 1)])
        assert log.size == 1


def test_another_key_origin_or_hash_does_not_open_the_log(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(CheckpointInvalidError, match="not signed by the key"):
        opened(tmp_path, Ed25519Signer(ORIGIN, b"\x08" * 32))
    with pytest.raises(CheckpointInvalidError, match="another log"):
        EvidenceLog.open(tmp_path / "evidence", ED25519, origin="guitai.test/other")
    with pytest.raises(CheckpointInvalidError, match="hashed with sha256"):
        opened(tmp_path, digest="sm3")


@pytest.mark.parametrize("name", ["entries", "offsets", "hashes"])
@pytest.mark.parametrize("how", ["cut", "empty", "gone"])
def test_truncation_is_named(tmp_path: Path, name: str, how: str) -> None:
    with opened(tmp_path) as log:
        log.append([b"some entry %d" % index for index in range(9)])
        path = tmp_path / "evidence" / name
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-1] if how == "cut" else b"")
        problems = log.verify()
        assert any(name in problem.subject or name in problem.message for problem in problems), problems
        assert {problem.code for problem in problems} <= {"log-truncated", "file-missing"}
    with pytest.raises(LogTruncatedError, match=name):
        opened(tmp_path)


def test_a_missing_checkpoint_is_named_not_replaced(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        log.append([b"a"])
        (tmp_path / "evidence" / "checkpoint").unlink()
        assert [problem.code for problem in log.verify()] == ["checkpoint-missing"]
        with pytest.raises(CheckpointInvalidError):
            log.append([b"b"])
    with pytest.raises(CheckpointInvalidError, match="missing"):
        opened(tmp_path)


def test_a_log_set_back_is_found_when_a_later_state_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    with opened(tmp_path) as log:
        log.append([b"a", b"b"])
        old = {path.name: path.read_bytes() for path in folder.iterdir()}
        log.append([b"c"])
        known = (log.size, log.root())
        assert log.verify(known) == []
    opened(tmp_path, known=known).close()
    for name, data in old.items():
        (folder / name).write_bytes(data)
    with opened(tmp_path) as log:
        assert log.verify() == []
        assert [problem.code for problem in log.verify(known)] == ["log-rolled-back"]
        log.append([b"another third"])
        assert [problem.code for problem in log.verify(known)] == ["log-rolled-back"]
    with pytest.raises(LogRolledBackError):
        opened(tmp_path, known=known)


def test_a_checkpoint_set_back_costs_nothing_when_a_later_state_is_known(tmp_path: Path) -> None:
    path = tmp_path / "evidence" / "checkpoint"
    with opened(tmp_path) as log:
        log.append([b"a"])
        old = path.read_bytes()
        log.append([b"b"])
        new, known = path.read_bytes(), (log.size, log.root())
    path.write_bytes(old)
    with pytest.raises(LogRolledBackError, match="once longer"):
        opened(tmp_path, known=known)
    path.write_bytes(new)
    with opened(tmp_path, known=known) as log:
        assert log.entry(1) == b"b"


def test_closing_twice_is_harmless_and_a_closed_log_refuses(tmp_path: Path) -> None:
    log = opened(tmp_path)
    log.close()
    log.close()
    with pytest.raises(EvidenceError, match="closed"):
        log.append([b"a"])
    with pytest.raises(EvidenceError, match="closed"):
        log.entry(0)


def test_a_log_set_back_while_it_is_open_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    with opened(tmp_path) as log:
        log.append([b"a"])
        old = (folder / "checkpoint").read_bytes()
        log.append([b"b"])
        (folder / "checkpoint").write_bytes(old)
        with pytest.raises(LogRolledBackError):
            log.append([b"c"])


def test_every_flipped_byte_is_found_and_named(tmp_path: Path) -> None:
    """No byte of any file is without a check; the entry altered is the one that is named."""
    folder = tmp_path / "evidence"
    with opened(tmp_path) as log:
        log.append([b"entry number %d" % index for index in range(6)])
        frame = 8 + len(b"entry number 0")
        for path in sorted(folder.iterdir()):
            whole = path.read_bytes()
            for position in range(len(whole)):
                path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x20]) + whole[position + 1 :])
                problems = log.verify()
                subjects = [problem.subject for problem in problems]
                if path.name == "entries":
                    assert subjects == [f"entry {position // frame}"]
                elif path.name == "offsets":
                    assert subjects == [f"offset {position // 8}"]
                elif path.name == "hashes":
                    assert [problem.code for problem in problems] == ["hash-damaged"]
                else:
                    assert subjects == ["checkpoint"]
            path.write_bytes(whole)
        assert log.verify() == []


def test_an_entry_changed_together_with_its_checksum_is_named(tmp_path: Path) -> None:
    from guitai.evidence.store import frame

    path = tmp_path / "evidence" / "entries"
    with opened(tmp_path) as log:
        log.append([b"score 10", b"score 20", b"score 30"])
        path.write_bytes(path.read_bytes().replace(frame(b"score 20"), frame(b"score 99")))
        problems = log.verify()
        assert [(problem.code, problem.subject) for problem in problems] == [("entry-changed", "entry 1")]
        with pytest.raises(LogDamagedError, match="entry 1"):
            log.entry(1)


def test_a_log_rewritten_throughout_does_not_fit_its_signature(tmp_path: Path) -> None:
    with opened(tmp_path / "true") as log, opened(tmp_path / "false") as other:
        log.append([b"score 10", b"score 20"])
        other.append([b"score 10", b"score 99"])
        for name in ("entries", "offsets", "hashes"):
            (tmp_path / "true" / "evidence" / name).write_bytes((tmp_path / "false" / "evidence" / name).read_bytes())
        assert [problem.code for problem in log.verify()] == ["root-mismatch"]
    with pytest.raises(LogDamagedError, match="root"):
        opened(tmp_path / "true")


def test_a_stranger_in_the_folder_is_named(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        (tmp_path / "evidence" / "notes.txt").write_text("x")
        (tmp_path / "evidence" / "index").mkdir()
        (tmp_path / "evidence" / "index" / "00000007").write_text("x")
        assert [problem.subject for problem in log.verify()] == ["index/00000007", "notes.txt"]
