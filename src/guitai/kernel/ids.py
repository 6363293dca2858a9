"""Identifiers that sort by time of making (ULID: 48 bits of milliseconds, 80 random bits)."""

import secrets
import time

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(now_ms: int | None = None) -> str:
    """Return a new 26-character lower-case ULID; `now_ms` is milliseconds since 1970, UTC."""
    stamp = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    number = (stamp << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
