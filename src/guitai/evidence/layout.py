"""What stands where in an evidence pack, and its manifest: shared by the builder and the verifier."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from guitai.evidence.errors import PackInvalidError
from guitai.evidence.merkle import ConsistencyProof, InclusionProof
from guitai.kernel.canonical import canonical_json

MANIFEST = "manifest.txt"
README = "README.txt"
KEY = "keys/log.vkey"
CHECKPOINT = "evidence/checkpoint.txt"
PROOFS = "evidence/proofs.json"
METADATA = "recording/metadata.json"
SEALED = "recording/sealed.bin"
TRANSCRIPT = "transcript.json"
SCORECARD = "scorecard.json"
ORIGINAL = re.compile(r"recording/original(\.[a-z0-9]{1,8})?")
ENTRY = re.compile(r"evidence/entries/(\d{12})\.json")
STAMPED = re.compile(r"evidence/timestamps/(\d{12})\.checkpoint")
_TOKEN = re.compile(r"evidence/timestamps/\d{12}\.tsr")
_FIXED = (README, KEY, CHECKPOINT, PROOFS, METADATA, SEALED, TRANSCRIPT, SCORECARD)
_HEADING = "guitai evidence pack v1"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Whose pack it is, and each file's digest (`sha256:<hex>` or `sm3:<hex>`)."""

    recording_id: str
    digests: Mapping[str, str]

    def text(self) -> str:
        """Return the text that is signed: never that of a checkpoint, whose second line is a number."""
        lines = [f"{digest} {name}" for name, digest in sorted(self.digests.items())]
        return "\n".join((_HEADING, f"recording {self.recording_id}", *lines, ""))


def parse_manifest(text: str) -> Manifest:
    """Return the manifest that `text` is; raise PackInvalidError otherwise."""
    lines = [*text.split("\n"), ""]
    digests = {name: digest for digest, _, name in (line.partition(" ") for line in lines[2:] if line)}
    manifest = Manifest(lines[1].removeprefix("recording "), digests)
    if manifest.text() != text:
        raise PackInvalidError(f"{MANIFEST}: the signed text is no manifest of a pack")
    return manifest


def belongs(name: str) -> bool:
    """Say whether a pack may hold a file of this name."""
    return name in _FIXED or any(form.fullmatch(name) for form in (ORIGINAL, ENTRY, STAMPED, _TOKEN))


def entry_name(index: int) -> str:
    """Return the name of the file that holds entry `index`."""
    return f"evidence/entries/{index:012d}.json"


def stamped_name(size: int) -> str:
    """Return the name of the checkpoint of `size` entries that was timestamped; its token ends in `.tsr`."""
    return f"evidence/timestamps/{size:012d}.checkpoint"


def token_name(size: int) -> str:
    """Return the name of the token over the checkpoint of `size` entries."""
    return stamped_name(size).replace(".checkpoint", ".tsr")


def encode_proofs(inclusion: Sequence[InclusionProof], consistency: Sequence[ConsistencyProof]) -> bytes:
    """Return the file of proofs."""
    included = [{"index": p.index, "size": p.size, "path": [hash_.hex() for hash_ in p.path]} for p in inclusion]
    consistent = [{"old": p.old, "new": p.new, "path": [hash_.hex() for hash_ in p.path]} for p in consistency]
    return canonical_json({"inclusion": included, "consistency": consistent})


def decode_proofs(data: bytes) -> tuple[list[InclusionProof], list[ConsistencyProof]]:
    """Return the proofs in the file; raise PackInvalidError unless it is exactly as written."""
    try:
        body = cast("dict[str, list[dict[str, Any]]]", json.loads(data))
        included = [InclusionProof(p["index"], p["size"], _hashes(p["path"])) for p in body["inclusion"]]
        consistent = [ConsistencyProof(p["old"], p["new"], _hashes(p["path"])) for p in body["consistency"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise PackInvalidError(f"{PROOFS}: the proofs cannot be read") from None
    if encode_proofs(included, consistent) != data:
        raise PackInvalidError(f"{PROOFS}: the proofs are not in the form they were written in")
    return included, consistent


def _hashes(texts: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(text) for text in texts)
