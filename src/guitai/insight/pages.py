"""The report's pages as HTML: no script, no outside address, light and dark."""

from collections.abc import Sequence
from hashlib import sha256
from html import escape
from zoneinfo import ZoneInfo

from guitai.insight.charts import bars
from guitai.insight.model import PASS_MARK, CallFacts, Figure, Summary
from guitai.inspection.scorecards import Finding, Outcome
from guitai.recording.calls import Call

STYLE = """
:root{--ink:#1B2A3A;--paper:#FAFBFC;--line:#D8DEE4;--jade:#0F766E;--slate:#475467;--risk:#B42318;--good:#067647}
@media(prefers-color-scheme:dark){:root{--ink:#E6EBF0;--paper:#12181F;--line:#2C3742;--jade:#2DB5A8;--slate:#A3B0BD;
--risk:#F97066;--good:#47CD89}}
body{font:14px/1.55 "PingFang SC","HarmonyOS Sans SC","Noto Sans SC","Microsoft YaHei",sans-serif;color:var(--ink);
background:var(--paper);max-width:1080px;margin:24px auto;padding:0 20px;font-variant-numeric:tabular-nums}
h1{font-size:20px}h2{font-size:15px;margin:28px 0 8px}a{color:var(--jade)}
.figures{display:flex;gap:40px;margin:12px 0}.figures b{display:block;font-size:24px;font-weight:600}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:8px 40px}
.chart text{font-size:13px;fill:var(--ink)}.chart rect{fill:var(--jade)}.chart .value{fill:var(--slate)}
table{border-collapse:collapse;width:100%}th{text-align:left;color:var(--slate);font-weight:500}
th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
.agent{color:var(--jade)}.customer,.unknown{color:var(--slate)}.risk{color:var(--risk)}.good{color:var(--good)}
.note{color:var(--slate)}
@media(max-width:520px){.charts{grid-template-columns:1fr}}
"""


def page(title: str, body: str, *, depth: int = 0) -> str:
    """Wrap a body; `depth` is how many folders below the first page it lies."""
    up = "../" * depth
    back = f'<p><a href="{up}index.html">← 总览 Overview</a></p>' if depth else ""
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="{up}style.css"></head>'
        f"<body>{back}<h1>{escape(title)}</h1>{body}</body></html>"
    )


def group_name(figure: Figure) -> str:
    """Return the page, below the first one, that lists the calls of a figure."""
    return f"groups/{sha256(figure.key.encode()).hexdigest()[:16]}.html"


def overview(summary: Summary, zone: ZoneInfo) -> str:
    """Return the first page."""
    total = len(summary.calls)
    if not total:
        return page("质检报告", "<p>还没有质检过的录音。运行 guitai inspect 后，这里会出现得分分布、排名与问题。</p>")
    share = 100 * summary.passed / total
    head = (
        f'<div class="figures"><div><b>{total}</b>录音</div><div><b>{summary.mean_score}</b>平均分</div>'
        f"<div><b>{share:.1f}%</b>合格率（{PASS_MARK:g} 分）</div></div>"
    )
    charts = [
        _chart("得分如何分布？", summary.distribution, _largest(summary.distribution), "", "通数"),
        _chart("哪些问题最多？（前 10）", summary.findings, _largest(summary.findings), "", "通数"),
        _chart("各团队平均得分", summary.teams, 100, "", "平均分"),
        _chart("坐席排名（平均得分）", summary.agents, 100, "", "平均分"),
        _chart("各场景合格率", summary.scenes, 100, "%", "合格率"),
    ]
    body = head + f'<div class="charts">{"".join(charts)}</div><h2>全部录音</h2>' + calls_table(summary.calls, zone)
    return page("质检报告", body)


def _largest(figures: Sequence[Figure]) -> float:
    return max((figure.value for figure in figures), default=0)


