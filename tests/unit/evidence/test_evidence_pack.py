"""A pack proves what it holds, to anyone with Python and `cryptography`, and shows the least change."""

import io
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import cffi
import cryptography
import pytest

from guitai.adapters.sm2.signer import Sm2Signer
from guitai.evidence import layout, verify
from guitai.evidence.archive import read_archive, write_archive
from guitai.evidence.digests import digest_text
from guitai.evidence.entries import AuditEntry, RecordingEntry, ScorecardEntry, TranscriptEntry, encode_entry
from guitai.evidence.errors import PackInvalidError, PackRefusedError
from guitai.evidence.log import EvidenceLog
from guitai.evidence.pack import PackContents, build_pack
from guitai.evidence.pack_check import verify_pack
from guitai.evidence.ports import Signer
from guitai.evidence.signers import Ed25519Signer

ORIGIN = "guitai.test/pack"
ED25519 = Ed25519Signer(ORIGIN, b"\x07" * 32)
PRIVATE, PUBLIC = Sm2Signer.new_key_pair()
SM2 = Sm2Signer(ORIGIN, PRIVATE, PUBLIC)
WAV, SEALED, METADATA, CARD = b"RIFF" + bytes(range(200)), b"sealed bytes", b'{"caller":"138****5678"}', b'{"total":90}'
TRANSCRIPT = '{"text":"您好,我的卡丢了"}'.encode()


def logged(path: Path, signer: Signer = ED25519, digest: str = "sha256") -> EvidenceLog:
    log = EvidenceLog.open(path / "evidence", signer, digest=digest, origin=ORIGIN)
    texts = [digest_text(digest, data) for data in (WAV, SEALED, METADATA, CARD, TRANSCRIPT)]
    entries = [
        AuditEntry(1, 5, "sha256:00"),
        RecordingEntry("r1", texts[0], texts[1], texts[2], "AES-256-GCM", "2026-11-22T08:00:00Z"),
        RecordingEntry("r2", texts[0], texts[1], texts[2], "AES-256-GCM", "2026-11-22T08:00:01Z"),
        TranscriptEntry("r1", "sha256:11", texts[4], ("whisper-base@sha256:22",)),
        ScorecardEntry("r1", "bank", "3", texts[3]),
    ]
    log.append([encode_entry(entry) for entry in entries])
    return log


def contents(**changes) -> PackContents:
    usual = {"recording_id": "r1", "recording": WAV, "metadata": METADATA, "entries": (1, 3, 4), "suffix": ".wav"}
    return PackContents(**usual | {"transcript": TRANSCRIPT, "scorecard": CARD} | changes)


def built(path: Path, log: EvidenceLog, **changes) -> Path:
    out = path / "pack.zip"
    build_pack(out, contents(**changes), log)
    return out


def members(pack: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(pack) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def failure(pack: Path) -> str:
    report = verify_pack(pack, key=verify.parse_key(ED25519.verifier))
    assert not report.sound
    return report.findings[-1].english


@pytest.mark.parametrize(("signer", "digest"), [(ED25519, "sha256"), (SM2, "sm3")])
def test_a_pack_holds_what_was_put_in_and_stands(tmp_path: Path, signer: Signer, digest: str) -> None:
    recording = tmp_path / "call.wav"
    recording.write_bytes(WAV)
    with logged(tmp_path, signer, digest) as log:
        pack = built(tmp_path, log, recording=recording)
        assert verify_pack(pack, key=log.key).sound
    held = dict(members(pack))
    assert held["recording/original.wav"] == WAV
    assert held["transcript.json"] == TRANSCRIPT
    assert "证据包说明" in held["README.txt"].decode()
    assert list(held) == ["manifest.txt", *sorted(set(held) - {"manifest.txt"})]


def test_the_same_contents_give_the_same_bytes(tmp_path: Path) -> None:
    with logged(tmp_path) as log:
        assert built(tmp_path, log).read_bytes() == built(tmp_path, log).read_bytes()


def test_a_sealed_pack_stands_without_the_original(tmp_path: Path) -> None:
    with logged(tmp_path) as log:
        pack = built(tmp_path, log, recording=SEALED, sealed=True, transcript=None, scorecard=None, entries=(1,))
    assert verify_pack(pack).sound
    assert "recording/sealed.bin" in dict(members(pack))


@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.slow)])
def test_every_flipped_byte_is_found(tmp_path: Path, step: int) -> None:
    """Contents, headers, directory, end: there is no byte that may change."""
    with logged(tmp_path) as log:
        pack = built(tmp_path, log)
    whole = pack.read_bytes()
    key = verify.parse_key(ED25519.verifier)
    for position in range(0, len(whole), step):
        pack.write_bytes(whole[:position] + bytes([whole[position] ^ (1 << position % 8)]) + whole[position + 1 :])
        assert not verify_pack(pack, key=key).sound, position
    pack.write_bytes(whole)
    assert verify_pack(pack, key=key).sound


