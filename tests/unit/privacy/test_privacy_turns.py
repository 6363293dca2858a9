"""Numbers that are spread over turns, with acknowledgements, echoes and fillers in between."""

import pytest

from guitai.privacy.find import find_in_turns
from guitai.privacy.mask import mask_turns
from guitai.privacy.model import Kind, Turn

CALLS = {
    "acknowledged": (
        Kind.MOBILE, "13800138000",
        [("a", "请问您的手机号是多少"), ("c", "一三八"), ("a", "嗯"), ("c", "零零一三"), ("a", "好的您继续"), ("c", "八零零零")],
        ["请问您的手机号是多少", "一三八", "嗯", "****", "好的您继续", "八零零零"],
    ),
    "echoed": (
        Kind.MOBILE, "13740000123",
        [("c", "我的号码是一三七"), ("a", "一三七对吧"), ("c", "嗯四零零零"), ("a", "四零零零"), ("c", "零幺二三")],
        ["我的号码是一三七", "一三七对吧", "嗯****", "****", "零幺二三"],
    ),
    "identity card": (
        Kind.ID_CARD, "110101199003070038",
        [("a", "身份证号麻烦报一下"), ("c", "一一零一零一一九九零"), ("a", "嗯嗯"), ("c", "然后零三零七零零三八")],
        ["身份证号麻烦报一下", "一一零一零一****", "嗯嗯", "然后****零零三八"],
    ),
    "bank card": (
        Kind.BANK_CARD, "6217001210024455220",
        [("a", "请问卡号"), ("c", "六二一七零零幺二"), ("a", "请继续"), ("c", "一零零二四四五五"), ("c", "然后是二二零")],
        ["请问卡号", "六二一七****", "请继续", "*******五", "然后是二二零"],
    ),
    "asked for": (
        Kind.ONE_TIME_CODE, "352781",
        [("a", "请报一下您收到的验证码"), ("c", "嗯三五二七八一")],
        ["请报一下您收到的验证码", "嗯******"],
    ),
    "card verification": (
        Kind.CVV, "789",
        [("a", "请问背面的后三位数字是多少"), ("c", "七八九")],
        ["请问背面的后三位数字是多少", "***"],
    ),
    "speakers unknown": (
        Kind.MOBILE, "13800138000",
        [("unknown", "我的手机一三八"), ("unknown", "一三八"), ("unknown", "零零一三八零零零")],
        ["我的手机一三八", "一三八", "****八零零零"],
    ),
    "asked to say it again": (
        Kind.MOBILE, "13800138000",
        [("c", "一三八"), ("a", "不好意思请您再说一遍好吗"), ("c", "零零一三八零零零")],
        ["一三八", "不好意思请您再说一遍好吗", "****八零零零"],
    ),
}  # fmt: skip

APART = [
    [
        ("c", "我要转一三八"),
        ("a", "请问您说的是什么业务，我这边系统显示您名下有两张卡，一张是储蓄卡，还有一张信用卡"),
        ("c", "零零一三八零零零"),
    ],
    [("c", "一三八"), ("c", "我先看一下那个短信"), ("c", "零零一三八零零零")],
    [("a", "订单号是多少"), ("c", "一三八零零一三八零零零")],
    [("a", "卡号后四位是多少"), ("c", "五六七八")],
    [("a", "一三八"), ("c", "零零一三八零零零")],
]


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_number_over_several_turns_is_found_and_masked_in_each(call):
    kind, value, said, masked = CALLS[call]
    turns = [Turn(*turn) for turn in said]
    assert [(data.kind, data.value) for data in find_in_turns(turns)] == [(kind, value)]
    assert mask_turns(turns) == masked


@pytest.mark.parametrize("said", APART)
def test_what_does_not_belong_together_is_not_joined(said):
    assert find_in_turns([Turn(*turn) for turn in said]) == []
