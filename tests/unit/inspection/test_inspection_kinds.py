"""Every criterion kind, as a table: what the form says, what was said, what comes of it, which turns prove it."""

import pytest
from inspection_cases import compiled, conversation

V, M, N, U = "violated", "met", "not_applicable", "undetermined"

TABLE = {
    "phrase said": [
        ("violation: {said: [保证收益]}", "A 0 3 我保证收益\nC 3 5 好", V, [0]),
        ("violation: {said: [保证收益]}", "C 0 3 你保证收益吗", M, []),
        ("violation: {said: [保证收益], by: customer}", "C 0 3 你保证收益吗", V, [0]),
        ("violation: {said: [保证收益], by: anyone}", "C 0 3 你保证收益吗", V, [0]),
        ("violation: {said: [保证收益], counts: stated}", "A 0 3 我们不保证收益", M, []),
        ("violation: {said: [保证收益], counts: stated}", "A 0 3 您问我保证收益吗", M, []),
        ("violation: {said: [保证收益], counts: stated_or_asked}", "A 0 3 还用问保证收益吗", V, [0]),
        ("violation: {said: [抱歉], at_least: 2}", "A 0 3 抱歉\nC 3 4 嗯\nA 5 6 好的", M, []),
        ("violation: {said: [抱歉], at_least: 2}", "A 0 3 抱歉\nC 3 4 嗯\nA 5 6 非常抱歉", V, [0, 2]),
        ("violation: {said: [转…主管]}", "A 0 3 我帮您转给我们的主管", V, [0]),
        ("violation: {said: [转…主管]}", "A 0 3 我帮您转一下\nA 3 6 主管不在", M, []),
        ("violation: {said: [pin]}", "A 0 3 Please tell me your PIN.", V, [0]),
        ("violation: {said: [pin]}", "A 0 3 I am spinning", M, []),
    ],
    "phrase not said": [
        ("violation: {not_said: [再见], last_s: 10}", "A 0 3 您好\nA 50 55 祝您愉快", V, [1]),
        ("violation: {not_said: [再见], last_s: 10}", "A 0 3 您好\nA 50 55 再见", M, []),
        ("requirement: {said: greetings, first_s: 10}", "A 0 3 您好\nC 3 4 嗯", M, [0]),
        ("requirement: {said: greetings, first_s: 10}", "A 0 3 说\nA 30 33 您好", V, [0]),
        ("requirement: {said: greetings, first_s: 10}", "A 0 3 呃|sure=0.1\nA 30 33 您好", U, []),
        ("requirement: {said: greetings, first_s: 10}", "? 0 3 说", U, []),
    ],
    "windows": [
        ("violation: {said: [年费], first_turns: 1}", "A 0 3 喂\nC 3 4 喂\nA 4 6 年费", M, []),
        ("violation: {said: [年费], last_turns: 1}", "A 0 3 喂\nC 3 4 喂\nA 4 6 年费", V, [2]),
        ("violation: {said: [年费], after: {said: [办卡], by: customer}}", "A 0 3 年费\nC 3 4 我要办卡", M, []),
        ("violation: {said: [年费], after: {said: [办卡], by: customer}}", "C 0 3 我要办卡\nA 3 4 年费", V, [1]),
        ("violation: {said: [年费], before: {said: [办卡], by: customer}}", "A 0 3 年费\nC 3 4 我要办卡", V, [0]),
        (
            "violation: {said: [年费], after: {said: [办卡], by: customer}, within_turns: 1}",
            "C 0 3 我要办卡\nA 3 4 好\nA 5 6 年费",
            M,
            [],
        ),
        (
            "violation: {said: [年费], after: {said: [办卡], by: customer}, within_s: 5}",
            "C 0 3 我要办卡\nA 4 6 年费",
            V,
            [1],
        ),
        (
            "violation: {said: [年费], after: {said: [办卡], by: customer}, within_s: 5}",
            "C 0 3 我要办卡\nA 9 11 年费",
            M,
            [],
        ),
    ],
    "regular expression": [
        (r"violation: {matches: '\d{17}[\dX]'}", "A 0 3 号码是11010119900307253X", V, [0]),
        (r"violation: {matches: '\d{17}[\dX]'}", "A 0 3 号码是1101011990", M, []),
        ("violation: {matches: 包过, counts: stated}", "A 0 3 我们不能说包过", M, []),
    ],
    "order": [
        (
            "requirement: {order: [{said: [核实]}, {said: [已经挂失]}]}",
            "A 0 3 我先核实身份\nC 3 4 好\nA 5 8 已经挂失",
            M,
            [0, 2],
        ),
        ("requirement: {order: [{said: [核实]}, {said: [已经挂失]}]}", "A 0 3 已经挂失\nA 5 8 我核实一下", V, [0, 1]),
    ],
    "silence": [
        ("violation: {silence: 20}", "A 0 3 您好\nC 30 33 喂", V, [0]),
        ("violation: {silence: 20}", "A 0 3 您好\nC 20 33 喂", M, []),
        ("violation: {silence: 20, unless_said: [稍等]}", "A 0 3 请您稍等\nC 30 33 喂", M, []),
        ("violation: {silence: 20, after_party: agent}", "C 0 3 喂\nA 30 33 您好", M, []),
        ("violation: {silence: 20}", "A 25 30 您好", V, [0]),
    ],
    "interruption": [
        ("violation: {interruption: 0.8}", "C 0 8 我想问一下这个年费的事\nA 6 9 这个我不清楚", V, [1]),
        ("violation: {interruption: 0.8}", "C 0 8 我想问一下这个年费的事\nA 7.5 9 这个我不清楚", M, []),
        ("violation: {interruption: 0.8}", "C 0 8 我想问一下这个年费的事\nA 3 4 嗯好的", M, []),
        ("violation: {interruption: 0.8}", "A 0 8 我们这个产品的规定是这样\nC 6 9 等一下我想问", M, []),
        ("violation: {interruption: 0.8, by: customer}", "A 0 8 我们这个产品的规定是\nC 6 9 等一下我想问", V, [1]),
    ],
    "speech rate": [
        ("violation: {faster_than: 7}", "A 0 2 理财非存款产品有风险投资须谨慎请您知晓", V, [0]),
        ("violation: {faster_than: 7}", "A 0 5 理财非存款产品有风险投资须谨慎请您知晓", M, []),
        ("violation: {faster_than: 7}", "A 0 0.2 好的好的", M, []),
        ("violation: {slower_than: 2}", "A 0 20 理财非存款产品有风险投资须谨慎请您知晓", V, [0]),
        (
            "violation: {faster_than: 7, about: [年费]}",
            "A 0 2 理财非存款产品有风险投资须谨慎请您知晓",
            M,
            [],
        ),
    ],
    "loudness": [
        ("violation: {louder_than_db: -15}", "A 0 3 好|db=-12", V, [0]),
        (
            "violation: {louder_than_usual_db: 7}",
            "A 0 3 好|db=-26\nA 4 5 你听着|db=-14\nA 6 7 好|db=-25",
            V,
            [1],
        ),
        ("violation: {louder_than_usual_db: 7}", "A 0 3 好\nA 4 5 你听着", M, []),
    ],
    "mood": [
        ("violation: {mood: [angry]}", "A 0 3 你听着|mood=angry", V, [0]),
        ("violation: {mood: [angry], at_least: 2}", "A 0 3 你听着|mood=angry", M, []),
        ("violation: {mood: [angry]}", "C 0 3 你听着|mood=angry", M, []),
    ],
    "repeated question": [
        (
            "violation: {repeated: 2}",
            "C 0 3 我的退款什么时候到账\nA 3 5 不清楚\nC 5 8 我问我的退款什么时候到账",
            V,
            [0, 2],
        ),
        ("violation: {repeated: 2}", "C 0 3 我的退款什么时候到账\nC 5 8 另外我想改一下手机号", M, []),
    ],
    "digits over turns": [
        ("violation: {digits: 18, across_turns: 2}", "C 0 3 一一零一零一一九九零\nC 4 6 零三零七二五三五", V, [0, 1]),
        ("violation: {digits: 18}", "C 0 3 一一零一零一一九九零\nC 4 6 零三零七二五三五", M, []),
        ("violation: {digits: 18}", "C 0 3 110101 1990 0307 2535", V, [0]),
    ],
    "number statement": [
        ("violation: {wrong_number: [consumer_loan_rate]}", "A 0 3 安心贷的年利率是百分之四点八", V, [0]),
        ("violation: {wrong_number: [consumer_loan_rate]}", "A 0 3 安心贷的年利率是3.6%", M, []),
        ("violation: {wrong_number: [consumer_loan_rate]}", "A 0 3 安心贷月息三厘", M, []),
        ("violation: {wrong_number: [consumer_loan_rate]}", "A 0 3 安心贷日息万分之五", V, [0]),
        ("violation: {wrong_number: [consumer_loan_rate]}", "A 0 3 安心贷的年利率不是百分之四点八", M, []),
        ("violation: {wrong_number: [consumer_loan_rate]}", "C 0 3 安心贷的年利率是百分之四点八", M, []),
        ("violation: {wrong_number: [consumer_loan_rate]}", "C 0 3 安心贷的利率多少\nA 3 5 年利率百分之五", V, [1]),
        ("violation: {wrong_number: [consumer_loan_rate]}", "A 0 3 首套房贷款年利率百分之五", M, []),
        ("violation: {wrong_number: [first_home_rate]}", "A 0 3 手套防带款的年历率是2.5%", V, [0]),
        ("violation: {wrong_number: [mobile_transfer_fee]}", "A 0 3 手机银行跨行转账手续费五块", V, [0]),
        ("violation: {wrong_number: [instalment_monthly_fee]}", "A 0 3 分期的月费率是百分之零点六", M, []),
    ],
    "composition": [
        ("violation: {all: [{said: [收益]}, {said: [保证]}]}", "A 0 3 收益\nA 3 5 保证", V, [0, 1]),
        ("violation: {all: [{said: [收益]}, {said: [保证]}]}", "A 0 3 收益", M, []),
        ("violation: {any: [{said: [收益]}, {said: [保证]}]}", "A 0 3 保证", V, [0]),
        ("violation: {none: [{said: [收益]}, {said: [保证]}]}", "A 0 3 您好", V, []),
        ("violation: {none: [{said: [收益]}, {said: [保证]}]}", "A 0 3 收益", M, []),
        ("violation: {all: [{any: [{said: [一]}, {said: [二]}]}, {none: [{said: [三]}]}]}", "A 0 3 二", V, [0]),
    ],
    "when it applies": [
        ("scenes: [sale]\nviolation: {said: [收益]}", "A 0 3 收益", N, []),
        ("when: {said: [理财]}\nrequirement: {said: [风险]}", "A 0 3 您好", N, []),
        ("when: {said: [理财]}\nrequirement: {said: [风险]}", "A 0 3 买理财", V, [0]),
        ("when: {said: [理财]}\nrequirement: {said: [风险]}", "A 0 3 买理财有风险", M, [0]),
        ("when: {tagged: [vip]}\nrequirement: {said: [尊敬的]}", "A 0 3 您好", N, []),
    ],
}
ROWS = [pytest.param(*row, id=f"{kind} {n}") for kind, rows in TABLE.items() for n, row in enumerate(rows)]


@pytest.mark.parametrize(("body", "script", "outcome", "cited"), ROWS)
def test_kind(tmp_path, body, script, outcome, cited) -> None:
    finding = compiled(body, tmp_path).inspect(conversation(script, scene="other")).findings[0]
    assert finding.outcome == outcome
    assert finding.points == (5 if outcome == V else 0)
    if cited:
        assert [citation.utterance for citation in finding.citations] == cited


def test_a_silence_is_cited_with_its_own_seconds(tmp_path) -> None:
    finding = (
        compiled("violation: {silence: 20}", tmp_path).inspect(conversation("A 0 3 您好\nC 43.5 45 喂")).findings[0]
    )
    assert (finding.citations[0].start_s, finding.citations[0].end_s) == (3.0, 43.5)
    assert finding.note == "静默 40.5 秒"


def test_a_wrong_rate_says_what_is_right(tmp_path) -> None:
    form = compiled("violation: {wrong_number: [consumer_loan_rate]}", tmp_path)
    finding = form.inspect(conversation("A 0 3 安心贷的年利率是百分之四点八")).findings[0]
    assert finding.note == "个人消费贷款年利率：说成 4.8%，应为 3.6%"
