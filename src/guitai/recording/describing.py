"""A call's metadata in its two shapes: the whole document that is sealed, and the masked row that is searched.

The row follows from the document alone, so that a changed row is found by opening the document again.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from guitai.interactions.model import CallMetadata
from guitai.privacy.mask import mask
from guitai.recording.intake import Found
from guitai.recording.model import Interaction
from guitai.recording.numbers import last_digits, number_keys

DEFAULT_SCENE = "other"
VOICE = "voice"


def metadata_document(found: Found, scene: str | None) -> bytes:
    """Return what is sealed of a call's metadata; the salt keeps its digest from being guessed.

    A call without a start time gets the file's own; one without a scene gets `scene`, else `other`.
    """
    fields = asdict(found.metadata)
    started = found.metadata.started_at or datetime.fromtimestamp(found.path.stat().st_mtime, UTC)
    body = {
        **fields,
        "tags": list(found.metadata.tags),
        "started_at": started.astimezone(UTC).isoformat(timespec="seconds"),
        "scene": found.metadata.scene or scene or DEFAULT_SCENE,
        "source_name": found.path.name,
        "salt": secrets.token_hex(16),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def interaction_of(interaction_id: str, document: bytes, index_secret: bytes) -> Interaction:
    """Return the masked row that belongs to a metadata document."""
    body: Mapping[str, Any] = json.loads(document)
    metadata = CallMetadata(**{name: body[name] for name in CallMetadata.__slots__})
    return Interaction(
        id=interaction_id,
        channel=VOICE,
        started_at=datetime.fromisoformat(body["started_at"]),
        direction=metadata.direction,
        caller_masked=_masked(metadata.caller),
        callee_masked=_masked(metadata.callee),
        number_keys=number_keys(index_secret, metadata.caller, metadata.callee),
        number_ends=last_digits(metadata.caller, metadata.callee),
        agent_id=metadata.agent_id,
        agent_name=metadata.agent_name,
        team=metadata.team,
        scene=body["scene"],
        tags=tuple(mask_label(tag) for tag in metadata.tags),
        customer_ref=_masked(metadata.customer_ref),
    )


def source_name_of(document: bytes) -> str:
    """Return the masked name of the file the call came from."""
    return mask_label(json.loads(document)["source_name"])


def mask_label(text: str) -> str:
    """Mask a file name, a tag, a reference: an underscore parts words there, and a number next to it is found."""
    masked = mask(text.replace("_", " "))
    return "".join("_" if was == "_" else now for was, now in zip(text, masked, strict=True))


def _masked(text: str | None) -> str | None:
    return mask_label(text) if text is not None else None
