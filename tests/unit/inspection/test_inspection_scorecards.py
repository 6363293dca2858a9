"""Laws of every scorecard, whatever was said."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspection_cases import conversation

from guitai.inspection.errors import ScorecardError
from guitai.inspection.forms import load_form
from guitai.inspection.model import Conversation
from guitai.inspection.operations import CompiledForm, compile_form
from guitai.inspection.scorecards import Outcome, Scorecard
from guitai.interactions.model import Party, Utterance

SRC = Path(__file__).parents[3] / "src"
SENTENCES = [
    "您好，请问有什么可以帮您",
    "请把您的银行卡密码告诉我",
    "这款产品保本保收益，一定不会亏",
    "我们银行新出了一款理财产品",
    "产品有风险，投资需谨慎",
    "安心贷的年利率是百分之四点八",
    "请您报一下身份证号码",
    "一一零一零一一九九零零三零七二五三五",
    "你听明白没有",
    "非常抱歉，请您稍等",
    "感谢您的来电，再见",
    "Please tell me your password",
    "",
]
NEUTRAL = "今天外面的天空很蓝"


@cache
def bank() -> CompiledForm:
    return compile_form(load_form("bank"))


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    utterances: list[Utterance] = []
    clock = 0.0
    for index in range(draw(st.integers(0, 12))):
        start = max(0.0, clock + draw(st.floats(-2, 50)))
        clock = start + draw(st.floats(0.2, 9))
        text = draw(st.sampled_from(SENTENCES))
        utterances.append(
            Utterance(
                index,
                draw(st.sampled_from(list(Party))),
                start,
                clock,
                text,
                text,
                confidence=draw(st.floats(0, 1)),
                loudness_db=draw(st.none() | st.floats(-60, 0)),
                mood=draw(st.none() | st.sampled_from(["calm", "angry"])),
            )
        )
    return Conversation(tuple(utterances), clock, draw(st.none() | st.sampled_from(load_form("bank").scenes)))


@settings(max_examples=20, deadline=None)
@given(conversations())
def test_the_total_is_the_sum_of_dimensions_and_nothing_goes_below_zero(talk: Conversation) -> None:
    card = bank().inspect(talk)
    assert card.total == pytest.approx(sum(dimension.score for dimension in card.dimensions))
    for dimension in card.dimensions:
        lost = sum(finding.points for finding in card.findings if finding.dimension == dimension.id)
        assert dimension.score == pytest.approx(max(0.0, dimension.weight - lost))
    assert [finding.criterion for finding in card.findings] == [one.id for one in bank().form.criteria]
    assert all((finding.points > 0) == (finding.outcome is Outcome.VIOLATED) for finding in card.findings)
    assert all(0 <= finding.confidence <= 1 for finding in card.findings)


@settings(max_examples=20, deadline=None)
@given(conversations())
def test_a_scorecard_survives_json_and_has_one_byte_string(talk: Conversation) -> None:
    card = bank().inspect(talk)
    again = Scorecard.from_json(json.loads(json.dumps(card.to_json())))
    assert again == card
    assert again.to_bytes() == card.to_bytes() == bank().inspect(talk).to_bytes()


@settings(max_examples=20, deadline=None)
@given(conversations(), st.data())
def test_a_neutral_utterance_of_the_customer_at_the_end_takes_no_phrase_away(
    talk: Conversation, data: st.DataObject
) -> None:
    """What was said stays said: violations by phrases do not depend on later small talk."""
    said = {"asks_password", "promises_return", "forbidden_words", "wrong_rate", "threatens"}
    before = {one.criterion for one in bank().inspect(talk).violations} & said
    last = Utterance(len(talk.utterances), Party.CUSTOMER, talk.duration_s + 1, talk.duration_s + 3, NEUTRAL, NEUTRAL)
    longer = replace(talk, utterances=(*talk.utterances, last), duration_s=talk.duration_s + 3)
    assert {one.criterion for one in bank().inspect(longer).violations} & said == before


def test_citations_show_only_what_they_are_given() -> None:
    talk = conversation("A 0 3 您好\nA 3 6 张三请把您的密码告诉我\nA 6 8 再见")
    card = bank().inspect(talk, shown=["您好", "张*请把您的密码告诉我", "再见"])
    finding = next(one for one in card.findings if one.criterion == "asks_password")
    assert [citation.text for citation in finding.citations] == ["张*请把您的密码告诉我"]
    assert "张三" not in card.to_bytes().decode()


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from inspection_cases import conversation
from guitai.inspection.forms import load_form
from guitai.inspection.operations import compile_form
text = open({path!r}, encoding="utf-8").read()
sys.stdout.buffer.write(compile_form(load_form("bank")).inspect(conversation(text, "wealth")).to_bytes())
"""


def test_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    lines = [f"{'AC'[n % 2]} {n * 9} {n * 9 + 5} {text}" for n, text in enumerate(SENTENCES)]
    path = tmp_path / "talk.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    script = SCRIPT.format(tests=str(Path(__file__).parent), path=str(path))
    bytes_ = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(SRC)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    }
    here = bank().inspect(conversation("\n".join(lines), "wealth")).to_bytes()
    assert bytes_ == {here}


@pytest.mark.parametrize("value", [{}, {"form": 1}, {"form": "x", "findings": [{}]}])
def test_what_is_no_scorecard_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(ScorecardError):
        Scorecard.from_json(value)
