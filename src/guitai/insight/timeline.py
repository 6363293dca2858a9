"""A call's time line as SVG: who speaks when in one lane each, findings pinned above, marks below."""

from collections.abc import Sequence
from html import escape

from guitai.insight.layout import PARTIES, clock
from guitai.inspection.scorecards import Finding
from guitai.interactions.model import Mark, Party, Utterance

_LEFT, _WIDTH, _LANE, _GAP = 56, 930, 22, 6
_PIN, _TICKS = 9, 8
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


def timeline(
    utterances: Sequence[Utterance], findings: Sequence[Finding], marks: Sequence[Mark], duration_s: float
) -> str:
    """Return the drawing; pins bear the findings' numbers (from 1) and link to them, speech links to its words."""
    length = max([duration_s, *(said.end_s for said in utterances)], default=0.0)
    if length <= 0:
        return ""
    pins = [
        (_x(cited.start_s, length), number, finding)
        for number, finding in enumerate(findings, 1)
        for cited in finding.citations[:1]
    ]
    rows = _stacked([x for x, _, _ in pins])
    top = (max(rows, default=-1) + 1) * (2 * _PIN + 3) + 4
    lanes = _lanes(utterances)
    bottom = top + len(lanes) * (_LANE + _GAP)
    parts = [_lane(party, top + place * (_LANE + _GAP), utterances, length) for place, party in enumerate(lanes)]
    parts += [_pin(pin, row, bottom) for pin, row in zip(pins, rows, strict=True)]
    parts += [_mark(mark, length, bottom + 8) for mark in marks]
    parts.append(_axis(length, bottom + (18 if marks else 4)))
    height = bottom + (42 if marks else 28)
    return (
        f'<div class="scroll"><svg class="timeline" viewBox="0 0 1000 {height}" role="group" aria-label="通话时间轴">'
        f"{''.join(parts)}</svg></div>"
    )


def _x(seconds: float, length: float) -> float:
    return round(_LEFT + _WIDTH * min(max(seconds, 0.0), length) / length, 1)


def _lanes(utterances: Sequence[Utterance]) -> list[Party]:
    heard = {said.party for said in utterances}
    return [party for party in Party if party is not Party.UNKNOWN or party in heard]


def _lane(party: Party, y: int, utterances: Sequence[Utterance], length: float) -> str:
    blocks = "".join(
        f'<a href="#u{said.index}"><title>{clock(said.start_s)} {escape(said.text)}</title>'
        f'<rect class="{party}" x="{_x(said.start_s, length)}" y="{y + 3}" height="{_LANE - 6}" '
        f'width="{max(_x(said.end_s, length) - _x(said.start_s, length), 1.5):.1f}"/></a>'
        for said in utterances
        if said.party is party
    )
    return (
        f'<text x="{_LEFT - 8}" y="{y + 15}" text-anchor="end">{PARTIES[party]}</text>'
        f'<rect class="lane" x="{_LEFT}" y="{y}" width="{_WIDTH}" height="{_LANE}"/>{blocks}'
    )


def _stacked(places: Sequence[float]) -> list[int]:
    """Return for each pin the row in which it touches no other, 0 the lowest."""
    rows: list[int] = []
    for index, x in enumerate(places):
        near = {rows[other] for other in range(index) if abs(places[other] - x) < 2 * _PIN + 2}
        rows.append(next(row for row in range(index + 1) if row not in near))
    highest = max(rows, default=0)
    return [highest - row for row in rows]


def _pin(pin: tuple[float, int, Finding], row: int, bottom: int) -> str:
    x, number, finding = pin
    y = row * (2 * _PIN + 3) + _PIN + 1
    return (
        f'<line class="stem" x1="{x}" x2="{x}" y1="{y}" y2="{bottom}"/>'
        f'<a href="#f{number}"><title>{escape(finding.title)}</title><circle class="pin" cx="{x}" cy="{y}" r="{_PIN}"/>'
        f'<text class="number" x="{x}" y="{y + 4}" text-anchor="middle">{number}</text></a>'
    )


def _mark(mark: Mark, length: float, y: int) -> str:
    x = _x(mark.at_s, length)
    return (
        f'<a href="#marks"><title>{clock(mark.at_s)} {escape(mark.label)}</title>'
        f'<path class="mark" d="M{x} {y - 7}l6 12h-12z"/></a>'
    )


def _axis(length: float, y: int) -> str:
    step = next((step for step in _STEPS if length / step <= _TICKS), _STEPS[-1])
    ticks = [
        f'<line class="axis" x1="{_x(at, length)}" x2="{_x(at, length)}" y1="{y}" y2="{y + 5}"/>'
        f'<text x="{_x(at, length)}" y="{y + 18}" text-anchor="middle">{clock(at)}</text>'
        for at in range(0, int(length) + 1, step)
    ]
    return f'<line class="axis" x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y}" y2="{y}"/>{"".join(ticks)}'
