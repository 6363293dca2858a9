"""What is personal data and what only looks like it: each row is a promise."""

import pytest

from guitai.privacy.find import find
from guitai.privacy.mask import mask
from guitai.privacy.model import Kind, Sensitivity

FOUND = [
    (Kind.MOBILE, "我的手机号是13812345678", "我的手机号是138****5678"),
    (Kind.MOBILE, "１３８００１３８０００", "１３８****８０００"),
    (Kind.MOBILE, "(+86)138-0013-8000", "(+86)138-****-8000"),
    (Kind.MOBILE, "一三四七三八二幺三六八", "一三四****幺三六八"),
    (Kind.MOBILE, "13 7 4 0 0 1 2 3 4 5 6", "13 7 * * * * 2 3 4 5 6"),
    (Kind.MOBILE, "一三七，嗯，四零零一二三四五", "一三七，嗯，****二三四五"),
    (Kind.MOBILE, "前三位是一八六，中间四位一二三四，后四位五六七八", "前三位是一八六，中间四位****，后四位五六七八"),
    (Kind.MOBILE, "电话一三八四个零一二三四", "电话一三八***一二三四"),
    (Kind.MOBILE, "电话是一三八，不对，一三九一二三四五六七八", "电话是一三八，不对，一三九****五六七八"),
    (Kind.MOBILE, "号码幺三八1234五六七八", "号码幺三八****五六七八"),
    (Kind.MOBILE, "手机一三八零零灵三八零零零", "手机一三八****八零零零"),
    (Kind.MOBILE, "my number is one three eight double zero one three eight triple zero",
     "my number is one three eight *********** *** ***** eight triple zero"),
    (Kind.LANDLINE, "座机010-62345678", "座机010-****5678"),
    (Kind.LANDLINE, "区号零二一，六二三四五六七八", "区号零二一，****五六七八"),
    (Kind.ID_CARD, "身份证110101199003070038", "身份证110101********0038"),
    (Kind.ID_CARD, "一一零一零一，一九九零零三零七，零零三八", "一一零一零一，********，零零三八"),
    (Kind.ID_CARD, "身份证号是44052418800101001叉", "身份证号是440524********001叉"),
    (Kind.ID_CARD, "身份证号130503670401001", "身份证号130503******001"),
    (Kind.BANK_CARD, "卡号6217 0012 1002 4455 220", "卡号6217 **** **** ***5 220"),
    (Kind.BANK_CARD, "六二一七零零一二一零零二四四五五二二零", "六二一七***********五二二零"),
    (Kind.BANK_CARD, "my card is 4111 1111 1111 1111", "my card is 4111 **** **** 1111"),
    (Kind.PASSPORT, "护照号G一二三四五六七八", "护照号G****五六七八"),
    (Kind.PASSPORT, "passport number E12345678", "passport number E****5678"),
    (Kind.EMAIL, "邮箱是zhangsan@qq.com", "邮箱是z*******@qq.com"),
    (Kind.EMAIL, "邮箱zhang三艾特一六三点com", "邮箱z*****艾特一六三点com"),
    (Kind.EMAIL, "it is john dot smith at gmail dot com", "it is j************* at gmail dot com"),
    (Kind.ADDRESS, "我住在北京市朝阳区建国路八十八号三号楼二单元五零一室", "我住在北京市" + "*" * 20),
    (Kind.ADDRESS, "地址是广东省深圳市南山区科技园路18号", "地址是广东省深圳市" + "*" * 10),
    (Kind.NAME, "您好，我叫张三，要挂失", "您好，我叫张*，要挂失"),
    (Kind.NAME, "请问是欧阳修先生吗", "请问是欧阳*先生吗"),
    (Kind.NAME, "我姓王，叫王小明", "我姓王，叫王**"),
    (Kind.NAME, "my name is john smith and i lost my card", "my name is j*** s**** and i lost my card"),
    (Kind.CVV, "背面后三位是一二三", "背面后三位是***"),
    (Kind.CVV, "安全码 七 八 九", "安全码 * * *"),
    (Kind.PASSWORD, "密码是六个八", "密码是***"),
    (Kind.PASSWORD, "密码是大写A小写b一二三四", "密码是**********"),
    (Kind.PASSWORD, "my password is hunter2", "my password is *******"),
    (Kind.ONE_TIME_CODE, "验证码是三五二七八一", "验证码是******"),
    (Kind.ONE_TIME_CODE, "352781是您的验证码", "******是您的验证码"),
    (Kind.AMOUNT, "转了三千五百二十元五角", "转了三千五百二十元五角"),
]  # fmt: skip

