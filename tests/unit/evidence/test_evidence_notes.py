"""A signed note opens for its key alone, and only as it was written."""

import pytest

from guitai.adapters.sm2.signer import Sm2Signer
from guitai.evidence.checkpoints import open_checkpoint, sign_checkpoint
from guitai.evidence.errors import CheckpointInvalidError, KeyInvalidError, NoteInvalidError
from guitai.evidence.notes import ed25519_key, open_note, parse_key, sign_note, sm2_key
from guitai.evidence.ports import Signer
from guitai.evidence.signers import Ed25519Signer

PRIVATE, PUBLIC = Sm2Signer.new_key_pair()
SIGNERS = [Ed25519Signer("bank.example/evidence", b"\x01" * 32), Sm2Signer("bank.example/evidence", PRIVATE, PUBLIC)]
TEXT = "第一行\n\nsecond\n"


@pytest.mark.parametrize("signer", SIGNERS)
def test_opens_for_its_key_and_for_no_other_text(signer: Signer) -> None:
    note, key = sign_note(TEXT, signer), parse_key(signer.verifier)
    assert (key.name, str(key)) == (signer.name, signer.verifier)
    assert open_note(note, key) == TEXT
    step = 1 if key.algorithm == "Ed25519" else 9
    for position in range(0, len(note), step):
        altered = note[:position] + bytes([note[position] ^ 1]) + note[position + 1 :]
        with pytest.raises(NoteInvalidError):
            open_note(altered, key)
    for altered in (note + b"\n", note[:-1], note + note, b"", note.replace(b"\n\n", b"\n\n\n", 1)):
        with pytest.raises(NoteInvalidError):
            open_note(altered, key)


def test_another_key_of_the_same_name_does_not_open() -> None:
    note = sign_note(TEXT, SIGNERS[0])
    for other in (
        parse_key(SIGNERS[1].verifier),
        parse_key(Ed25519Signer("bank.example/evidence", b"\x02" * 32).verifier),
    ):
        with pytest.raises(NoteInvalidError, match="not signed by"):
            open_note(note, other)


@pytest.mark.parametrize("signer", SIGNERS)
def test_keys_are_read_strictly(signer: Signer) -> None:
    text = signer.verifier
    for wrong in (text + " ", text[:-1], "x" + text, text.replace("+", "-", 1), "", "a+b+c", text.upper()):
        with pytest.raises(KeyInvalidError):
            parse_key(wrong)


def test_keys_that_are_none_are_refused() -> None:
    for make in (
        lambda: ed25519_key("n", b"\0" * 31),
        lambda: ed25519_key("with space", b"\0" * 32),
        lambda: ed25519_key("with+plus", b"\0" * 32),
        lambda: ed25519_key("", b"\0" * 32),
        lambda: sm2_key("n", b"\x01" * 64),
        lambda: Ed25519Signer("n", b"short"),
        lambda: Sm2Signer("n", PRIVATE[:31], PUBLIC),
        lambda: Sm2Signer("n", Sm2Signer.new_key_pair()[0], PUBLIC),
    ):
        with pytest.raises(KeyInvalidError):
            make()


def test_new_private_keys_differ() -> None:
    assert Ed25519Signer.new_private_key() != Ed25519Signer.new_private_key()


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
def test_checkpoint_says_its_hash(digest: str) -> None:
    checkpoint = sign_checkpoint("o", 5, b"\x09" * 32, digest, SIGNERS[0])
    assert open_checkpoint(checkpoint.note, parse_key(SIGNERS[0].verifier)) == checkpoint


@pytest.mark.parametrize(
    "text",
    ["o\n", "o\n5\n", "o\nfive\nAAAA\n", "o\n5\nAAAA\n", "o\n05\n" + "A" * 43 + "=\n", "o\n5\n" + "A" * 43 + "=\nx\n"],
)
def test_signed_text_that_is_no_checkpoint(text: str) -> None:
    with pytest.raises(CheckpointInvalidError, match="no checkpoint"):
        open_checkpoint(sign_note(text, SIGNERS[0]), parse_key(SIGNERS[0].verifier))
