"""What the words around a number say it is: a card, a code, or nobody's personal data."""

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from guitai.privacy.model import Kind, Turn


class Other(Enum):
    """What a number is said to be where it is nobody's personal data."""

    REFERENCE = auto()
    TAIL = auto()


Meaning = Kind | Other


class Context(NamedTuple):
    """The nearest meaning named around a number; `tight` where only link words stand between."""

    meaning: Meaning | None
    tight: bool

    def loosened(self) -> "Context":
        """Return what still holds for a later number of the same chain: what is a reference stays one."""
        return self if isinstance(self.meaning, Other) else self._replace(tight=False)


# Regular expressions, one a word, that name what a number is. Where two begin at the same place, the first counts.
_MEANINGS: dict[Meaning, str] = {
    Other.TAIL: r"""
        尾号 尾数 末四位 后四位 最后四位 后六位 末尾四位
        (?:卡|手机|号码?|账号|身份证|证件)的?号?的?(?:最后|后|末)[三3]位
        (?i:end(?:ing|s)\sin) (?i:last\s(?:four|4))(?:\sdigits)?
        """,
    Kind.CVV: r"""
        (?i:cvv2?|cvc2?|cvn2?|csc)(?![a-z]) (?i:security\scode|card\sverification\s(?:code|value)) 安全码 安全代码
        卡验证码
        背面的?(?:末|后|最后)?那?个?[三3](?:位(?:数字|数)?|个数字?)
        签名(?:栏|条|处)?(?:上|后面|旁边|旁)?的?(?:末|后|最后)?[三3]位(?:数字|数)?
        (?:后|末|最后)[三3][位码](?:数字|数|安全码)?
        卡的?(?:后面|背后|反面)的?那?[三3]位(?:数字|数)?
        """,
    Kind.ONE_TIME_CODE: r"""
        验证码 校验码 动态码 动态口令 动态密码 短信码 短信密码 一次性密码 交易码 确认码 (?i:(?<![a-z])otp(?![a-z]))
        (?i:verification\scode)
        (?i:one[-\s]time\s(?:pass)?(?:code|word)) (?i:passcode|confirmation\scode|sms\scode)
        """,
    Kind.PASSWORD: r"密码 口令 (?i:password) (?i:(?<![a-z])pin(?:\s(?:code|number))?(?![a-z]))",
    Kind.ID_CARD: r"""
        身份证 证件号 (?i:(?<![a-z])(?:national\s)?id\s(?:card|number|no)) (?i:identity\s(?:card|number))
        """,
    Kind.PASSPORT: r"护照 通行证 (?i:passport)",
    Kind.BANK_CARD: r"""
        卡号 银行卡 信用卡 储蓄卡 借记卡 贷记卡 工资卡 社保卡 主卡 副卡 附属卡 账号 账户 帐号 帐户
        (?i:(?:card|account)\s(?:number|no)) (?i:(?:credit|debit|bank)\scard)
        """,
    Kind.LANDLINE: r"""
        座机 固话 固定电话 办公电话 家庭电话 住宅电话 单位电话 家里的?电话 (?i:landline|(?:home|office)\sphone)
        """,
    Kind.MOBILE: r"""
        手机 电话 联系方式 打我 拨打 来电
        (?i:mobile|phone|cell|telephone|(?<![a-z])tel(?![a-z])) (?i:(?:call|reach)\sme\s(?:at|on))
        """,
    Other.REFERENCE: r"""
        订单 流水 工单 单号 运单 快递 物流 编号 时间戳 交易号 参考号 合同 凭证 保单 发票 税号 信用代码 社会信用
        股票 代码 邮编 序列号 设备号 设备码 串号 型号 货号 批号 批次 版本 条码 条形码 学号 工号 案件号 受理号
        业务号 回执 凭据 票据 支票 商户号 终端号 会员号 客户号 柜员号 机构号 行号 任务号 请求号 日志 圆周率 积分
        排队号 取件码 提货码 (?i:imei|order|reference|ref(?![a-z])|ticket|tracking)
        (?i:invoice|serial|timestamp|transaction|case\s(?:number|no)|contract|policy|batch|zip|(?<![a-z])sn(?![a-z]))
        """,
}
_ORDER = tuple(_MEANINGS)
# Every character that can begin such a word, those in a leading group spelled out: most of a text is passed over.
_BEGINS = "A-Za-z卡手号账身证后末最" + "".join(
    word[0] for words in _MEANINGS.values() for word in words.split() if word[0] != "("
)
_NAMED = re.compile(
    f"(?=[{_BEGINS}])(?:"
    + "|".join(f"(?P<m{i}>{'|'.join(_MEANINGS[meaning].split())})" for i, meaning in enumerate(_ORDER))
    + ")"
)
# Words that may stand between what names a number and the number itself: connectives, requests, answers.
_LINK_WORDS = """
    是不是 的 是 为 就 我 您 你 他 她 号 码 数 字 有 啊 呃 额 嗯 哦 这 那 个 呢 吧 嘛 吗 应 该 当 时 设 置 成 了 收 到
    刚 才 给 报 说 告 诉 请 问 一下 多少 几 什么 叫 做 分 别 在 能 麻烦 提供 核对 核实 确认 念 发 来 好 对 跟 讲 一遍
    再 下 后 里 上 面 填 写 输 入 记 住 目 前 现 用 全 部 完 整 生日 得 好像 大概 可能 以前 之前 原来 一直 反正
    肯定 明明 显示 没错 六位 三位 四位 登录 支付 交易 取款 查询 银行 卡 短信 六 四 位 出生 日期
    """
