"""Charts without a script: zero-based, labelled directly, each bar a link to the calls it counts."""

from collections.abc import Callable, Sequence
from html import escape

from guitai.insight.model import PASS_MARK, Figure

_FULL = 100

Link = Callable[[Figure], str]


def bars(figures: Sequence[Figure], top: float, link: Link, unit: str = "") -> str:
    """Return one horizontal bar a figure with its range as a thin line; `top` is the value of a full bar."""
    return f'<ul class="bars">{"".join(_bar(figure, top, link(figure), unit) for figure in figures)}</ul>'


def _bar(figure: Figure, top: float, href: str, unit: str) -> str:
    length = _share(figure.value, top)
    line = ""
    if figure.low is not None and figure.high is not None and figure.high > figure.low:
        start = _share(figure.low, top)
        line = (
            f'<rect class="range" x="{start:g}" y="8.5" width="{_share(figure.high, top) - start:.1f}" height="1.5"/>'
        )
    return (
        f'<li><a href="{escape(href)}"><span class="label">{escape(figure.label)}</span>'
        f'<svg viewBox="0 0 {_FULL} 18" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="frame" width="{_FULL}" height="18"/><rect class="bar" width="{length:g}" height="18"/>'
        f"{line}</svg>"
        f'<span class="value">{value_text(figure, unit)}</span></a></li>'
    )


def columns(figures: Sequence[Figure], link: Link) -> str:
    """Return the distribution of scores: one column a band, those below the pass mark in the quieter colour."""
    top = max((figure.value for figure in figures), default=0)
    return f'<ul class="columns">{"".join(_column(figure, top, link) for figure in figures)}</ul>'


def _column(figure: Figure, top: float, link: Link) -> str:
    height = _share(figure.value, top)
    kind = "bar" if (figure.low or 0) >= PASS_MARK else "below"
    inner = (
        f'<span class="count">{figure.value:g}</span><svg viewBox="0 0 10 {_FULL}" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect class="{kind}" y="{_FULL - height:g}" width="10" height="{height:g}"/></svg>'
        f'<span class="edge">{escape(figure.label.partition("–")[0])}</span>'
    )
    name = f"{figure.label} 分：{figure.value:g} 通"
    if not figure.calls:
        return f'<li title="{escape(name)}">{inner}</li>'
    return f'<li><a href="{escape(link(figure))}" title="{escape(name)}">{inner}</a></li>'


def value_text(figure: Figure, unit: str) -> str:
    """Return a figure's value with its unit and how many calls it counts."""
    if unit == "通":
        return f"{figure.value:g} 通"
    return f"{figure.value:.1f}{' 分' if unit == '分' else unit} · {len(figure.calls)} 通"


def _share(value: float, top: float) -> float:
    return 0 if top <= 0 else round(_FULL * min(max(value, 0), top) / top, 1)
