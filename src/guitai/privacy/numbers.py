"""Numbers that are personal data, found in chains of digits."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from guitai.privacy.checks import is_bank_card, is_id_card, is_mobile
from guitai.privacy.context import Context, after, before
from guitai.privacy.digits import Cell, Chain, Group, chains
from guitai.privacy.kinds import Match, Said, letters_before, may_be, recognise
from guitai.privacy.model import Kind, PersonalData, Span, Turn

_LONGEST = 23
_SHORTEST = 3
_MOBILE_DIGITS = 11
_SURE = 70
_SHORTEST_TWO, _LONGEST_PARTED = 22, 76
_VALID_LENGTHS = (18, 19, 16, 11)


class _Candidate(NamedTuple):
    match: Match
    first: int
    last: int
    cells: list[Cell]


def find_numbers(turns: Sequence[Turn]) -> list[PersonalData]:
    """Return the numbers in a conversation that are personal data."""
    found: list[PersonalData] = []
    for chain in chains(turns):
        chain.groups = [part for group in chain.groups for part in _parted(group)]
        candidates = _candidates(turns, chain)
        if not any(candidate.match.strength >= _SURE for candidate in candidates):
            shorter = _without_repeats(chain)
            if len(shorter.groups) < len(chain.groups):
                chain, candidates = shorter, _candidates(turns, shorter)  # noqa: PLW2901
        found += _chosen(turns, candidates, chain)
    return found


def _parted(group: Group) -> list[Group]:
    """Return the numbers of a group that is several valid numbers said without a pause, or the group itself."""
    if not _SHORTEST_TWO <= len(group.cells) <= _LONGEST_PARTED:
        return [group]
    parts: list[Group] = []
    start = 0
    while start < len(group.cells):
        length = next((n for n in _VALID_LENGTHS if _is_valid(group.digits[start : start + n])), 0)
        if not length:
            return [group]
        cells = group.cells[start : start + length]
        parts.append(Group(cells, group.digits[start : start + length], group.spoken))
        start += length
    return parts


def _is_valid(number: str) -> bool:
    return is_mobile(number) or is_id_card(number) or (number.isdecimal() and is_bank_card(number))


def _chosen(turns: Sequence[Turn], candidates: list[_Candidate], chain: Chain) -> Iterator[PersonalData]:
    """Yield the surest and longest of the candidates that do not overlap."""
    taken: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (-c.match.strength, -len(c.cells), c.first)):
        places = set(range(candidate.first, candidate.last + 1))
        if not places & taken:
            taken |= places
            yield _personal_data(turns, candidate, chain.echoes)


def _candidates(turns: Sequence[Turn], chain: Chain) -> list[_Candidate]:
    """Return each stretch of whole groups that is some kind of number."""
    groups = chain.groups
    if sum(len(group.cells) for group in groups) < _SHORTEST:
        return []
    found: list[_Candidate] = []
    start = groups[0].cells[0]
    context = before(turns, start.turn, start.start)
    for first in range(len(groups)):
        if first:
            context = context.loosened()
        letters = _preceding(turns, groups[first].cells[0]).rstrip(" -")[-1:].isalpha()
        digits = ""
        for last in range(first, len(groups)):
            digits += groups[last].digits
            if len(digits) > _LONGEST:
                break
            named_after = context.meaning is None and last == len(groups) - 1
            if not may_be(digits, context, anyway=named_after or chain.alone or letters):
                continue
            match = recognise(_said(turns, chain, first, last, digits, context))
            if match:
                cells = [cell for group in groups[first : last + 1] for cell in group.cells]
                found.append(_Candidate(match, first, last, cells))
    return found


def _said(turns: Sequence[Turn], chain: Chain, first: int, last: int, digits: str, context: Context) -> Said:
    """Return the digits of groups `first` to `last` with what stands around them."""
    groups = chain.groups[first : last + 1]
    end = groups[-1].cells[-1]
    following = turns[end.turn].text[end.end : end.end + 24]
    if context.meaning is None and last == len(chain.groups) - 1:
        context = after(following)
    return Said(
        digits=digits,
        context=context,
        before=_preceding(turns, groups[0].cells[0]),
        after=following[:2],
        spoken=all(group.spoken for group in groups),
        alone=chain.alone and len(groups) == len(chain.groups),
    )


def _preceding(turns: Sequence[Turn], cell: Cell) -> str:
    return turns[cell.turn].text[max(0, cell.start - 8) : cell.start]


def _without_repeats(chain: Chain) -> Chain:
    """Return the chain with what was said twice, from one turn to the next, kept as an echo."""
    groups: list[Group] = []
    echoes = list(chain.echoes)
    said = ""
    for group in chain.groups:
        another_turn = bool(groups) and group.cells[0].turn != groups[-1].cells[-1].turn
        if another_turn and len(group.cells) > 1 and said.endswith(group.digits):
            echoes.append(group)
            continue
        groups.append(group)
        said += group.digits
    return Chain(groups, echoes, alone=chain.alone)


def _personal_data(turns: Sequence[Turn], candidate: _Candidate, echoes: list[Group]) -> PersonalData:
    match, cells = candidate.match, candidate.cells
    value = "".join(cell.digit for cell in cells)
    shown = [i < match.keep_left or i >= len(cells) - match.keep_right for i in range(len(cells))]
    hidden = [cell for cell, is_shown in zip(cells, shown, strict=True) if not is_shown]
    said = list(cells)
    for echo in echoes:
        place = _place(value, echo.digits, shown)
        if place >= 0:
            said += echo.cells
            hidden += [cell for i, cell in enumerate(echo.cells) if not shown[place + i]]
    if match.kind is Kind.MOBILE and match.verified:
        value = value[-_MOBILE_DIGITS:]
    if match.kind is Kind.PASSPORT:
        letters, first = letters_before(_preceding(turns, cells[0])), cells[0]
        said.append(first._replace(start=first.start - len(letters)))
        value = letters.rstrip(" -") + value
    return PersonalData(match.kind, _spans(said), _spans(hidden), value, verified=match.verified)


def _place(value: str, echo: str, shown: list[bool]) -> int:
    """Return where in `value` the echo stands; of several places the one that hides most, or -1."""
    places = [i for i in range(len(value) - len(echo) + 1) if value.startswith(echo, i)]
    return min(places, key=lambda i: sum(shown[i : i + len(echo)]), default=-1)


def _spans(cells: list[Cell]) -> tuple[Span, ...]:
    """Return the characters of the cells, those that touch joined."""
    spans: list[Span] = []
    for turn, start, end in sorted({(cell.turn, cell.start, cell.end) for cell in cells}):
        if spans and spans[-1].turn == turn and spans[-1].end >= start:
            spans[-1] = Span(turn, spans[-1].start, max(end, spans[-1].end))
        else:
            spans.append(Span(turn, start, end))
    return tuple(spans)
