"""Signed notes and verifier keys (C2SP signed-note): text that carries its signature.

Signature type 0x01 is Ed25519. SM2 with SM3 has no assigned type, so that it takes 0xff followed by `SM2_TYPE`; its
public key is x ‖ y (64 bytes), its signature r ‖ s (64 bytes), the signer's id the default of GM/T 0009.
"""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from guitai.evidence import sm2
from guitai.evidence.digests import sha256
from guitai.evidence.errors import KeyInvalidError, NoteInvalidError
from guitai.evidence.ports import Signer

ED25519_TYPE = b"\x01"
SM2_TYPE = b"\xffguitai sm2-with-sm3 v1\x00"
_ED25519_BYTES = 32
_SM2_BYTES = 64
_SIGNATURE_START = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name; `kind` is the signed-note signature type (bytes before the key)."""

    name: str
    kind: bytes
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand before a signature."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public)[:4]

    @property
    def algorithm(self) -> str:
        """Return the name of the signature algorithm."""
        return "Ed25519" if self.kind == ED25519_TYPE else "SM2 with SM3"

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self.kind + self.public).decode()}"

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Say whether `signature` over `message` is this key's."""
        if self.kind == SM2_TYPE:
            return sm2.verify(self.public, message, signature)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def ed25519_key(name: str, public: bytes) -> VerifierKey:
    """Return the verifier key for 32 bytes of Ed25519 public key."""
    return _checked(VerifierKey(name, ED25519_TYPE, public))


def sm2_key(name: str, public: bytes) -> VerifierKey:
    """Return the verifier key for 64 bytes (x ‖ y) of SM2 public key."""
    return _checked(VerifierKey(name, SM2_TYPE, public))


def parse_key(text: str) -> VerifierKey:
    """Return the key written `<name>+<key id>+<base64>`; raise KeyInvalidError unless it is exactly so."""
    name, _, rest = text.partition("+")
    data = _decode(rest.partition("+")[2])
    for kind in (ED25519_TYPE, SM2_TYPE):
        if data is not None and data.startswith(kind):
            key = _checked(VerifierKey(name, kind, data[len(kind) :]))
            if str(key) == text:
                return key
    raise KeyInvalidError("the verifier key cannot be read", hint="Give it whole: name+id+base64, as the log shows it.")


def sign_note(text: str, signer: Signer) -> bytes:
    """Return `text`, which ends in a newline, with the signer's signature line."""
    key = parse_key(signer.verifier)
    signature = base64.b64encode(key.key_id + signer.sign(text.encode())).decode()
    return f"{text}\n{_SIGNATURE_START}{key.name} {signature}\n".encode()


def open_note(note: bytes, key: VerifierKey) -> str:
    """Return the text of a note that carries exactly one signature, by `key`; raise NoteInvalidError otherwise."""
    try:
        text, _, line = note.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise NoteInvalidError("the signed note is not UTF-8 text") from None
    text += "\n"
    start = f"{_SIGNATURE_START}{key.name} "
    signature = _decode(line.removeprefix(start).removesuffix("\n"))
    if not line.startswith(start) or not line.endswith("\n") or signature is None or signature[:4] != key.key_id:
        raise NoteInvalidError(f"the note is not signed by the key {key.name}+{key.key_id.hex()}")
    if not key.verifies(text.encode(), signature[4:]):
        raise NoteInvalidError(f"the signature by {key.name} does not fit the note's text")
    return text


def _checked(key: VerifierKey) -> VerifierKey:
    sized = len(key.public) == (_SM2_BYTES if key.kind == SM2_TYPE else _ED25519_BYTES)
    if not sized or (key.kind == SM2_TYPE and not sm2.on_curve(key.public)):
        raise KeyInvalidError("the bytes are no public key of this kind")
    if not key.name or "+" in key.name or any(c.isspace() or c < " " for c in key.name):
        raise KeyInvalidError("a key's name must not be empty nor hold spaces or plus signs")
    return key


def _decode(text: str) -> bytes | None:
    """Return the bytes of strict base64: one text for one value, unlike the lenient decoder."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None
