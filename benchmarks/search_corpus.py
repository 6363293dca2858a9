"""Made-up bank calls for the search benchmark: real words with Zipf's frequencies in sentences from templates."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from pypinyin.phrases_dict import phrases_dict

from guitai.interactions.model import Party
from guitai.transcripts.search import Document, SpokenLine

TEAMS = tuple(
    f"{place}{kind}"
    for place in ("华东", "华南", "华北", "西南")
    for kind in ("客服一组", "客服二组", "信用卡组", "催收组")
)
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_OPENING = (
    ("您好，这里是某某银行客服中心，请问有什么可以帮您？", "你好，我想咨询一下{w}的事情。"),
    ("您好，工号{n}为您服务，请问您需要办理什么业务？", "我要查一下我的账户，{w}{w}一直不对。"),
    ("您好，很高兴为您服务。", "喂，你好，是银行吗？我有个{w}的问题。"),
)
_SCENES: dict[str, tuple[tuple[str, str], ...]] = {
    "挂失": (
        ("请问您是要办理信用卡挂失还是借记卡挂失？", "是信用卡，昨天在{w}丢的。"),
        ("为了您的资金安全，我先帮您临时冻结卡片。", "好的，冻结以后还能还款吗？"),
        ("可以正常还款，补卡工本费是{d}元。", "那补卡需要几个工作日？"),
        ("预计{d}个工作日寄到您的账单地址。", "地址要改一下，改到{w}{w}旁边。"),
    ),
    "催收": (
        ("您的信用卡本期账单已经逾期{d}天，请您尽快还款。", "最近{w}，手头比较紧。"),
        ("如果继续逾期会影响您的征信记录。", "能不能申请分期还款？"),
        ("可以为您申请{d}期分期，手续费按月收取。", "手续费能减免吗？我{w}。"),
        ("减免需要提交证明材料，由主管审批。", "你们这样天天打电话我很{w}。"),
    ),
    "理财": (
        ("这款理财产品的业绩比较基准是百分之{d}。", "是保本的吗？{w}怎么样？"),
        ("理财非存款，产品有风险，投资须谨慎。", "那我要是提前赎回呢？"),
        ("封闭期内不能赎回，到期自动兑付。", "我想了解一下{w}和基金的区别。"),
        ("您的风险测评等级是稳健型。", "好的，那我先买{d}万。"),
    ),
    "转账": (
        ("您的转账限额是每天{d}万元。", "我转错账了，对方是{w}公司。"),
        ("转账已经到账的话需要联系收款方退回。", "他们不退款怎么办？"),
        ("建议您保留转账凭证并尽快报警。", "我怀疑遇到了电信诈骗，{w}{w}的。"),
        ("请不要向任何人透露验证码和密码。", "手机银行显示交易失败，可是余额少了。"),
    ),
    "投诉": (
        ("非常抱歉给您带来不好的体验。", "我要投诉，我要求退款，{w}太过分了。"),
        ("您的投诉已经登记，工单号是{n}。", "多久能给我答复？"),
        ("我们会在{d}个工作日内给您回复。", "上次的客服态度很差，{w}。"),
        ("我帮您升级到投诉专员处理。", "我要见你们经理，{w}{w}。"),
    ),
    "贷款": (
        ("目前个人消费贷款的年利率是百分之{d}。", "房贷利率现在是多少？"),
        ("首套房贷款利率以合同为准。", "提前还贷要收违约金吗？"),
        ("还款满一年以后可以申请提前还款。", "我的公积金和{w}能一起抵吗？"),
        ("请您准备收入证明和银行流水。", "流水要{d}个月的吗？{w}行不行？"),
    ),
    "查询": (
        ("请您提供身份证号后四位核对身份。", "后四位是{n}。"),
        ("核对无误，您的账户余额是{n}元。", "上个月有一笔{w}的扣款。"),
        ("这笔是年费，刷卡满{d}次可以免年费。", "我没有开通过{w}服务。"),
        ("短信通知服务可以在APP里关闭。", "APP怎么登录不上，{w}{w}。"),
    ),
}
_FILLERS = (
    "{w}的{w}我不太清楚，你能再说一下吗？",
    "我们这边查到{w}{w}，跟您说的{w}是一致的。",
    "嗯，好的，我明白了。",
    "因为{w}，所以{w}的时候没有办法{w}。",
    "稍等一下，我帮您查询{w}。",
    "对，就是{w}，还有{w}。",
    "我上次问过，说是{w}{w}才可以。",
    "这个{w}跟{w}没有关系，主要还是看{w}。",
)
_CLOSING = (
    "请问还有其他可以帮您的吗？",
    "没有了，谢谢，再见。",
    "感谢您的来电，祝您生活愉快，请稍后对我的服务进行评价。",
)
_BUSINESS = """
银行 客服 信用卡 挂失 借记卡 冻结 还款 补卡 工作日 账单 地址 逾期 征信 记录 分期 手续费
减免 审批 理财 产品 保本 风险 投资 赎回 封闭期 到期 基金 转账 限额 收款 退款 报警
诈骗 验证码 密码 手机 余额 抱歉 投诉 工单 态度 经理 贷款 利率 房贷 合同 违约金 提前
公积金 收入 流水 身份证 核对 账户 扣款 年费 短信 登录 查询 电话 主管 APP
"""


def words() -> list[str]:
    """Real Chinese words, two-character ones mostly, in a made-up but fixed order of frequency."""
    chosen = sorted(w for w in phrases_dict if 2 <= len(w) <= 3 and all("\u4e00" <= c <= "\u9fff" for c in w))
    dice = random.Random(7)
    chosen = dice.sample(chosen, 20_000)
    return sorted(chosen, key=lambda w: len(w) + dice.random() * 3)


class Corpus:
    """A stream of calls, the same for the same seed; about 400 characters a call."""

    def __init__(self, seed: int = 1) -> None:
        self._dice = random.Random(seed)
        self._words = words()
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._teams = list(accumulate(1 / (rank + 6) for rank in range(len(TEAMS))))

    def documents(self, count: int) -> Iterator[Document]:
        dice = self._dice
        for number in range(count):
            team = dice.choices(TEAMS, cum_weights=self._teams)[0]
            agent = dice.randrange(25)
            scene = dice.choice(list(_SCENES))
            lines = self._lines(scene)
            yield Document(
                recording_id=f"{dice.getrandbits(64):016x}{number:08x}",
                started_at=_BEGIN + timedelta(seconds=(number + dice.random()) * 365 * 86_400 / count),
                agent_id=f"{TEAMS.index(team):02}{agent:03}",
                agent_name=f"坐席{agent:03}",
                team=team,
                scene=scene,
                tags=(dice.choice(("新客", "老客", "贵宾")),),
                score=float(dice.randrange(40, 101)),
                number_keys=(dice.randbytes(32), dice.randbytes(32)),
                last4=(f"{dice.randrange(10_000):04}",),
                utterances=tuple(
                    SpokenLine(at * 6.0, Party.CUSTOMER if at % 2 else Party.AGENT, line)
                    for at, line in enumerate(lines)
                ),
            )

    def _lines(self, scene: str) -> list[str]:
        dice = self._dice
        lines = [*dice.choice(_OPENING)]
        for agent, customer in dice.sample(_SCENES[scene], 3):
            lines += [agent, customer]
            lines += dice.sample(_FILLERS, dice.randrange(3, 6))
        lines += dice.choice(_SCENES[dice.choice(list(_SCENES))])
        lines += _CLOSING[: dice.randrange(4)]
        return [self._fill(line) for line in lines]

    def _fill(self, line: str) -> str:
        dice = self._dice
        pieces = line.split("{")
        text = pieces[0]
        for piece in pieces[1:]:
            kind, rest = piece.split("}")
            if kind == "w":
                text += dice.choices(self._words, cum_weights=self._weights)[0]
            else:
                text += str(dice.randrange(10) if kind == "d" else dice.randrange(1000, 10_000))
            text += rest
        return text


def queries(count: int, seed: int = 2) -> Iterator[tuple[str, str]]:
    """(text, team): one to four terms, two-character words, phrases; rare ones and common ones alike."""
    dice = random.Random(seed)
    vocabulary = words()
    business = _BUSINESS.split()
    weights = list(accumulate(1 / (rank + 6) for rank in range(len(TEAMS))))
    phrases = list(_phrases())
    for _ in range(count):
        kinds = dice.choice(("b", "b", "w", "W", "p", "bb", "bw", "bp", "ww", "bbb", "bbw", "bbbb", "bpw", "s"))
        terms: list[str] = []
        for kind in kinds:
            if kind == "b":
                terms.append(dice.choice(business))
            elif kind == "w":
                terms.append(vocabulary[int(len(vocabulary) ** dice.random()) - 1])
            elif kind == "W":
                terms.append(dice.choice(vocabulary))
            elif kind == "p":
                phrase = dice.choice(phrases)
                length = dice.randrange(3, 9)
                start = dice.randrange(max(1, len(phrase) - length))
                terms.append(f'"{phrase[start : start + length]}"')
            else:
                terms.append(dice.choice(business)[0])
        yield " ".join(terms), dice.choices(TEAMS, cum_weights=weights)[0]


def _phrases() -> Iterator[str]:
    for scene in _SCENES.values():
        for pair in scene:
            for line in pair:
                yield from (p for p in _split(line) if len(p) >= 4)


def _split(line: str) -> list[str]:
    for mark in ("{w}", "{d}", "{n}", "，", "。", "？"):
        line = line.replace(mark, "|")
    return line.split("|")
