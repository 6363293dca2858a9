"""Phrases are found through a recogniser's errors, and nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.inspection.conditions import Match
from guitai.inspection.phrases import PhraseIndex
from guitai.inspection.sounds import Sounds

TABLE = [
    # phrase, heard, how near (None: not found)
    ("保本保收益", "这款保本保收益的", "exact"),
    ("保本保收益", "这款保本，保收益的", "exact"),
    ("保本保收益", "这款保 本 保收益", "exact"),
    ("保本保收益", "宝本宝收益", "homophone"),
    ("保本保收益", "保本包收益", "homophone"),
    ("保本保收益", "保贝保收益", "amiss"),
    ("保本保收益", "保本收益", "amiss"),
    ("保本保收益", "保本保的收益", "amiss"),
    ("保本保收益", "保本不保收益", None),
    ("保本保收益", "保贝保收入", None),
    ("年利率", "年历率", "homophone"),
    ("年利率", "连利率", "near"),
    ("首套房贷款", "手套防带款", "homophone"),
    ("身份证", "生份证", "near"),
    ("身份证号", "生分正号", "near"),
    ("密码", "蜜码", "homophone"),
    ("您好", "零好", None),
    ("{密码}是多少", "蜜码是多少", "homophone"),
    ("您的{密码}是多少", "您的号码是多少", None),
    ("您的{密码}是多少", "您地密码是多少", "amiss"),
    ("告诉我…密码", "请您告诉我六位数的密码", "exact"),
    ("告诉我…密码", "告诉我您的这张信用卡的那个密码", None),
    ("我们会问您密码", "我们不会问您密码", None),
    ("ATM", "去ａｔｍ上办", "exact"),
    ("pin", "spinning", None),
    ("how can i help you", "Hello, how can I help you today?", "exact"),
]


def found(phrase: str, heard: str, match: Match = Match.AUTO) -> str | None:
    index = PhraseIndex(Sounds())
    index.add(phrase, match, "user")
    index.freeze()
    hits = index.find(index.spoken([heard])).get("user", [])
    order = ["exact", "homophone", "near", "amiss"]
    return min((hit.nearness for hit in hits), key=order.index, default=None)


@pytest.mark.parametrize(("phrase", "heard", "nearness"), TABLE)
def test_nearness(phrase: str, heard: str, nearness: str | None) -> None:
    assert found(phrase, heard) == nearness


def test_a_form_may_forbid_near_matches() -> None:
    assert found("保本保收益", "宝本宝收益", Match.EXACT) is None
    assert found("保本保收益", "保本保的收益", Match.NEAR) is None


def test_phrases_do_not_reach_across_utterances() -> None:
    index = PhraseIndex(Sounds())
    index.add("保本保收益", Match.AUTO, "user")
    index.freeze()
    assert index.find(index.spoken(["保本", "保收益"])) == {}


HANZI = st.text(st.sampled_from("保本收益密码年利率您好我们会告诉风险投资谨慎再见"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(HANZI, min_size=1, max_size=6), st.lists(HANZI, min_size=1, max_size=6, unique=True))
def test_exact_phrases_are_found_where_python_finds_them(utterances: list[str], phrases: list[str]) -> None:
    index = PhraseIndex(Sounds())
    for phrase in phrases:
        index.add(phrase, Match.EXACT, phrase)
    index.freeze()
    hits = index.find(index.spoken(utterances))
    ours = {(phrase, hit.utterance) for phrase, places in hits.items() for hit in places}
    assert ours == {(phrase, i) for phrase in phrases for i, text in enumerate(utterances) if phrase in text}


@settings(max_examples=60, deadline=None)
@given(st.lists(HANZI, min_size=1, max_size=6))
def test_letters_and_sounds_are_of_equal_length_and_part_the_utterances(utterances: list[str]) -> None:
    spoken = PhraseIndex(Sounds()).spoken(utterances)
    assert len(spoken.letters) == len(spoken.sounds)
    assert spoken.letters.split("\n") == utterances
    assert [spoken.utterance_at(place) for place in spoken.starts] == list(range(len(utterances)))
