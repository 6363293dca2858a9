"""An RFC 3161 timestamp authority reached over HTTP (RFC 3161, section 3.4)."""

import secrets
import urllib.error
import urllib.request
from collections.abc import Sequence

import rfc3161_client
from cryptography import x509

from guitai.evidence import der
from guitai.evidence.errors import TimestampInvalidError, TimestampRefusedError

_SHA256 = bytes.fromhex("0609608648016503040201")
_LARGEST_ANSWER = 1 << 20
_CERTIFICATES_TAG = 0xA0


class HttpTimestampAuthority:
    """Asks the authority at `url`; answers are believed only under one of `roots`."""

    def __init__(self, url: str, roots: Sequence[x509.Certificate], *, timeout_s: float = 20) -> None:
        if not url.startswith(("http://", "https://")):
            raise TimestampRefusedError("the timestamp authority's address is no http(s) URL")
        self._url = url
        self._roots = tuple(roots)
        self._timeout_s = timeout_s

    def timestamp(self, digest: bytes, /) -> bytes:
        """Return a TimeStampToken (DER) over a SHA-256 digest, verified; raise TimestampRefusedError otherwise."""
        nonce = 1 << 62 | secrets.randbits(62)
        answer = self._ask(_request(digest, nonce))
        try:
            response = rfc3161_client.decode_timestamp_response(_in_order(answer))
        except (ValueError, IndexError):
            raise TimestampRefusedError("the timestamp authority's answer cannot be read") from None
        if response.status != rfc3161_client.PKIStatus.GRANTED:
            raise TimestampRefusedError(f"the timestamp authority refused: status {int(response.status)}")
        self._verify(response, digest, nonce)
        return response.time_stamp_token()

    def _verify(self, response: rfc3161_client.TimeStampResponse, digest: bytes, nonce: int) -> None:
        verifier = rfc3161_client.VerifierBuilder(roots=list(self._roots), nonce=nonce).build()
        try:
            verifier.verify(response, digest)
        except rfc3161_client.VerificationError as invalid:
            raise TimestampInvalidError("the timestamp is not to be trusted", hint=str(invalid)) from None

    def _ask(self, request: bytes) -> bytes:
        message = urllib.request.Request(  # noqa: S310  the scheme was checked
            self._url, data=request, headers={"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(message, timeout=self._timeout_s) as answer:  # noqa: S310  the same
                return answer.read(_LARGEST_ANSWER)
        except (urllib.error.URLError, TimeoutError, ConnectionError) as failure:
            hint = "Nothing was lost: the checkpoint can be timestamped later."
            raise TimestampRefusedError(f"the timestamp authority did not answer: {failure}", hint=hint) from None


def _request(digest: bytes, nonce: int) -> bytes:
    """Return a TimeStampReq (DER) for a SHA-256 digest that asks for the signer's certificate."""
    algorithm = der.encode(der.SEQUENCE, _SHA256, b"\x05\x00")
    imprint = der.encode(der.SEQUENCE, algorithm, der.encode(der.OCTET_STRING, digest))
    version, number = der.encode(der.INTEGER, b"\x01"), der.encode(der.INTEGER, nonce.to_bytes(8))
    return der.encode(der.SEQUENCE, version, imprint, number, b"\x01\x01\xff")


def _in_order(answer: bytes) -> bytes:
    """Return the answer with its certificates in the order that DER demands of a set.

    OpenSSL leaves them as configured and rfc3161-client refuses that; the signature does not cover them.
    """
    _, *tokens = der.parse(answer).children()
    if not tokens:  # a refusal carries none
        return answer
    signed_data = tokens[0].children()[1].children()[0]
    for part in signed_data.children():
        if part.tag == _CERTIFICATES_TAG:
            ordered = b"".join(sorted(certificate.whole for certificate in part.children()))
            return answer.replace(part.content, ordered, 1)
    return answer