NAMED_BUT_WRONG = [
    (Kind.ID_CARD, "身份证号是110101199003071234", "身份证号是110101********1234"),
    (Kind.ID_CARD, "身份证号是一一零一零一九九零零三零七零零三", "身份证号是一一零一零一******七零零三"),
    (Kind.BANK_CARD, "我的卡号是6217001210024455221", "我的卡号是6217***********5221"),
    (Kind.MOBILE, "手机号是一三八一二三四五六七", "手机号是一三八***四五六七"),
]

NEAR_MISSES = [
    "订单号13812345678", "快递单号13812345678还没到", "时间戳13812345678", "13812345678这个订单号", "13900005678号工单", "13812345678901", "12812345678",
    "110101199003071234", "110101199013070038", "990101199003070038", "6217001210024455221", "尾号5678的卡",
    "手机尾号一二三四", "卡号后四位一二三四", "二零二六年三月五号下午三点二十分", "一三五七九", "我要一二三四五六七八九十", "圆周率是3.14159265358979",
    "编号：E12345678", "请拨打95588", "热线400-820-8888", "密码错误次数超过三次", "请输入六位密码", "验证码不要告诉任何人", "密码是六位数字",
    "我是客户", "我是高兴的", "这个叫做金葵花理财", "这位女士", "两位先生您好", "项目经理", "我知道一号能到账吗", "小区5号停电", "南京路很热闹", "在三号窗口办理",
    "password is incorrect", "I am calling about my card", "meet me at noon dot", "一块儿去", "三元桥附近",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "masked"), FOUND)
def test_personal_data_is_found_and_masked(kind, text, masked):
    assert [data.kind for data in find(text)] == [kind]
    assert mask(text) == masked


@pytest.mark.parametrize(("kind", "text", "masked"), NAMED_BUT_WRONG)
def test_what_the_context_names_is_masked_even_when_a_digit_is_wrong(kind, text, masked):
    assert [(data.kind, data.verified) for data in find(text)] == [(kind, False)]
    assert mask(text) == masked


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_only_looks_like_personal_data_is_left(text):
    assert find(text) == []
    assert mask(text) == text


def test_numbers_said_without_a_pause_are_told_apart():
    found = find("一三八零零一三八零零零一三九零零一三九零零零")
    assert [data.value for data in found] == ["13800138000", "13900139000"]


def test_values_are_normalised():
    assert [data.value for data in find("电话8613812345678")] == ["13812345678"]
    assert [data.value for data in find("护照号 E 一二三四五六七八")] == ["E12345678"]


def test_a_family_name_with_a_title_is_a_name_with_nothing_to_hide():
    assert [(data.kind, data.value, data.hidden) for data in find("张先生您好")] == [(Kind.NAME, "张", ())]
    assert mask("张先生您好") == "张先生您好"


def test_a_sum_of_money_is_no_mobile_number():
    assert [data.kind for data in find("转账13812345678.50元")] == [Kind.AMOUNT]


def test_classes_follow_the_standard():
    assert {kind for kind in Kind if kind.sensitivity is Sensitivity.C3} == {
        Kind.CVV,
        Kind.PASSWORD,
        Kind.ONE_TIME_CODE,
    }
    assert [kind for kind in Kind if kind.sensitivity is Sensitivity.C1] == [Kind.AMOUNT]


def test_a_finding_never_shows_its_value_in_a_repr():
    assert "13812345678" not in repr(find("手机13812345678"))


def test_of_two_that_overlap_the_more_sensitive_then_the_longer_counts():
    assert [data.kind for data in find("邮箱13812345678@139.com")] == [Kind.EMAIL]
