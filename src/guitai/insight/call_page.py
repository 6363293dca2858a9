"""One call's page: scores, time line, what proves each finding, masked words, quality of the sound, evidence."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from guitai.insight.layout import PARTIES, clock, page, scene_name, table
from guitai.insight.model import PASS_MARK
from guitai.insight.timeline import timeline
from guitai.inspection.scorecards import Finding, Outcome, Scorecard, Severity
from guitai.interactions.model import Mark, Utterance
from guitai.recording.calls import Call

_SEVERITIES = {Severity.MINOR: "一般", Severity.MAJOR: "较重", Severity.CRITICAL: "严重"}
_OUTCOMES = {
    Outcome.VIOLATED: "违反",
    Outcome.MET: "符合",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.UNDETERMINED: "无法判定",
}
_DIRECTIONS = {"inbound": "呼入", "outbound": "呼出", "transferred": "转接"}
_MOODS = {"tense": "紧张", "angry": "愤怒", "low": "低落"}
_SOURCES = {"inspection": "质检", "cli": "人工"}
_MACHINE = "inspection"
_UNSURE = 0.5


def call_page(call: Call, zone: ZoneInfo) -> str:
    """Return the page; it shows masked words only."""
    card = call.scorecards[0].scorecard if call.scorecards else None
    violated = card.violations if card else ()
    own_marks = [mark for mark in call.marks if mark.source != _MACHINE]
    parts = [
        _about(call, zone),
        "".join(f'<p class="wait">{escape(flag)}</p>' for flag in call.recording.flags),
        _scores(card) if card else '<p class="note">还没有评分：对这个文件再运行 guitai inspect。</p>',
        timeline(call.utterances, violated, own_marks, call.recording.duration_ms / 1000),
        _findings(card) if card else "",
        _words(call, violated),
        _marks(call.marks),
        _quality(call.recording.tracks),
        _evidence(call, zone),
    ]
    return page(call.recording.source_name, "".join(parts), depth=1)


def _about(call: Call, zone: ZoneInfo) -> str:
    item, recording = call.interaction, call.recording
    numbers = " → ".join(escape(number) for number in (item.caller_masked, item.callee_masked) if number)
    facts = [
        f"{item.started_at.astimezone(zone):%Y-%m-%d %H:%M}",
        f"时长 {clock(recording.duration_ms / 1000)}",
        _DIRECTIONS.get(item.direction or "", ""),
        numbers,
        escape(item.team or ""),
        escape(" ".join(part for part in (item.agent_name, item.agent_id) if part)),
        escape(scene_name(item.scene)),
        escape("、".join(item.tags)),
    ]
    about = " · ".join(fact for fact in facts if fact)
    return f'<p class="note">{about}<br>编号 <code>{escape(recording.id)}</code></p>'


def _scores(card: Scorecard) -> str:
    verdict = "合格" if card.total >= PASS_MARK else "不合格"
    kind = "good" if card.total >= PASS_MARK else "risk"
    dimensions = "".join(
        f"<div><b>{part.score:g} / {part.weight}</b>{escape(part.title)}</div>" for part in card.dimensions
    )
    return (
        f'<div class="figures"><div class="{kind}"><b>{card.total:.1f}</b>总分 · {verdict}</div>{dimensions}</div>'
        f'<p class="note">评分表 {escape(card.form)} {escape(card.form_version)}</p>'
    )


def _findings(card: Scorecard) -> str:
    violated = "".join(_finding(finding, number) for number, finding in enumerate(card.violations, 1))
    unsure = [finding for finding in card.findings if finding.outcome is Outcome.UNDETERMINED]
    rows = "".join(
        f"<tr><td>{escape(finding.title)}</td><td>{_OUTCOMES[finding.outcome]}</td><td>{escape(finding.clause)}</td></tr>"
        for finding in card.findings
    )
    every = table("<th>评分项</th><th>结果</th><th>依据</th>", rows)
    return (
        "<h2>扣了哪些分，凭什么？</h2>"
        + (violated or '<p class="good">没有扣分。</p>')
        + "".join(_finding(finding, None) for finding in unsure)
        + f"<details><summary>全部 {len(card.findings)} 个评分项</summary>{every}</details>"
    )


def _finding(finding: Finding, number: int | None) -> str:
    cited = "".join(
        f'<li><a href="#u{one.utterance}">{clock(one.start_s)}</a> '
        f'<span class="party-{one.party}">{PARTIES[one.party]}</span>：{escape(one.text)}</li>'
        for one in finding.citations
    )
    note = f'<p class="note">{escape(finding.note)}</p>' if finding.note else ""
    if number is None:
        head, kind = f"无法判定：{escape(finding.title)}", "finding open"
    else:
        badge = f'<span class="badge">{number}</span>'
        head, kind = f'{badge} {escape(finding.title)} <span class="risk">−{finding.points:g} 分</span>', "finding"
    anchor = f' id="f{number}"' if number else ""
    about = f"{_SEVERITIES[finding.severity]} · {escape(finding.clause)} · 把握 {finding.confidence:.0%}"
    return f'<div class="{kind}"{anchor}><h3>{head}</h3><p class="note">{about}</p><ul>{cited}</ul>{note}</div>'


def _words(call: Call, violated: Sequence[Finding]) -> str:
    if call.transcript is None:
        return '<h2>说了什么？</h2><p class="note">还没有文字稿：对这个文件再运行 guitai inspect。</p>'
    if not call.utterances:
        return '<h2>说了什么？</h2><p class="note">整通录音没有听到说话。</p>'
    proves: dict[int, list[int]] = {}
    for number, finding in enumerate(violated, 1):
        for cited in finding.citations:
            proves.setdefault(cited.utterance, []).append(number)
    rows = "".join(_said(said, proves.get(said.index, ())) for said in call.utterances)
    heads = "<th>时间</th><th>说话人</th><th>内容（已脱敏）</th><th>扣分项</th>"
    return "<h2>说了什么？</h2>" + table(heads, rows)


def _said(said: Utterance, proves: Sequence[int]) -> str:
    asides = [_MOODS.get(said.mood or "", ""), "可能听错" if said.confidence < _UNSURE else ""]
    aside = "，".join(part for part in asides if part)
    badges = " ".join(f'<a class="badge" href="#f{number}">{number}</a>' for number in dict.fromkeys(proves))
    return (
        f'<tr id="u{said.index}"><td class="t">{clock(said.start_s)}</td>'
        f'<td class="t party-{said.party}">{PARTIES[said.party]}</td><td>{escape(said.text)}'
        f"{f' <span class=note>（{aside}）</span>' if aside else ''}</td><td>{badges}</td></tr>"
    )


def _marks(marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    rows = "".join(
        f'<tr><td class="t">{clock(mark.at_s)}</td><td>{escape(mark.label)}</td>'
        f"<td>{escape(_SOURCES.get(mark.source, mark.source))}</td></tr>"
        for mark in marks
    )
    return '<h2 id="marks">标记了哪些时刻？</h2>' + table("<th>时间</th><th>标记</th><th>来源</th>", rows)


def _quality(tracks: Sequence[Mapping[str, Any]]) -> str:
    if not tracks:
        return ""
    rows = "".join(_track(number, len(tracks), track) for number, track in enumerate(tracks))
    names = ("人声", "人声电平", "底噪", "信噪比", "削波", "无人声", "断续")
    heads = "<th>声道</th>" + "".join(f'<th class="n">{name}</th>' for name in names)
    return "<h2>录音质量如何？</h2>" + table(heads, rows)


def _track(number: int, among: int, track: Mapping[str, Any]) -> str:
    name = "混合声道" if among == 1 else ("左声道", "右声道")[number]
    cells = (
        clock(track["speech_ms"] / 1000),
        f"{track['level_cdb'] / 100:.1f} dBFS",
        f"{track['noise_cdb'] / 100:.1f} dBFS",
        f"{track['snr_cdb'] / 100:.1f} dB",
        f"{track['clipping_ppm'] / 10_000:.2f}%",
        f"{track['silence_permille'] / 10:.1f}%",
        f"{track['dropouts']} 处",
    )
    return f"<tr><td>{name}</td>" + "".join(f'<td class="n">{cell}</td>' for cell in cells) + "</tr>"


def _evidence(call: Call, zone: ZoneInfo) -> str:
    recording, sealed = call.recording, call.recording.sealed
    digests = [
        ("原始录音", sealed.digest, sealed.plain_digest.hex()),
        ("密文", sealed.digest, sealed.cipher_digest.hex()),
        ("元数据", sealed.digest, recording.metadata_sealed.plain_digest.hex()),
    ]
    if call.transcript is not None:
        digests.append(("脱敏文字稿", "sha256", call.transcript.masked_digest))
    digests += [
        (f"评分 {stored.scorecard.form} {stored.scorecard.form_version}", "sha256", stored.digest)
        for stored in call.scorecards
    ]
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="t">{escape(kind)}</td><td class="digest">{escape(digest)}</td></tr>'
        for name, kind, digest in digests
    )
    name = escape(recording.id)
    return (
        "<h2>如何证明没有改动？</h2>"
        f'<p class="note">{recording.sealed_at.astimezone(zone):%Y-%m-%d %H:%M:%S} 封存，以下摘要写入存证日志。核验：'
        f"<code>guitai evidence verify {name}</code>；"
        f"出证：<code>guitai evidence export {name} --out pack.zip</code></p>"
        + table("<th>内容</th><th>算法</th><th>摘要</th>", rows)
    )
