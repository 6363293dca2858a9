"""Bar charts as SVG: zero-based, labelled directly, each bar a link to the calls it counts."""

from collections.abc import Callable, Sequence
from html import escape

from guitai.insight.model import Figure

_ROW, _LEFT, _WIDTH, _RIGHT = 28, 190, 420, 70


def bars(figures: Sequence[Figure], top: float, link: Callable[[Figure], str], unit: str = "") -> str:
    """Return a chart with one horizontal bar a figure; `top` is the value of a full bar."""
    height = _ROW * len(figures) + 4
    rows = [_row(figure, index, top, link(figure), unit) for index, figure in enumerate(figures)]
    width = _LEFT + _WIDTH + _RIGHT
    return f'<svg viewBox="0 0 {width} {height}" role="img" class="chart">{"".join(rows)}</svg>'


def _row(figure: Figure, index: int, top: float, href: str, unit: str) -> str:
    y = index * _ROW + 4
    length = 0 if top <= 0 else round(_WIDTH * figure.value / top, 1)
    label, value = escape(_short(figure.label)), f"{figure.value:g}{unit}"
    return (
        f'<a href="{escape(href)}"><title>{escape(figure.label)}: {value}, {len(figure.calls)} 通</title>'
        f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end">{label}</text>'
        f'<rect x="{_LEFT}" y="{y}" width="{length}" height="20" rx="2"/>'
        f'<text x="{_LEFT + length + 6}" y="{y + 14}" class="value">{value}</text></a>'
    )


def _short(label: str, most: int = 15) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"
