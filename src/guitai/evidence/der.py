"""Just enough DER (ITU-T X.690) to read a timestamp token."""

from collections.abc import Iterator
from dataclasses import dataclass

INTEGER, OCTET_STRING, OID, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
GENERALIZED_TIME = 0x18
_LONG_FORM = 0x80
_LARGEST_LENGTH = 4


class DerInvalidError(ValueError):
    """The bytes are not the DER value expected."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its tag, its content, and the whole of its bytes."""

    tag: int
    content: bytes
    whole: bytes

    def children(self) -> list["Value"]:
        """Return the values that this constructed value holds."""
        return list(_values(self.content))

    def expect(self, tag: int) -> "Value":
        """Return this value; raise DerInvalidError unless it has this tag."""
        if self.tag != tag:
            raise DerInvalidError(f"tag {self.tag:#x} where {tag:#x} was expected")
        return self

    def oid(self) -> str:
        """Return the object identifier with dots."""
        arcs, number = [], 0
        for byte in self.expect(OID).content:
            number = number << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(number)
                number = 0
        if not arcs:
            raise DerInvalidError("empty object identifier")
        top = min(arcs[0] // 40, 2)
        return ".".join(str(arc) for arc in (top, arcs[0] - 40 * top, *arcs[1:]))

    def integer(self) -> int:
        """Return the integer."""
        return int.from_bytes(self.expect(INTEGER).content, signed=True)


def parse(data: bytes) -> Value:
    """Return the one value that `data` is, to the last byte."""
    values = list(_values(data))
    if len(values) != 1:
        raise DerInvalidError("not one value")
    return values[0]


def encode(tag: int, *contents: bytes) -> bytes:
    """Return the value with this tag and content."""
    content = b"".join(contents)
    if len(content) < _LONG_FORM:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8)
    return bytes((tag, _LONG_FORM | len(length))) + length + content


def _values(data: bytes) -> Iterator[Value]:
    at = 0
    while at < len(data):
        start, header = at, data[at : at + 2]
        if len(header) < 2:  # noqa: PLR2004
            raise DerInvalidError("a value without length")
        tag, length, at = header[0], header[1], at + 2
        if length & _LONG_FORM:
            count = length & 0x7F
            if not 0 < count <= _LARGEST_LENGTH:
                raise DerInvalidError("a length that DER does not allow")
            length, at = int.from_bytes(data[at : at + count]), at + count
        if at + length > len(data):
            raise DerInvalidError("a value longer than its surroundings")
        yield Value(tag, data[at : at + length], data[start : at + length])
        at += length
