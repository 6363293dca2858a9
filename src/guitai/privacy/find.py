"""The one finder: every kind of personal data in a text or a conversation."""

from collections.abc import Iterable, Iterator, Sequence

from guitai.privacy.addresses import find_addresses
from guitai.privacy.amounts import find_amounts
from guitai.privacy.emails import find_emails
from guitai.privacy.model import PersonalData, Turn
from guitai.privacy.names import find_names
from guitai.privacy.numbers import find_numbers
from guitai.privacy.passwords import find_passwords

_IN_ONE_TURN = (find_emails, find_passwords, find_addresses, find_names, find_amounts)


def find(text: str) -> list[PersonalData]:
    """Return the personal data in one text; spans are of turn 0."""
    return find_in_turns([Turn("", text)])


def find_in_turns(turns: Sequence[Turn]) -> list[PersonalData]:
    """Return the personal data in a conversation, in the order it is said; numbers may spread over turns.

    Where two overlap the more sensitive counts, then the longer.
    """
    return sorted(_apart([*find_numbers(turns), *_in_each_turn(turns)]), key=lambda data: data.spans)


def _in_each_turn(turns: Sequence[Turn]) -> Iterator[PersonalData]:
    for number, turn in enumerate(turns):
        for find_kind in _IN_ONE_TURN:
            yield from find_kind(number, turn.text)


def _apart(found: Iterable[PersonalData]) -> Iterator[PersonalData]:
    """Yield those that no more sensitive or longer one overlaps."""
    taken: set[tuple[int, int]] = set()
    for data in sorted(found, key=_precedence):
        places = {(span.turn, place) for span in data.spans for place in range(span.start, span.end)}
        if not places & taken:
            taken |= places
            yield data


def _precedence(data: PersonalData) -> tuple[int, int, tuple[object, ...]]:
    return (-int(data.sensitivity[1]), -sum(span.end - span.start for span in data.spans), data.spans)
