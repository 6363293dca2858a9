"""One byte string for one value: what is hashed and signed must not depend on the writer."""

import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Return `value` as JSON with sorted keys, no spaces and UTF-8 text; equal values give equal bytes.

    Floats are refused to stay out of number formatting: round to integers (milliseconds, thousandths) first.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("canonical JSON holds no floats: give integers in a smaller unit")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
