"""Checks an evidence pack to the last byte, in the order in which one thing rests on another."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cryptography import x509

from guitai.evidence import layout, merkle
from guitai.evidence.archive import Member, chunks, read_archive
from guitai.evidence.checkpoints import Checkpoint, open_checkpoint
from guitai.evidence.digests import digest_text, sha256
from guitai.evidence.entries import Entry, RecordingEntry, ScorecardEntry, TranscriptEntry, decode_entry
from guitai.evidence.errors import EvidenceError, PackInvalidError
from guitai.evidence.notes import VerifierKey, open_note, parse_key
from guitai.evidence.tokens import read_token, trusted_by


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, in both languages; `good` False: it does not hold."""

    good: bool
    chinese: str
    english: str


@dataclass(slots=True)
class Report:
    """All that was checked; `remarks` are what the reader must know besides."""

    findings: list[Finding] = field(default_factory=list[Finding])
    remarks: list[Finding] = field(default_factory=list[Finding])

    @property
    def sound(self) -> bool:
        """Say whether everything checked holds."""
        return bool(self.findings) and all(finding.good for finding in self.findings)

    def good(self, chinese: str, english: str) -> None:
        """Note what holds."""
        self.findings.append(Finding(good=True, chinese=chinese, english=english))

    def remark(self, chinese: str, english: str) -> None:
        """Note what was not checked."""
        self.remarks.append(Finding(good=True, chinese=chinese, english=english))


def verify_pack(path: Path, *, key: VerifierKey | None = None, roots: Sequence[x509.Certificate] = ()) -> Report:
    """Check a pack to the last byte; `key` (the log's) and `roots` (timestamp authorities) are known from elsewhere.

    Stops at the first thing that does not hold, since what follows rests on it.
    """
    report = Report()
    try:
        with path.open("rb") as file:
            _Pack(file, report).check(key, roots)
    except EvidenceError as invalid:
        words = f"{invalid.message} {invalid.hint}".strip()
        report.findings.append(Finding(good=False, chinese=f"核验不通过:{words}", english=words))
    return report


