"""Replacing bad copies of sealed objects by good ones."""

from collections.abc import Sequence

from guitai.recording.calls import find_call
from guitai.recording.ports import Transactions
from guitai.vault.model import Problem
from guitai.vault.operations import Vault


def mend(recording_ids: Sequence[str], vault: Vault, transactions: Transactions) -> list[Problem]:
    """Restore every bad copy of these recordings' objects from a good one and return what was mended.

    Raises UnreadableError where an object has no good copy left, CallNotFound for an unknown id.
    """
    mended: list[Problem] = []
    for recording_id in recording_ids:
        with transactions.begin() as work:
            _, recording = find_call(work, recording_id)
            transcript = work.transcripts.get(recording_id)
        objects = [recording.sealed, recording.metadata_sealed, *([transcript.sealed] if transcript else [])]
        found = [problem for sealed in objects for problem in vault.mend(sealed)]
        if found:
            with transactions.begin() as work:
                work.audit.append("recording.mend", recording_id, {"copies": len(found)})
        mended += found
    return mended
