"""SM2 signature verification (GB/T 32918.2) in plain integers.

Public data only: nothing here touches a secret, so that running time may depend on the input.
"""

from guitai.evidence.digests import sm3

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
DEFAULT_ID = b"1234567812345678"
"""The signer's id that GM/T 0009 prescribes where none is agreed."""

_INFINITY = (1, 1, 0)


def on_curve(public_key: bytes) -> bool:
    """Say whether 64 bytes (x ‖ y) are a point of the curve."""
    x, y = int.from_bytes(public_key[:32]), int.from_bytes(public_key[32:])
    return len(public_key) == 64 and x < P and y < P and (y * y - (x * x * x + A * x + B)) % P == 0  # noqa: PLR2004


def message_digest(public_key: bytes, message: bytes, signer_id: bytes = DEFAULT_ID) -> bytes:
    """Return e = SM3(Z ‖ message), Z binding the signer's id, the curve and the key."""
    parts = [len(signer_id * 8).to_bytes(2), signer_id]
    parts += [number.to_bytes(32) for number in (A, B, GX, GY)]
    return sm3(sm3(b"".join(parts) + public_key) + message)


def verify(public_key: bytes, message: bytes, signature: bytes, signer_id: bytes = DEFAULT_ID) -> bool:
    """Say whether `signature` (r ‖ s, 64 bytes) over `message` is the key's (x ‖ y, 64 bytes)."""
    if len(signature) != 64 or not on_curve(public_key):  # noqa: PLR2004
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not (0 < r < N and 0 < s < N):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    key = (int.from_bytes(public_key[:32]), int.from_bytes(public_key[32:]), 1)
    x, _, z = _sum_of_multiples(s, (GX, GY, 1), t, key)
    if z == 0:
        return False
    x = x * pow(z * z, -1, P) % P
    e = int.from_bytes(message_digest(public_key, message, signer_id))
    return (e + x) % N == r


def public_key_of(private_key: bytes) -> bytes:
    """Return the public key (x ‖ y) of a private key; its running time depends on the key, so call it at start-up only.

    Raises ValueError for what is no private key.
    """
    scalar = int.from_bytes(private_key)
    if not 0 < scalar < N - 1:
        raise ValueError("not an SM2 private key")
    base = (GX, GY, 1)
    x, y, z = _sum_of_multiples(scalar, base, 0, base)
    inverse = pow(z, -1, P)
    return (x * inverse**2 % P).to_bytes(32) + (y * inverse**3 % P).to_bytes(32)


Point = tuple[int, int, int]
"""Jacobian coordinates: (x / z², y / z³); z = 0 is the point at infinity."""


def _sum_of_multiples(a: int, p: Point, b: int, q: Point) -> Point:
    """Return a·p + b·q, both scalars walked at once from the highest bit."""
    table = (_INFINITY, p, q, _add(p, q))
    result = _INFINITY
    for bit in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        result = _double(result)
        choice = (a >> bit & 1) | (b >> bit & 1) << 1
        if choice:
            result = _add(result, table[choice])
    return result


def _double(point: Point) -> Point:
    x, y, z = point
    if z == 0 or y == 0:
        return _INFINITY
    yy = y * y % P
    s = 4 * x * yy % P
    zz = z * z % P
    m = 3 * (x - zz) * (x + zz) % P  # the curve's A is -3
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _add(p: Point, q: Point) -> Point:
    if p[2] == 0:
        return q
    if q[2] == 0:
        return p
    pz2, qz2 = p[2] * p[2] % P, q[2] * q[2] % P
    u1, u2 = p[0] * qz2 % P, q[0] * pz2 % P
    s1, s2 = p[1] * qz2 * q[2] % P, q[1] * pz2 * p[2] % P
    if u1 == u2:
        return _double(p) if s1 == s2 else _INFINITY
    h, r = u2 - u1, s2 - s1
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, h * p[2] * q[2] % P
