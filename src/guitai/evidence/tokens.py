"""RFC 3161 timestamp tokens read and verified with `cryptography` alone, for the offline verifier."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from guitai.evidence import der
from guitai.evidence.errors import TimestampInvalidError

SHA256_OID = "2.16.840.1.101.3.4.2.1"
_HASHES = {SHA256_OID: hashes.SHA256, "2.16.840.1.101.3.4.2.2": hashes.SHA384, "2.16.840.1.101.3.4.2.3": hashes.SHA512}
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATES = ("1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47")
_CERTIFICATES_TAG, _SIGNED_ATTRIBUTES_TAG = 0xA0, 0xA0
_LONGEST_CHAIN = 6
_UNREADABLE = (
    *(ValueError, TypeError, LookupError, StopIteration),
    *(InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion),
)
"""All that der (DerInvalidError is a ValueError) and cryptography raise for bytes that are not what they should be."""
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says: at `time` there was something with SHA-256 `digest`; `authority` is the signer's subject."""

    digest: bytes
    time: datetime
    nonce: int | None
    authority: str
    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]


def read_token(token: bytes) -> Token:
    """Return what a TimeStampToken (DER) says once its signature fits the certificate it carries.

    Says nothing of who that is: see `trusted_by`. Raises TimestampInvalidError.
    """
    try:
        return _read(token)
    except _UNREADABLE as invalid:
        raise TimestampInvalidError("the timestamp token is damaged or of an unknown kind", hint=str(invalid)) from None


def trusted_by(token: Token, authorities: Sequence[x509.Certificate]) -> bool:
    """Say whether the token's signer was, at its time, certified for timestamping under one of `authorities`."""
    usage = _extension(token.signer, x509.ExtendedKeyUsage)
    if usage is None or not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        return False
    current = token.signer
    for _ in range(_LONGEST_CHAIN):
        if not current.not_valid_before_utc <= token.time <= current.not_valid_after_utc:
            return False
        if current in authorities or any(_issued(current, authority) for authority in authorities):
            return True
        above = [other for other in token.others if other != current and _issued(current, other) and _is_ca(other)]
        if not above:
            return False
        current = above[0]
    return False


def _read(token: bytes) -> Token:
    kind, wrapped = der.parse(token).expect(der.SEQUENCE).children()
    if kind.oid() != _SIGNED_DATA:
        raise der.DerInvalidError("not signed data")
    _, _, enclosed, *optional, signers = wrapped.children()[0].expect(der.SEQUENCE).children()
    content_kind, content = enclosed.children()
    if content_kind.oid() != _TST_INFO:
        raise der.DerInvalidError("not a timestamp")
    info = content.children()[0].expect(der.OCTET_STRING).content
    (signer,) = signers.expect(der.SET).children()
    certificates = [
        x509.load_der_x509_certificate(child.whole)
        for part in optional
        if part.tag == _CERTIFICATES_TAG
        for child in part.children()
    ]
    leaf = _verified_signer(signer, info, certificates)
    return _said(info, leaf, tuple(other for other in certificates if other != leaf))


def _said(info: bytes, leaf: x509.Certificate, others: tuple[x509.Certificate, ...]) -> Token:
    _, _, imprint, _, time, *rest = der.parse(info).expect(der.SEQUENCE).children()
    algorithm, digest = imprint.children()
    if algorithm.children()[0].oid() != SHA256_OID:
        raise der.DerInvalidError("not over a SHA-256 digest")
    nonces = [value.integer() for value in rest if value.tag == der.INTEGER]
    return Token(
        digest=digest.expect(der.OCTET_STRING).content,
        time=_time(time.expect(der.GENERALIZED_TIME).content.decode("ascii")),
        nonce=nonces[0] if nonces else None,
        authority=leaf.subject.rfc4514_string(),
        signer=leaf,
        others=others,
    )


def _verified_signer(signer: der.Value, info: bytes, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the certificate whose key signed `info`; raise unless exactly that is so."""
    _, identity, digest_algorithm, signed, _, signature, *_ = signer.children()
    issuer, serial = identity.children()
    leaf = next(
        certificate
        for certificate in certificates
        if certificate.serial_number == serial.integer() and certificate.issuer.public_bytes() == issuer.whole
    )
    algorithm = _HASHES[digest_algorithm.children()[0].oid()]()
    attributes = {
        pair.children()[0].oid(): pair.children()[1] for pair in signed.expect(_SIGNED_ATTRIBUTES_TAG).children()
    }
    hasher = hashes.Hash(algorithm)
    hasher.update(info)
    if attributes[_MESSAGE_DIGEST].children()[0].content != hasher.finalize():
        raise der.DerInvalidError("the content is not what was signed")
    if attributes[_CONTENT_TYPE].children()[0].oid() != _TST_INFO or not _names_certificate(attributes, leaf):
        raise der.DerInvalidError("the signed attributes do not fit")
    message = der.encode(der.SET, signed.content)
    key, sealed = leaf.public_key(), signature.expect(der.OCTET_STRING).content
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(sealed, message, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(sealed, message, ec.ECDSA(algorithm))
    else:
        raise der.DerInvalidError("signed with a kind of key that is not supported")
    return leaf


def _names_certificate(attributes: dict[str, der.Value], leaf: x509.Certificate) -> bool:
    """Say whether the signed attributes hold the certificate's digest, so that no other can be put in its place."""
    public = leaf.public_bytes(Encoding.DER)
    named = b"".join(attributes[oid].content for oid in _SIGNING_CERTIFICATES if oid in attributes)
    digests = (hashlib.new(name, public).digest() for name in ("sha1", "sha256", "sha384", "sha512"))
    return any(digest in named for digest in digests)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except _UNREADABLE:
        return False
    return True


def _is_ca(certificate: x509.Certificate) -> bool:
    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.value.ca


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> x509.Extension[_Extension] | None:
    """Return an extension, None where there is none or the certificate's extensions cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return None


def _time(text: str) -> datetime:
    form = "%Y%m%d%H%M%S.%fZ" if "." in text else "%Y%m%d%H%M%SZ"
    return datetime.strptime(text, form).replace(tzinfo=UTC)
