"""Checkpoints (C2SP tlog-checkpoint): the log's size and root, signed.

A log hashed with SM3 says so in an extension line `hash sm3`; SHA-256, which the format implies, is not written.
"""

import base64
import binascii
from dataclasses import dataclass

from guitai.evidence import digests
from guitai.evidence.errors import CheckpointInvalidError, NoteInvalidError
from guitai.evidence.notes import VerifierKey, open_note, sign_note
from guitai.evidence.ports import Signer


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed state of the log: `note` is the signed text, the rest what it says."""

    origin: str
    size: int
    root: bytes
    digest: str
    note: bytes


def sign_checkpoint(origin: str, size: int, root: bytes, digest: str, signer: Signer) -> Checkpoint:
    """Return the signed checkpoint of a log of `size` entries under `root`."""
    return Checkpoint(origin, size, root, digest, sign_note(_text(origin, size, root, digest), signer))


def open_checkpoint(note: bytes, key: VerifierKey, origin: str | None = None) -> Checkpoint:
    """Return what a checkpoint signed by `key` says; raise CheckpointInvalidError if it is none or another log's."""
    try:
        text = open_note(note, key)
    except NoteInvalidError as invalid:
        raise CheckpointInvalidError(f"the checkpoint cannot be trusted: {invalid.message}", hint=_HINT) from None
    lines = text.split("\n")
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
        digest = "sm3" if lines[3] == _SM3_LINE else "sha256"
    except (IndexError, ValueError, binascii.Error):
        raise CheckpointInvalidError("the signed text is no checkpoint", hint=_HINT) from None
    if len(root) != digests.SIZE or text != _text(lines[0], size, root, digest):
        raise CheckpointInvalidError("the signed text is no checkpoint", hint=_HINT)
    if origin is not None and lines[0] != origin:
        raise CheckpointInvalidError("the checkpoint belongs to another log", hint=_HINT)
    return Checkpoint(lines[0], size, root, digest, note)


_HINT = "Compare the evidence folder and its key with a copy kept elsewhere."
_SM3_LINE = "hash sm3"


def _text(origin: str, size: int, root: bytes, digest: str) -> str:
    extension = f"{_SM3_LINE}\n" if digest == "sm3" else ""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n{extension}"
