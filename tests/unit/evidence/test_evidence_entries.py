"""Entries are canonical, come back as they were, and unknown ones are refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.evidence.digests import digest_text
from guitai.evidence.entries import (
    AuditEntry,
    DestructionEntry,
    Entry,
    RecordingEntry,
    ScorecardEntry,
    TranscriptEntry,
    decode_entry,
    encode_entry,
)
from guitai.evidence.errors import EntryRefusedError, EvidenceError

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
ENTRIES = st.one_of(
    st.builds(RecordingEntry, *[TEXT] * 6),
    st.builds(TranscriptEntry, TEXT, TEXT, TEXT, st.lists(TEXT, max_size=3).map(tuple)),
    st.builds(ScorecardEntry, *[TEXT] * 4),
    st.builds(AuditEntry, st.integers(0, 2**63), st.integers(0, 2**63), TEXT),
    st.builds(DestructionEntry, *[TEXT] * 4),
)


@given(ENTRIES)
def test_comes_back_as_it_was(entry: Entry) -> None:
    assert decode_entry(encode_entry(entry)) == entry


def test_the_bytes_of_a_recording() -> None:
    entry = RecordingEntry("01k", "sha256:aa", "sha256:bb", "sha256:cc", "AES-256-GCM", "2026-11-22T08:00:00Z")
    assert encode_entry(entry) == (
        b'{"algorithm":"AES-256-GCM","ciphertext_digest":"sha256:bb","kind":"recording","metadata_digest":"sha256:cc",'
        b'"original_digest":"sha256:aa","recording_id":"01k","sealed_at":"2026-11-22T08:00:00Z","version":1}'
    )


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "rumour"},
        {"kind": None},
        {"kind": ["audit"]},
        {"version": 2},
        {"version": "1"},
        {"extra": "x"},
        {"first": "1"},
        {"first": -1},
        {"first": True},
        {"first": 1.5},
        {"head": 7},
        {"head": None},
    ],
)
def test_what_is_not_known_is_refused(change: dict[str, object]) -> None:
    body = {"kind": "audit", "version": 1, "first": 1, "last": 9, "head": "sha256:00"} | change
    with pytest.raises(EntryRefusedError):
        decode_entry(json.dumps(body, sort_keys=True, separators=(",", ":")).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"1", b"null", b"\xff", b'{"kind": "audit"}', b'"audit"'])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(EntryRefusedError):
        decode_entry(data)


def test_another_spelling_of_an_entry_is_refused() -> None:
    data = encode_entry(AuditEntry(1, 2, "h"))
    with pytest.raises(EntryRefusedError):
        decode_entry(data + b"\n")
    with pytest.raises(EntryRefusedError):
        decode_entry(data.replace(b'"first":1', b'"first":1,"first":1'))


def test_an_entry_with_a_wrong_field_is_not_written() -> None:
    with pytest.raises(EntryRefusedError):
        encode_entry(ScorecardEntry("id", "form", 3, "digest"))  # pyright: ignore[reportArgumentType]


def test_digests_name_their_function() -> None:
    assert digest_text("sm3", b"abc").startswith("sm3:66c7f0f4")
    assert digest_text("sha256", [b"a", b"bc"]) == digest_text("sha256", b"abc")
    with pytest.raises(EvidenceError, match="md5"):
        digest_text("md5", b"abc")
