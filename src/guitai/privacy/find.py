"""The one finder: every kind of personal data in a text or a conversation."""

from collections.abc import Sequence

from guitai.privacy.model import PersonalData, Turn
from guitai.privacy.numbers import find_numbers


def find(text: str) -> list[PersonalData]:
    """Return the personal data in one text; spans are of turn 0."""
    return find_in_turns([Turn("", text)])


def find_in_turns(turns: Sequence[Turn]) -> list[PersonalData]:
    """Return the personal data in a conversation, in the order it is said; numbers may spread over turns."""
    return sorted(find_numbers(turns), key=lambda data: data.spans)
