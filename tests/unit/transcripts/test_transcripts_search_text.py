"""The query language and the snippet, as a user meets them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.transcripts.errors import BadSearchQueryError
from guitai.transcripts.search import SearchQuery
from guitai.transcripts.search_text import (
    MAX_QUERY_CHARACTERS,
    Words,
    first_match,
    fold,
    fold_lines,
    parse,
    show_lines,
    snippet,
)

# zhconv leaves the file of its dictionary to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:.*zhcdict.json:pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("退款", ["退款"], []),
        ("退款 利率", ["退款", "利率"], []),
        ("退款　利率", ["退款", "利率"], []),  # a full-width blank
        ('"三 个工作日" 退', ["三 个工作日", "退"], []),
        ("“三个工作日”", ["三个工作日"], []),
        ("退款 -投诉", ["退款"], ["投诉"]),
        ('退款 -"要投诉"', ["退款"], ["要投诉"]),
        ("-投诉", [], ["投诉"]),
        ("A-B", ["a-b"], []),
        ("退款 - 投诉", ["退款", "-", "投诉"], []),
        ("退款 退款", ["退款"], []),
        ("ＶＩＳＡ１２３", ["visa123"], []),
        ("餘額", ["余额"], []),
        ("100% a_b c\\d", ["100%", "a_b", "c\\d"], []),
        ('卡"冻结"', ["卡", "冻结"], []),
    ],
)
def test_a_query_is_read(text: str, wanted: list[str], unwanted: list[str]) -> None:
    assert parse(text) == Words(tuple(wanted), tuple(unwanted))


@pytest.mark.parametrize(
    "text", ["", "  ", '""', '"退款', "退款“", "a" * (MAX_QUERY_CHARACTERS + 1), "a b c d e f g h i"]
)
def test_a_query_that_cannot_be_read_says_what_to_do(text: str) -> None:
    with pytest.raises(BadSearchQueryError) as caught:
        parse(text)
    assert caught.value.code == "transcripts.bad_query"
    assert caught.value.hint


@pytest.mark.parametrize("limit", [-1, 0, 1001])
def test_a_page_has_a_size(limit: int) -> None:
    with pytest.raises(BadSearchQueryError):
        SearchQuery("退款", limit=limit)


@given(st.text())
def test_folding_keeps_every_place_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    assert "\n" not in fold(text)


@given(st.lists(st.text()))
def test_shown_and_folded_agree_place_for_place(lines: list[str]) -> None:
    shown, folded = show_lines(lines), fold_lines(lines)
    assert len(shown) == len(folded)
    assert [at for at, c in enumerate(shown) if c == "\n"] == [at for at, c in enumerate(folded) if c == "\n"]


def _snippet(lines: list[str], query: str) -> str:
    folded, words = fold_lines(lines), parse(query)
    return snippet(show_lines(lines), folded, words, first_match(folded, words))


def test_the_snippet_shows_the_first_match_in_the_words_as_they_were() -> None:
    assert (
        _snippet(["您好", "我的ＶＩＳＡ卡要挂失，挂失要多久", "再见"], "visa 挂失")
        == "我的«ＶＩＳＡ»卡要«挂失»，«挂失»要多久"
    )


def test_the_snippet_is_cut_twenty_characters_around_the_match() -> None:
    assert _snippet(["一" * 30 + "退款" + "二" * 30], "退款") == "…" + "一" * 20 + "«退款»" + "二" * 20 + "…"


def test_overlapping_hits_are_marked_once() -> None:
    assert _snippet(["信用卡账单"], "信用卡 卡账单") == "«信用卡账单»"


def test_without_words_the_snippet_is_how_the_call_begins() -> None:
    assert snippet("您好\n再见", "您好\n再见", Words((), ()), None) == "您好"


@given(st.lists(st.text("退款a 一"), min_size=1), st.text("退款a", min_size=1))
def test_the_snippet_without_its_marks_is_a_piece_of_one_utterance(lines: list[str], term: str) -> None:
    piece = _snippet(lines, term).strip("…").replace("«", "").replace("»", "")
    assert any(piece in line for line in lines)