def test_a_change_is_named_by_its_file(tmp_path: Path) -> None:
    with logged(tmp_path) as log:
        pack = built(tmp_path, log)
    whole = pack.read_bytes()
    with pack.open("rb") as file:
        places = read_archive(file)
    for member in places:
        pack.write_bytes(whole[: member.offset] + bytes([whole[member.offset] ^ 1]) + whole[member.offset + 1 :])
        assert failure(pack).startswith(f"{member.name}:")


def test_a_change_with_mended_checksums_is_named(tmp_path: Path) -> None:
    with logged(tmp_path) as log:
        pack = built(tmp_path, log)
    files = members(pack)
    for place, (name, data) in enumerate(files):
        write_archive(
            pack, [(n, [d]) for n, d in [*files[:place], (name, data[:-2] + b"~" + data[-1:]), *files[place + 1 :]]]
        )
        assert failure(pack).startswith(f"{name}:")


def test_added_removed_repeated_moved_and_renamed_files_are_found(tmp_path: Path) -> None:
    with logged(tmp_path) as log:
        pack = built(tmp_path, log)
    files = [(name, [data]) for name, data in members(pack)]
    write_archive(pack, [*files, ("extra.txt", [b"x"])])
    assert failure(pack).startswith("extra.txt:")
    write_archive(pack, [file for file in files if file[0] != "scorecard.json"])
    assert failure(pack).startswith("scorecard.json:")
    write_archive(pack, [file for file in files if file[0] != "manifest.txt"])
    assert failure(pack).startswith("manifest.txt:")
    write_archive(pack, [file for file in files if file[0] != "keys/log.vkey"])
    assert failure(pack).startswith("keys/log.vkey:")
    write_archive(pack, [*files, files[-1]])
    assert "twice" in failure(pack)
    write_archive(pack, [files[0], *reversed(files[1:])])
    assert "order of files" in failure(pack)
    write_archive(pack, [(name.replace("scorecard", "scorecart"), data) for name, data in files])
    assert "scorecart.json" in failure(pack)
    write_archive(pack, [])
    assert failure(pack).startswith("keys/log.vkey:")


def test_bytes_around_the_archive_are_found(tmp_path: Path) -> None:
    with logged(tmp_path) as log:
        pack = built(tmp_path, log)
    whole = pack.read_bytes()
    comment = whole[:-2] + b"\x05\x00hello"
    central = whole.index(b"PK\x01\x02")
    for altered in (
        whole + b"\0",
        b"\0" + whole,
        comment,
        whole[:-1],
        whole[:central] + b"slack" + whole[central:],
        b"",
    ):
        pack.write_bytes(altered)
        assert not verify_pack(pack).sound


def test_the_same_files_zipped_anew_are_not_the_pack(tmp_path: Path) -> None:
    """Compressed streams can hide bytes: only the stored form is valid."""
    with logged(tmp_path) as log:
        pack = built(tmp_path, log)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members(pack):
            archive.writestr(name, data)
    pack.write_bytes(buffer.getvalue())
    assert not verify_pack(pack).sound


