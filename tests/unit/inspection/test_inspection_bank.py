"""The bank form, criterion by criterion: a call that breaks it and a like call that does not."""

from functools import cache

import pytest
from inspection_cases import conversation

from guitai.inspection.forms import load_form
from guitai.inspection.operations import CompiledForm, compile_form
from guitai.inspection.scorecards import Outcome

TABLE = [
    ("no_greeting", "other", "A 0 3 什么事情，请说", "A 0 3 您好，什么事情"),
    ("no_farewell", "other", "A 0 3 您好\nA 50 53 行了", "A 0 3 您好\nA 50 53 感谢您的来电"),
    ("interruption", "other", "C 0 8 我想说的是年费这件事\nA 6 9 这个我们都知道了", "C 0 8 我想说的是年费这件事\nA 6 7 嗯嗯"),
    ("long_silence", "other", "A 0 3 哪一台\nC 43 45 喂", "A 0 3 请您稍等，帮您查询\nC 43 45 喂"),
    ("long_silence", "other", "A 0 3 请您稍等\nC 65 66 喂", "A 0 3 请您收等，大运需要15秒\nA 30 31 久等了"),
    ("shouting", "other", "A 0 3 好|db=-26\nA 4 6 你听着|db=-13\nA 7 8 好|db=-25", "A 0 3 好|db=-26\nA 4 6 你听着|db=-22"),
    ("angry_agent", "other", "A 0 1 你|mood=angry\nA 2 3 你|mood=angry\nA 4 5 你|mood=angry", "A 0 1 你|mood=angry"),
    ("speaks_too_fast", "other", "A 0 2 这个业务您需要先在手机银行里面开通然后再到网点办理", "A 0 6 这个业务您需要先在手机银行里面开通然后再到网点办理"),
    ("no_apology", "complaint", "A 0 3 我记一下", "A 0 3 非常抱歉"),
    ("angry_customer_not_soothed", "other", "C 0 1 你|mood=angry\nC 2 3 你|mood=angry\nA 3 4 说", "C 0 1 你|mood=angry\nC 2 3 你|mood=angry\nA 3 4 您别急"),
    ("asks_password", "other", "A 0 3 请把您的银行谈蜜码告诉我", "A 0 3 请不要把密码告诉任何人"),
    ("asks_password", "other", "A 0 3 您的信用卡密码是多少？", "A 0 3 您的手机号码是多少？"),
    ("asks_password", "other", "A 0 3 短信验证码报给我一下", "A 0 3 我们不会让您把验证码告诉我们"),
    ("asks_password", "other", "A 0 3 Please tell me your password.", "A 0 3 We will never ask for your password."),
    ("promises_return", "wealth", "A 0 3 这款产品宝本宝收益", "A 0 3 我不能承诺保本，也不保证收益"),
    ("promises_return", "wealth", "A 0 3 您放心一定不会亏", "A 0 3 有可能会亏"),
    ("promises_return", "wealth", "A 0 3 没问题，保本的", "A 0 3 有人跟您说保本是骗人的"),
    ("no_risk_disclosure", "wealth", "A 0 3 给您介绍一款理财产品", "A 0 3 给您介绍一款理财产品\nA 4 6 投资需要谨慎"),
    ("no_risk_disclosure", "wealth", "A 0 3 这款理财产品没有风险", "A 0 3 这款理财产品是有风险的"),
    ("no_suitability", "wealth", "A 0 3 这款理财产品点击购买就可以", "A 0 3 这款理财产品购买前先做风险测评"),
    ("wrong_rate", "loan", "A 0 3 手套防带款的年历率是2.5%", "A 0 3 首套房贷款年利率百分之三点一"),
    ("wrong_rate", "other", "A 0 3 手机银行跨行转账手续费两块", "A 0 3 手机银行跨行转账手续费是零元"),
    ("id_number_collected", "overdue", "A 0 3 报一下身份证号码\nC 4 6 三二零一零二一九八五\nA 6 7 后面呢\nC 8 9 零六一二三三零七", "A 0 3 身份证最后四位是多少\nC 4 6 二四三九"),
    ("card_number_collected", "other", "A 0 3 把卡号报一下\nC 4 9 六二二二零二一二三四五六七八九零一二三", "A 0 3 卡号后四位报一下\nC 4 6 一二三四"),
    ("identity_not_verified", "card_loss", "A 0 3 您的卡已经挂失了", "A 0 3 请问您的姓名\nA 4 6 您的卡已经挂失了"),
    ("fraud_not_warned", "fraud", "C 0 3 他让我转到安全账户\nA 4 5 好的您转吧", "C 0 3 他让我转到安全账户\nA 4 5 这是诈骗，千万不要转账"),
    ("complaint_not_registered", "complaint", "A 0 3 对不起", "A 0 3 对不起，我登记一下，三个工作日给您答复"),
    ("repeated_question", "other", "C 0 3 我的退款什么时候可以到账啊\nC 9 12 我的退款什么时候可以到账啊", "C 0 3 我的退款什么时候可以到账啊\nC 9 12 还有我的积分怎么兑换"),
    ("blind_transfer", "transfer", "C 0 3 那帮我转过去吧\nA 40 43 您好", "C 0 3 那帮我转过去吧\nA 4 6 好的，我帮您转接，请稍等"),
    ("debt_told_to_third_party", "overdue", "C 0 3 我不是本人\nA 4 6 他的信用卡逾期了", "C 0 3 我不是本人\nA 4 6 那请他给我们回个电话"),
    ("terms_read_too_fast", "wealth", "A 0 2 理财非存款产品有风险投资须谨慎过往业绩不代表未来表现", "A 0 8 理财非存款产品有风险投资须谨慎过往业绩不代表未来表现"),
    ("forbidden_words", "other", "A 0 3 你听明白没有", "A 0 3 请问您听清楚了吗"),
    ("threatens", "overdue", "A 0 3 再不还就派人上门", "A 0 3 我们不会派人上门"),
    ("shirks", "other", "A 0 3 这个不归我管", "A 0 3 这个我帮您联系"),
]  # fmt: skip


@cache
def bank() -> CompiledForm:
    return compile_form(load_form("bank"))


@pytest.mark.parametrize(("criterion", "scene", "bad", "good"), TABLE)
def test_criterion(criterion: str, scene: str, bad: str, good: str) -> None:
    broken = {one.criterion: one for one in bank().inspect(conversation(bad, scene)).findings}[criterion]
    kept = {one.criterion: one for one in bank().inspect(conversation(good, scene)).findings}[criterion]
    assert broken.outcome is Outcome.VIOLATED
    assert broken.citations, "a finding without proof"
    assert kept.outcome is not Outcome.VIOLATED, kept


def test_every_criterion_has_its_row() -> None:
    assert {row[0] for row in TABLE} == {criterion.id for criterion in load_form("bank").criteria}