_ENGLISH_LINK_WORDS = """
    is was it it's its the my your a an code number no please okay ok so to you just got received and sure yes yeah that
    would be at on me for what what's
    """
_MARKS = r"""[\s:：,，.。、;；?？!！"“”「」『』【】'()（）#-]"""
_LINK = re.compile(
    f"(?:{_MARKS}|{'|'.join(_LINK_WORDS.split())}"
    f"|(?i:{'|'.join(_ENGLISH_LINK_WORDS.split())})(?![A-Za-z]))*+[A-Za-z]{{0,2}}"
)
_AFTER_LINK = re.compile(
    r"[\s,，]*号?(?:这个?|那个?|就|也|都)?(?:是|为)?(?:这|那)?(?:个|笔|张)?(?:我|您|你|他|她|本人)?(?:的|收到的|刚收到的)?"
)
_WINDOW = 28
_PREVIOUS_TURNS = 2
NOTHING = Context(None, tight=False)


def before(turns: Sequence[Turn], turn: int, start: int) -> Context:
    """Return what is said of the number that begins at `start` of `turn` by the words before it.

    Where nothing before it in its turn is more than a link, what the turns before asked for counts.
    """
    text = turns[turn].text[max(0, start - _WINDOW) : start]
    found = _last(text)
    if found is None and start <= _WINDOW and _LINK.fullmatch(text):
        for previous in range(turn - 1, max(-1, turn - 1 - _PREVIOUS_TURNS), -1):
            found = _last(turns[previous].text[-_WINDOW:])
            if found is not None:
                break
    return found or NOTHING


def after(following: str) -> Context:
    """Return what is said of a number by the words that follow it (…是我的验证码, …这个订单)."""
    link = _AFTER_LINK.match(following)
    match = _NAMED.match(following, link.end()) if link else None
    return Context(_meaning(match), tight=True) if match else NOTHING


def _last(said: str) -> Context | None:
    matches = list(_NAMED.finditer(said))
    if not matches:
        return None
    return Context(_meaning(matches[-1]), tight=_LINK.fullmatch(said, matches[-1].end()) is not None)


def _meaning(match: re.Match[str]) -> Meaning:
    return _ORDER[int((match.lastgroup or "m0")[1:])]