def test_a_pack_signed_anew_with_another_key_is_found_when_the_key_is_pinned(tmp_path: Path) -> None:
    forger = Ed25519Signer(ORIGIN, b"\x66" * 32)
    with logged(tmp_path, forger) as log:
        pack = built(tmp_path, log)
    report = verify_pack(pack)
    assert report.sound
    assert "not pinned" in report.remarks[0].english
    assert failure(pack).startswith("keys/log.vkey:")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"recording": WAV + b"\0"}, "recording/original.wav"),
        ({"recording": SEALED[:-1], "sealed": True}, "recording/sealed.bin"),
        ({"metadata": b"{}"}, "recording/metadata.json"),
        ({"scorecard": b"{}"}, "scorecard.json"),
        ({"entries": (1, 3)}, "scorecard.json"),
        ({"entries": (3, 4)}, "recording"),
        ({"entries": (1, 2, 4)}, "another recording"),
        ({"recording_id": "r9"}, "another recording"),
        ({"suffix": "/../x"}, "cannot be a name"),
        ({"suffix": ".toolongsuffix"}, "does not belong"),
    ],
)
def test_contents_that_do_not_fit_the_log_make_no_pack(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    with logged(tmp_path) as log, pytest.raises(PackRefusedError, match=named):
        built(tmp_path, log, **changes)
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]


def test_manifest_and_proofs_are_read_strictly() -> None:
    with pytest.raises(PackInvalidError):
        layout.parse_manifest("guitai evidence pack v1\nrecording r1\nsha256:00 b\nsha256:00 a\n")
    for data in (b"", b"{}", b"[]", b'{"consistency":[],"inclusion":[1]}', b'{"consistency": [],"inclusion":[]}'):
        with pytest.raises(PackInvalidError):
            layout.decode_proofs(data)


def test_the_command_says_what_it_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with logged(tmp_path) as log:
        pack = built(tmp_path, log)
    assert verify.main([str(pack), "--key", ED25519.verifier]) == 0
    said = capsys.readouterr().out
    assert "Entry 1 (recording) is in the log" in said
    assert "证据包完整" in said
    assert verify.main([str(pack), "--key", SM2.verifier]) == 1
    assert "another key" in capsys.readouterr().out
    assert verify.main([str(tmp_path / "absent.zip")]) == 2
    for wrong in (["--key", "nonsense"], ["--tsa-ca", "absent.pem"]):
        with pytest.raises(SystemExit) as left:
            verify.main([str(pack), *wrong])
        assert left.value.code == 2


def test_the_verifier_runs_with_the_standard_library_and_cryptography_alone(tmp_path: Path) -> None:
    with logged(tmp_path, SM2, "sm3") as log:
        pack = built(tmp_path, log)
    site = tmp_path / "site"
    site.mkdir()
    installed = Path(cryptography.__file__).parent.parent
    for needed in (installed / "cryptography", Path(cffi.__file__).parent, *installed.glob("_cffi_backend*")):
        (site / needed.name).symlink_to(needed)
    (site / "guitai").symlink_to(Path(verify.__file__).parent.parent)
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        RUN,
        str(site),
        sysconfig.get_path("stdlib"),
        str(pack),
        "--key",
        SM2.verifier,
    ]
    done = subprocess.run(command, capture_output=True, check=False, env={"PATH": os.environ["PATH"]})
    assert (done.returncode, done.stderr) == (0, b"")
    assert "The pack is whole" in done.stdout.decode()
    pack.write_bytes(pack.read_bytes()[:-1])
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


RUN = """
import runpy, sys
site, stdlib = sys.argv[1], sys.argv[2]
sys.path[:] = [site, *(path for path in sys.path if path.startswith(stdlib) and "-packages" not in path)]
sys.argv[1:] = sys.argv[3:]
before = set(sys.modules)
try:
    runpy.run_module("guitai.evidence.verify", run_name="__main__")
finally:
    roots = {name.partition(".")[0] for name in set(sys.modules) - before}
    strange = roots - set(sys.stdlib_module_names) - {"guitai", "cryptography", "cffi", "_cffi_backend"}
    assert not {name for name in strange if not name.startswith("_")}, strange
"""