class _Pack:
    def __init__(self, file: BinaryIO, report: Report) -> None:
        self._file = file
        self._report = report
        self._members: dict[str, Member] = {member.name: member for member in read_archive(file)}

    def check(self, pinned: VerifierKey | None, roots: Sequence[x509.Certificate]) -> None:
        key = self._key(pinned)
        recording_id = self._manifest(key)
        checkpoint = self._checkpoint(key)
        included, consistent = self._proofs()
        self._contents(self._entries(checkpoint, included, recording_id))
        self._timestamps(checkpoint, consistent, key, roots)

    def _key(self, pinned: VerifierKey | None) -> VerifierKey:
        with _naming(layout.KEY):
            key = parse_key(self._read(layout.KEY).decode(errors="replace").removesuffix("\n"))
        if pinned is None:
            self._report.remark(
                f"未指定存证公钥:以下结论以包内公钥 {key} 属于该机构为前提,请向该机构另行核对,或用 --key 指定。",
                f"The log's key was not pinned: all below holds only if the pack's own key {key} is the institution's. "
                "Ask it by another way, and give the key with --key.",
            )
        elif pinned != key:
            raise PackInvalidError(f"{layout.KEY}: the pack is signed with another key than the one given with --key")
        else:
            self._report.good("公钥与指定的一致", "The pack's key is the one given with --key")
        return key

    def _manifest(self, key: VerifierKey) -> str:
        with _naming(layout.MANIFEST):
            manifest = layout.parse_manifest(open_note(self._read(layout.MANIFEST), key))
        if list(self._members) != [layout.MANIFEST, *sorted(manifest.digests)]:
            differing = set(self._members) ^ {layout.MANIFEST, *manifest.digests}
            names = ", ".join(sorted(differing)) or "the order of files"
            raise PackInvalidError(f"{names}: the pack does not hold exactly the files of its manifest")
        for name, digest in manifest.digests.items():
            if not layout.belongs(name):
                raise PackInvalidError(f"{name}: such a file does not belong in a pack")
            self._require_digest(name, digest, layout.MANIFEST)
        self._report.good(
            f"清单由 {key.name} 签名({key.algorithm}),{len(manifest.digests)} 个文件逐字节相符",
            f"The manifest is signed by {key.name} ({key.algorithm}); all {len(manifest.digests)} files match it",
        )
        return manifest.recording_id

    def _checkpoint(self, key: VerifierKey) -> Checkpoint:
        with _naming(layout.CHECKPOINT):
            checkpoint = open_checkpoint(self._read(layout.CHECKPOINT), key)
        self._report.good(
            f"存证日志检查点签名有效,日志共 {checkpoint.size} 条",
            f"The checkpoint of the log {checkpoint.origin} is signed; the log has {checkpoint.size} entries",
        )
        return checkpoint

    def _proofs(self) -> tuple[list[merkle.InclusionProof], list[merkle.ConsistencyProof]]:
        with _naming(layout.PROOFS):
            return layout.decode_proofs(self._read(layout.PROOFS))

    def _entries(
        self, checkpoint: Checkpoint, proofs: Sequence[merkle.InclusionProof], recording_id: str
    ) -> list[Entry]:
        """Return the pack's entries, each proven to be in the log and to be of this recording."""
        entries: list[Entry] = []
        by_name = {layout.entry_name(proof.index): proof for proof in proofs}
        names = [name for name in self._members if layout.ENTRY.fullmatch(name)]
        if names != list(by_name):
            raise PackInvalidError(f"{layout.PROOFS}: it does not prove exactly the entries in the pack")
        for name, proof in by_name.items():
            data = self._read(name)
            leaf = merkle.leaf_hash(data, checkpoint.digest)
            included = merkle.verify_inclusion(leaf, proof, checkpoint.root, checkpoint.digest)
            if proof.size != checkpoint.size or not included:
                raise PackInvalidError(f"{name}: the log's checkpoint does not contain this entry")
            with _naming(name):
                entry = decode_entry(data)
            if getattr(entry, "recording_id", recording_id) != recording_id:
                raise PackInvalidError(f"{name}: the entry is about another recording")
            self._report.good(
                f"第 {proof.index} 条存证({entry.kind})确在日志之中",
                f"Entry {proof.index} ({entry.kind}) is in the log",
            )
            entries.append(entry)
        return entries

    def _contents(self, entries: Sequence[Entry]) -> None:
        """Compare recording, metadata and scorecard with the digests that the log holds."""
        recordings = [entry for entry in entries if isinstance(entry, RecordingEntry)]
        files = [name for name in self._members if name == layout.SEALED or layout.ORIGINAL.fullmatch(name)]
        if len(recordings) != 1 or len(files) != 1:
            raise PackInvalidError("recording: the pack must hold one recording and its one entry in the log")
        (entry,), (name,) = recordings, files
        sealed = name == layout.SEALED
        self._require_digest(name, entry.ciphertext_digest if sealed else entry.original_digest, "the log")
        self._require_digest(layout.METADATA, entry.metadata_digest, "the log")
        self._report.good(
            f"{'密文' if sealed else '录音原件'}与元数据同 {entry.sealed_at} 存证的一致",
            f"The {'sealed' if sealed else 'original'} recording and the metadata are as sealed at {entry.sealed_at}",
        )
        if layout.SCORECARD in self._members:
            logged = [card.scorecard_digest for card in entries if isinstance(card, ScorecardEntry)]
            if not any(self._has_digest(layout.SCORECARD, digest) for digest in logged):
                raise PackInvalidError(f"{layout.SCORECARD}: no entry of the log has this scorecard's digest")
            self._report.good("评分表与存证的一致", "The scorecard is the one in the log")
        if layout.TRANSCRIPT in self._members:
            masked = [heard.masked_digest for heard in entries if isinstance(heard, TranscriptEntry)]
            if not any(self._has_digest(layout.TRANSCRIPT, digest) for digest in masked):
                raise PackInvalidError(f"{layout.TRANSCRIPT}: no entry of the log has this masked transcript's digest")
            self._report.good("脱敏文字稿与存证的一致", "The masked transcript is the one in the log")

    def _timestamps(
        self,
        checkpoint: Checkpoint,
        proofs: Sequence[merkle.ConsistencyProof],
        key: VerifierKey,
        roots: Sequence[x509.Certificate],
    ) -> None:
        """Check that each timestamped checkpoint begins the log, and its token."""
        names = [name for name in self._members if layout.STAMPED.fullmatch(name)]
        if names != [layout.stamped_name(proof.old) for proof in proofs]:
            raise PackInvalidError(
                f"{layout.PROOFS}: it does not prove exactly the timestamped checkpoints in the pack"
            )
        if not names:
            self._report.remark(
                "包内没有时间戳:存证时间只由本机构声明。",
                "No timestamp: when it was sealed rests on the institution's word.",
            )
        for name, proof in zip(names, proofs, strict=True):
            with _naming(name):
                stamped = open_checkpoint(self._read(name), key, checkpoint.origin)
            begins = merkle.verify_consistency(proof, stamped.root, checkpoint.root, checkpoint.digest)
            if (stamped.size, checkpoint.size) != (proof.old, proof.new) or not begins:
                raise PackInvalidError(f"{name}: the timestamped checkpoint is not an earlier state of this log")
            self._token(layout.token_name(proof.old), stamped, roots)

    def _token(self, name: str, stamped: Checkpoint, roots: Sequence[x509.Certificate]) -> None:
        with _naming(name):
            token = read_token(self._read(name))
        if token.digest != sha256(stamped.note):
            raise PackInvalidError(f"{name}: the timestamp is of something else")
        if roots and not trusted_by(token, roots):
            raise PackInvalidError(f"{name}: the timestamp's signer is not certified by the authority given")
        moment = token.time.isoformat()
        self._report.good(
            f"时间戳:{token.authority} 证明前 {stamped.size} 条存证不晚于 {moment}",
            f"Timestamp: {token.authority} says the first {stamped.size} entries existed by {moment}",
        )
        if not roots:
            self._report.remark(
                "未指定时间戳机构的根证书(--tsa-ca):时间戳签名有效,但签名者身份未经核对。",
                "No authority's certificate was given (--tsa-ca): the timestamp is signed, by whom was not checked.",
            )

    def _read(self, name: str) -> bytes:
        if name not in self._members:
            raise PackInvalidError(f"{name}: the file is missing")
        return b"".join(chunks(self._file, self._members[name]))

    def _has_digest(self, name: str, digest: str) -> bool:
        if name not in self._members:
            raise PackInvalidError(f"{name}: the file is missing")
        return digest_text(digest.partition(":")[0], chunks(self._file, self._members[name])) == digest

    def _require_digest(self, name: str, digest: str, source: str) -> None:
        with _naming(name):
            same = self._has_digest(name, digest)
        if not same:
            raise PackInvalidError(f"{name}: the file is not the one whose digest is in {source}")


@contextmanager
def _naming(name: str) -> Generator[None]:
    """Make every error say which file of the pack it is about."""
    try:
        yield
    except EvidenceError as invalid:
        known = invalid.message.startswith(f"{name}:")
        raise PackInvalidError(invalid.message if known else f"{name}: {invalid.message}", hint=invalid.hint) from None
