"""Builds the evidence pack: one zip that a court can check without us."""

import importlib.resources
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from guitai.evidence import layout
from guitai.evidence.archive import CHUNK, write_archive
from guitai.evidence.digests import digest_text
from guitai.evidence.errors import PackRefusedError
from guitai.evidence.log import EvidenceLog
from guitai.evidence.pack_check import verify_pack


@dataclass(frozen=True, slots=True)
class PackContents:
    """What goes into a pack.

    `recording` is the original file, bit for bit (`suffix` its ending, such as `.wav`), or, if `sealed`, its sealed
    bytes. `metadata` and `scorecard` are the very bytes whose digests were logged; `transcript` is the masked one.
    `entries` are the indices, in the log, of this recording's entries.
    """

    recording_id: str
    recording: Path | bytes
    metadata: bytes
    entries: tuple[int, ...]
    suffix: str = ""
    sealed: bool = False
    transcript: bytes | None = None
    scorecard: bytes | None = None


def build_pack(out: Path, contents: PackContents, log: EvidenceLog) -> None:
    """Write the pack to `out` and verify it; raise PackRefusedError where the contents do not fit the log.

    The same contents and state of the log give the same bytes with an Ed25519 key; SM2 signatures are random.
    """
    files = dict(sorted(_files(contents, log).items()))
    digests = {name: digest_text(log.digest, _pieces(data)) for name, data in files.items()}
    manifest = log.sign(layout.Manifest(contents.recording_id, digests).text())
    write_archive(out, ((name, _pieces(data)) for name, data in ((layout.MANIFEST, manifest), *files.items())))
    report = verify_pack(out, key=log.key)
    if not report.sound:
        out.unlink()
        failures = "; ".join(finding.english for finding in report.findings if not finding.good)
        raise PackRefusedError(
            f"the pack would not stand up: {failures}", hint="Verify the evidence log and the vault."
        )


def _files(contents: PackContents, log: EvidenceLog) -> dict[str, bytes | Path]:
    checkpoint = log.checkpoint()
    recording = layout.SEALED if contents.sealed else f"recording/original{contents.suffix.lower()}"
    files: dict[str, bytes | Path] = {
        layout.README: importlib.resources.files("guitai.evidence").joinpath("pack-readme.txt").read_bytes(),
        layout.KEY: f"{log.key}\n".encode(),
        layout.CHECKPOINT: checkpoint.note,
        recording: contents.recording,
        layout.METADATA: contents.metadata,
    }
    optional = {layout.TRANSCRIPT: contents.transcript, layout.SCORECARD: contents.scorecard}
    files |= {name: data for name, data in optional.items() if data is not None}
    files |= {layout.entry_name(index): log.entry(index) for index in contents.entries}
    stamps = [stamp for stamp in log.timestamps() if stamp.checkpoint.size > max(contents.entries, default=0)]
    for stamp in stamps[:1]:
        files[layout.stamped_name(stamp.checkpoint.size)] = stamp.checkpoint.note
        files[layout.token_name(stamp.checkpoint.size)] = stamp.token
    files[layout.PROOFS] = layout.encode_proofs(
        [log.inclusion_proof(index, checkpoint.size) for index in sorted(contents.entries)],
        [log.consistency_proof(stamp.checkpoint.size, checkpoint.size) for stamp in stamps[:1]],
    )
    return files


def _pieces(data: bytes | Path) -> Iterable[bytes]:
    return (data,) if isinstance(data, bytes) else _read(data)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