def _chart(title: str, figures: Sequence[Figure], top: float, unit: str, measure: str) -> str:
    if not figures:
        return f"<section><h2>{title}</h2><p class='note'>没有。</p></section>"
    rows = "".join(
        f'<tr><td><a href="{group_name(figure)}">{escape(figure.label)}</a></td><td>{figure.value:g}{unit}</td>'
        f"<td>{len(figure.calls)}</td></tr>"
        for figure in figures
    )
    head = f"<tr><th></th><th>{measure}</th><th>通数</th></tr>"
    table = f"<details><summary>数据表</summary><table>{head}{rows}</table></details>"
    return f"<section><h2>{title}</h2>{bars(figures, top, group_name, unit)}{table}</section>"


def group_page(figure: Figure, zone: ZoneInfo) -> str:
    """Return the page with the calls behind a figure."""
    return page(f"{figure.label}（{len(figure.calls)} 通）", calls_table(figure.calls, zone, up="../"), depth=1)


def calls_table(calls: Sequence[CallFacts], zone: ZoneInfo, up: str = "") -> str:
    """Return a table of calls, each a link to its page."""
    rows = [
        f'<tr><td><a href="{up}calls/{call.recording_id}.html">{escape(call.source_name)}</a></td>'
        f"<td>{call.started_at.astimezone(zone):%Y-%m-%d %H:%M}</td><td>{escape(call.team)}</td>"
        f"<td>{escape(call.agent)}</td><td>{escape(call.scene)}</td>"
        f'<td class="{"good" if call.passed else "risk"}">{call.score:g}</td>'
        f"<td>{escape('、'.join(violation.title for violation in call.violations))}</td></tr>"
        for call in calls
    ]
    heads = "".join(f"<th>{head}</th>" for head in ("录音", "时间", "团队", "坐席", "场景", "得分", "发现"))
    return f"<table><tr>{heads}</tr>{''.join(rows)}</table>"


def call_page(call: Call) -> str:
    """Return one call's page: scorecard, what proves each finding, masked words, evidence."""
    card = call.scorecards[0].scorecard if call.scorecards else None
    findings = [finding for finding in card.findings if finding.outcome is Outcome.VIOLATED] if card else []
    parts = [f"<p class='risk'>{escape(flag)}</p>" for flag in call.recording.flags]
    if card:
        scores = "".join(f"<div><b>{d.score:g}/{d.weight}</b>{escape(d.title)}</div>" for d in card.dimensions)
        parts.append(f'<div class="figures"><div><b>{card.total:g}</b>总分</div>{scores}</div>')
        parts.append("".join(map(_finding, findings)) or "<p class='good'>没有扣分项。</p>")
    lines = "".join(
        f'<tr id="u{said.index}"><td>{_clock(said.start_s)}</td>'
        f'<td class="{said.party}">{_PARTIES[said.party]}</td><td>{escape(said.text)}</td></tr>'
        for said in call.utterances
    )
    parts.append(f"<h2>文字稿（已脱敏）</h2><table>{lines}</table>")
    sealed = call.recording.sealed
    parts.append(
        f"<h2>存证</h2><p class='note'>{sealed.digest} 原件 {sealed.plain_digest.hex()}<br>"
        f"{sealed.digest} 密文 {sealed.cipher_digest.hex()}</p>"
    )
    return page(call.recording.source_name, "".join(parts), depth=1)


_PARTIES = {"agent": "坐席", "customer": "客户", "unknown": "未知"}


def _finding(finding: Finding) -> str:
    cited = "".join(
        f'<li><a href="#u{one.utterance}">{_clock(one.start_s)}</a> {_PARTIES[one.party]}：{escape(one.text)}</li>'
        for one in finding.citations
    )
    note = f"<p class='note'>{escape(finding.note)}</p>" if finding.note else ""
    return (
        f"<h2 class='risk'>−{finding.points:g} {escape(finding.title)}</h2>"
        f"<p class='note'>{escape(finding.clause)}</p><ul>{cited}</ul>{note}"
    )


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
