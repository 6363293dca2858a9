"""A written report: whole, harmless, and nothing in it but its own pages."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from insight_cases import Archive, call, facts, pages, recording_id

from guitai.insight.call_page import call_page
from guitai.insight.report import write_report
from guitai.insight.timeline import timeline

ZONE = ZoneInfo("Asia/Shanghai")
HOSTILE = "<script>alert(1)</script>\"'&<img src=//evil.example onerror=x>"
CALLS = [
    facts(1, 65.0, agent="甲", violations=["承诺保本", "未问候"], flags=["待复核：削波失真"]),
    facts(2, 100.0, agent="乙", team="二组", scene="fraud"),
    facts(3, 80.0, agent="乙", scene="own_scene", violations=["未问候"]),
]


class _Page(HTMLParser):
    """Collects tags, attributes and ids, and that every element is closed."""

    VOID = frozenset({"meta", "link", "br", "rect", "line", "circle", "path"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def test_every_link_leads_to_a_page_and_a_place_that_are_there(tmp_path: Path):
    write_report(tmp_path, Archive(CALLS), ZONE)
    written = pages(tmp_path)
    links = 0
    for path, text in written.items():
        page = _Page(text)
        assert page.open == []
        for href in page.values("href"):
            target, _, place = href.partition("#")
            aim = (path.parent / unquote(target)).resolve() if target else path
            assert aim.is_file(), f"{path.name}: {href}"
            if place:
                assert place in _Page(aim.read_text(encoding="utf-8")).values("id"), f"{path.name}: {href}"
            links += 1
    assert links > 50


def test_every_page_is_reached_from_the_first(tmp_path: Path):
    write_report(tmp_path, Archive(CALLS), ZONE)
    seen: set[Path] = set()
    to_read = [tmp_path / "index.html"]
    while to_read:
        path = to_read.pop()
        if path in seen or path.suffix != ".html":
            continue
        seen.add(path)
        hrefs = _Page(path.read_text(encoding="utf-8")).values("href")
        to_read += [(path.parent / href.partition("#")[0]).resolve() for href in hrefs if not href.startswith("#")]
    assert seen == {path.resolve() for path in pages(tmp_path)}


def test_each_figure_leads_to_exactly_the_calls_it_counts(tmp_path: Path):
    write_report(tmp_path, Archive(CALLS), ZONE)
    first = (tmp_path / "index.html").read_text(encoding="utf-8")
    found = re.search(r'<a href="(groups/[0-9a-f]+\.html)"><span class="label">未问候</span>', first)
    assert found
    group = (tmp_path / found[1]).read_text(encoding="utf-8")
    assert set(re.findall(r"calls/(\w+)\.html", group)) == {recording_id(1), recording_id(3)}


def test_no_script_no_style_attribute_and_no_outside_address(tmp_path: Path):
    write_report(tmp_path, Archive(CALLS), ZONE)
    for text in pages(tmp_path).values():
        page = _Page(text)
        assert not {"script", "img", "iframe", "object", "form", "style"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("style", "src")]
        assert "://" not in text
    assert "url(" not in (tmp_path / "style.css").read_text()


def test_hostile_names_and_words_stay_text(tmp_path: Path):
    item = facts(
        1, 10.0, agent=HOSTILE, team=HOSTILE, scene=HOSTILE, violations=[HOSTILE], flags=[HOSTILE], name=HOSTILE
    )
    write_report(tmp_path, Archive([item], said=HOSTILE, label=HOSTILE), ZONE)
    for path, text in pages(tmp_path).items():
        page = _Page(text)
        assert page.open == [], path
        assert not {"script", "img"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert "&lt;script&gt;" in text


def test_an_empty_archive_says_what_will_appear_and_how(tmp_path: Path):
    summary = write_report(tmp_path, Archive([]), ZONE)
    assert summary.calls == ()
    assert [path.name for path in pages(tmp_path)] == ["index.html"]
    assert "guitai inspect" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_pages_of_calls_that_are_gone_do_not_stay(tmp_path: Path):
    write_report(tmp_path, Archive(CALLS), ZONE)
    (tmp_path / "calls" / "notes.txt").write_text("the reader's own")
    write_report(tmp_path, Archive(CALLS[:1]), ZONE)
    assert [path.name for path in (tmp_path / "calls").iterdir() if path.suffix == ".html"] == [
        f"{recording_id(1)}.html"
    ]
    assert (tmp_path / "calls" / "notes.txt").exists()


def test_equal_archives_give_equal_reports(tmp_path: Path):
    write_report(tmp_path / "a", Archive(CALLS), ZONE)
    write_report(tmp_path / "b", Archive(CALLS[::-1]), ZONE)
    assert [*pages(tmp_path / "a").values()] == [*pages(tmp_path / "b").values()]


def test_a_call_page_shows_what_an_inspector_needs():
    text = call_page(call(CALLS[0]), ZONE)
    for expected in (
        "2026-03-02 09:01",  # in the installation's zone
        "138****0021",
        "待复核：削波失真",
        "promises_return",
        "−20 分",
        "严重 · 第一条 · 把握 90%",
        "无法判定：shouting",
        "愤怒，可能听错",
        "客户询问收益",
        "-25.9 dBFS",
        "01" * 32,
        "02" * 32,
        "ab" * 32,
        "cd" * 32,
        f"guitai evidence verify {recording_id(1)}",
    ):
        assert expected in text


def test_a_call_that_was_not_heard_yet_says_what_to_do():
    text = call_page(call(CALLS[0], bare=True), ZONE)
    assert "还没有文字稿" in text
    assert "还没有评分" in text


@pytest.mark.parametrize("duration_s", [0.0, 60.0, 7200.0])
def test_pins_at_the_same_second_stand_above_each_other(duration_s: float):
    made = call(CALLS[0])
    finding = made.scorecards[0].scorecard.violations[0]
    drawn = timeline(made.utterances, [finding] * 3, made.marks, duration_s)
    places = re.findall(r'<circle class="pin" cx="([\d.]+)" cy="(\d+)"', drawn)
    assert len(set(places)) == 3
    assert len({x for x, _ in places}) == 1
    assert drawn.count("<rect class=") == 3 + 3  # a lane and a stretch of speech for each party
    assert timeline((), (), (), 0.0) == ""
