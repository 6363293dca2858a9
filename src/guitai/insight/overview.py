"""The report's first page, and the pages that list the calls behind a figure."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape
from zoneinfo import ZoneInfo

from guitai.insight.charts import bars, columns, value_text
from guitai.insight.layout import page, scene_name, table
from guitai.insight.model import PASS_MARK, CallFacts, Figure, Summary, wilson, worst_first

_MOST_BARS = 15
_FIRST_CALLS = 20
_TITLE = "质检报告"


def group_name(figure: Figure) -> str:
    """Return the page, below the first one, that lists the calls of a figure."""
    return f"groups/{sha256(figure.key.encode()).hexdigest()[:16]}.html"


def overview(summary: Summary, zone: ZoneInfo) -> str:
    """Return the first page."""
    if not summary.calls:
        return page(
            _TITLE,
            "<p>还没有质检过的录音。</p><p class='note'>对一个录音文件夹运行 <code>guitai inspect 文件夹</code>，"
            "再运行 <code>guitai report --out 目录</code>，"
            "这里就会出现得分分布、排名、问题和合格率。</p>",
        )
    scenes = [replace(figure, label=scene_name(figure.label)) for figure in summary.scenes]
    spread = (
        columns(summary.distribution, group_name)
        + f'<p class="note">横轴：得分，每栏 10 分，纵轴：通数。<br><span class="key under"></span>不合格'
        f'<span class="key above"></span>合格（{PASS_MARK:g} 分及以上）</p>'
        + _behind(summary.distribution, "得分", "通")
    )
    charts = [
        _section("得分集中在哪里？", spread),
        _chart("哪些问题最常见？", summary.findings, "通", "按出现的通数，最多列十项。", "没有发现问题。"),
        _chart("哪个团队得分高？", summary.teams, "分", _RANGE),
        _chart("哪些坐席得分高，哪些需要辅导？", summary.agents, "分", _RANGE),
        _chart("哪些场景合格率低？", scenes[::-1], "%", "低的在前；细线是合格率的 95% 置信区间，通数越少越宽。"),
    ]
    body = _headline(summary, zone) + f'<div class="charts">{"".join(charts)}</div>' + _listen_first(summary, zone)
    return page(_TITLE, body)


_RANGE = "平均得分，满分 100；细线从最低分到最高分。"


def _headline(summary: Summary, zone: ZoneInfo) -> str:
    total = len(summary.calls)
    low, high = wilson(summary.passed, total)
    share = f"{100 * summary.passed / total:.1f}%"
    everything, passed, failed, review = summary.headline
    first, last = (call.started_at.astimezone(zone) for call in (summary.calls[-1], summary.calls[0]))
    tiles = [
        _tile(everything, f"{total}", "通录音"),
        _tile(everything, f"{summary.mean_score:.1f}", "平均得分"),
        _tile(passed, share, f"合格率（95% 置信区间 {low:g}–{high:g}%）"),
        _tile(failed, f"{len(failed.calls)}", f"通不合格（低于 {PASS_MARK:g} 分）", "risk"),
        _tile(review, f"{len(review.calls)}", "通音质待复核", "wait"),
    ]
    return f'<p class="note">{first:%Y-%m-%d} 至 {last:%Y-%m-%d} 的通话</p><div class="figures">{"".join(tiles)}</div>'


def _tile(figure: Figure, value: str, words: str, kind: str = "") -> str:
    if not figure.calls:
        return f"<div><b>{value}</b>{words}</div>"
    return f'<a class="{kind}" href="{group_name(figure)}"><b>{value}</b>{words}</a>'


def _chart(title: str, figures: Sequence[Figure], unit: str, note: str, empty: str = "") -> str:
    if not figures:
        return _section(title, f'<p class="note">{empty}</p>')
    top = max(figure.value for figure in figures) if unit == "通" else 100
    chart = bars(figures[:_MOST_BARS], top, group_name, unit)
    if len(figures) > _MOST_BARS:
        note += f"图中是前 {_MOST_BARS} 项，全部 {len(figures)} 项见数据表。"
    return _section(title, f'{chart}<p class="note">{note}</p>{_behind(figures, "名称", unit)}')


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"


def _behind(figures: Sequence[Figure], name: str, unit: str) -> str:
    """Return the table behind a chart."""
    rows: list[str] = []
    for figure in figures:
        label = escape(figure.label)
        linked = f'<a href="{group_name(figure)}">{label}</a>' if figure.calls else label
        spread = "" if figure.low is None or unit == "通" else f"{figure.low:g}–{figure.high:g}"
        rows.append(
            f'<tr><td>{linked}</td><td class="n">{value_text(figure, unit)}</td><td class="n">{spread}</td></tr>'
        )
    heads = f'<th>{name}</th><th class="n">数值</th><th class="n">{"" if unit == "通" else "范围"}</th>'
    return f"<details><summary>数据表</summary>{table(heads, ''.join(rows))}</details>"


def _listen_first(summary: Summary, zone: ZoneInfo) -> str:
    everything = summary.headline[0]
    calls = worst_first(summary.calls)[:_FIRST_CALLS]
    return (
        f"<h2>先复听哪些录音？</h2><p class='note'>得分最低的 {len(calls)} 通，共 {len(summary.calls)} 通："
        f'<a href="{group_name(everything)}">全部录音</a>。</p>' + calls_table(calls, zone)
    )


def group_page(figure: Figure, zone: ZoneInfo) -> str:
    """Return the page with the calls behind a figure, lowest score first."""
    label = scene_name(figure.label) if figure.key.startswith("scene-") else figure.label
    label += " 分" if figure.key.startswith("score-") else ""
    body = '<p class="note">得分低的在前。</p>' + calls_table(worst_first(figure.calls), zone, up="../")
    return page(f"{label}：{len(figure.calls)} 通", body, depth=1)


def calls_table(calls: Sequence[CallFacts], zone: ZoneInfo, up: str = "") -> str:
    """Return a table of calls, each a link to its page."""
    rows = [
        f'<tr><td class="n {"good" if call.passed else "risk"}">{call.score:.1f}</td>'
        f'<td><a href="{up}calls/{call.recording_id}.html">{escape(call.source_name)}</a></td>'
        f'<td class="t">{call.started_at.astimezone(zone):%Y-%m-%d %H:%M}</td><td>{escape(call.team)}</td>'
        f'<td class="t">{escape(call.agent)}</td><td class="t">{escape(scene_name(call.scene))}</td>'
        f'<td class="wide">{_found(call)}</td></tr>'
        for call in calls
    ]
    heads = '<th class="n">得分</th>' + "".join(
        f"<th>{head}</th>" for head in ("录音", "开始时间", "团队", "坐席", "场景", "发现")
    )
    return table(heads, "".join(rows), kind="calls")


def _found(call: CallFacts) -> str:
    found = "、".join(f"{escape(violation.title)}（−{violation.points:g}）" for violation in call.violations)
    flags = "".join(f'<br><span class="wait">{escape(flag)}</span>' for flag in call.flags)
    return (found or '<span class="note">没有扣分</span>') + flags
