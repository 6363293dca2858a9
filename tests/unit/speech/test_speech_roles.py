import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.interactions.model import Party
from guitai.speech.roles import agent_score, parties_by_speech, tracks_look_swapped

CALLS = {
    "银行呼入": (
        ["您好XX银行工号一零二三请问有什么可以帮您", "请您提供一下身份证号码", "已经为您办理好了还有其他可以帮您的吗"],
        ["你好我要挂失我的银行卡不见了", "好的", "没有了谢谢"],
    ),
    "催收外呼": (
        ["请问是王先生吗这里是青山银行信用卡中心", "您的账单已经逾期三天请您尽快还款"],
        ["我是你们怎么又打电话", "我没钱下个月再说"],
    ),
    "投诉": (
        ["感谢您的来电很高兴为您服务", "非常抱歉给您带来不便我为您登记一下"],
        ["你们这个扣了我三百块凭什么", "我要投诉叫你们领导来"],
    ),
    "没有开场白": (
        ["说吧什么事", "请您稍等系统这边显示您的贷款已经批了"],
        ["我想问一下我的贷款怎么办", "要多久到账"],
    ),
    "english bank": (
        [
            "Thank you for calling Green Hill Bank, my name is Dana, how can I help you?",
            "Can I have your card number please?",
        ],
        ["Hi, I lost my card and I'd like to block it.", "Sure, one second."],
    ),
    "english garage": (
        [
            "Hello, how may I assist you today?",
            "Let me check the schedule.",
            "Is there anything else I can help you with?",
        ],
        ["Yeah I'm calling about my car, I need to get the brakes checked.", "How much will it be?"],
    ),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("agent", [0, 1])
def test_the_agent_is_told_from_the_customer_by_what_is_said(name, agent):
    agent_says, customer_says = CALLS[name]
    said = {agent: agent_says, 1 - agent: customer_says}
    assert parties_by_speech(said) == {agent: Party.AGENT, 1 - agent: Party.CUSTOMER}


def test_without_ground_nobody_is_named():
    assert set(parties_by_speech({0: ["嗯"], 1: ["今天天气不错"]}).values()) == {Party.UNKNOWN}
    assert parties_by_speech({0: ["打开空调"]}) == {0: Party.UNKNOWN}
    assert parties_by_speech({0: []}) == {0: Party.UNKNOWN}
    assert parties_by_speech({}) == {}


def test_a_lone_voice_is_named_on_clear_ground_only():
    agent_says, customer_says = CALLS["银行呼入"]
    assert parties_by_speech({0: agent_says}) == {0: Party.AGENT}
    assert parties_by_speech({0: customer_says}) == {0: Party.CUSTOMER}
    both = [text for pair in zip(agent_says, customer_says, strict=True) for text in pair]
    assert parties_by_speech({0: both}) == {0: Party.UNKNOWN}


@pytest.mark.parametrize("name", CALLS)
def test_tracks_are_called_swapped_on_strong_evidence_only(name):
    agent_says, customer_says = CALLS[name]
    assert not tracks_look_swapped(agent_says, customer_says)
    assert not tracks_look_swapped([], agent_says)
    assert not tracks_look_swapped(["好的"], agent_says)


def test_swapped_tracks_are_seen():
    agent_says, customer_says = CALLS["银行呼入"]
    assert tracks_look_swapped(customer_says, agent_says)


@given(st.lists(st.text(max_size=30), max_size=6), st.lists(st.text(max_size=30), max_size=6))
def test_the_answer_follows_the_words_not_the_number(first, second):
    ours = parties_by_speech({0: first, 1: second})
    theirs = parties_by_speech({0: second, 1: first})
    if agent_score(first) != agent_score(second):
        assert (ours[0], ours[1]) == (theirs[1], theirs[0])
