"""The plain-integer SM2 verifier says the same as GmSSL's C code."""

import gmssl_pyx
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.adapters.sm2.signer import Sm2Signer
from guitai.evidence import der, sm2

PRIVATE, PUBLIC = Sm2Signer.new_key_pair()
SIGNER = Sm2Signer("guitai.test/sm2", PRIVATE, PUBLIC)


def gmssl_verifies(message: bytes, signature: bytes) -> bool:
    r, s = signature[:32].lstrip(b"\0"), signature[32:].lstrip(b"\0")
    parts = [der.encode(der.INTEGER, (b"\0" if part[:1] >= b"\x80" else b"") + (part or b"\0")) for part in (r, s)]
    try:
        return gmssl_pyx.sm2_verify(PUBLIC, message, der.encode(der.SEQUENCE, *parts))
    except (gmssl_pyx.InvalidValueError, gmssl_pyx.GmsslInnerError):
        return False


@given(st.binary(max_size=200), st.integers(0, 511))
@settings(max_examples=25, deadline=None)
def test_both_accept_the_signature_and_refuse_an_altered_one(message: bytes, bit: int) -> None:
    signature = SIGNER.sign(message)
    assert sm2.verify(PUBLIC, message, signature)
    assert gmssl_verifies(message, signature)
    altered = (int.from_bytes(signature) ^ 1 << bit).to_bytes(64)
    assert sm2.verify(PUBLIC, message, altered) == gmssl_verifies(message, altered) is False


def test_values_out_of_range_are_refused() -> None:
    signature = SIGNER.sign(b"x")
    r, s = signature[:32], signature[32:]
    for wrong in (bytes(32) + s, r + bytes(32), sm2.N.to_bytes(32) + s, r + sm2.N.to_bytes(32), signature + b"\0", b""):
        assert not sm2.verify(PUBLIC, b"x", wrong)
    assert not sm2.verify(bytes(64), b"x", signature)
    assert not sm2.verify(PUBLIC[:63], b"x", signature)
    mirrored = r + ((-int.from_bytes(r) - int.from_bytes(s)) % sm2.N).to_bytes(32)
    assert not sm2.verify(PUBLIC, b"x", mirrored)
    assert not sm2.verify(PUBLIC, b"x", r + (sm2.N - int.from_bytes(r)).to_bytes(32))
