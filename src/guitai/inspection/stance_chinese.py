"""How a phrase is meant in Chinese: stated in earnest, denied, asked, or in somebody else's mouth.

Works on one utterance and the place of the phrase in it. The scope of a negation is the clause (to the last comma or
stop, or to a word that turns the sentence); two negations make a statement.
"""

import re

from guitai.inspection.conditions import Stance

_CLAUSE = re.compile(r"[，,。.；;：:！!？?\n—…]")
_SENTENCE = re.compile(r"[。.！!？?\n]")
_TURN = re.compile(r"但是|但|不过|而是|只要|所以|因此|其实|就是|反正|那么|然后|[就却]")
# Words with a negation in them that deny nothing.
_NO_DENIAL = (
    "不但|不仅|不光|不只|不单|不管|不论|无论|不好意思|不过|不断|不久|不同|不错|不一样|差不多|对不起|不用说|不用担心|不用怕|不用愁|"
    "不要担心|不必担心|别担心|别怕|放心|没问题|没关系|没错|没事|无忧|非常|除非|不瞒您说|不骗您|没骗您|毫不夸张|不夸张|"
    "(?:一点)?(?:风险|损失|问题|压力|后顾之忧)(?:都|也)?没有?|没有?(?:任何|什么|一点)?(?:风险|问题|损失)|(?:无|零)风险|不会?(?:亏|赔|损失)[钱本]?|"
    "不得不|不能不|不会不|不可能不|没有不|无不|无非|不是不|并非不|不会没有|不可不|不无"
)
_A_NOT_A = "是不是|能不能|会不会|可不可以|要不要|有没有|行不行|对不对|保不保"
_DENIAL = (
    "并不|从不|从来不|从来没有?|从未|绝不|决不|绝没有|不可能|不能够?|不会|不得|不可以?|不应当?|不该|不要|不敢|不允许|不许|不准|不让|不是|"
    "不存在|不属于|不再|不提供|不作|不做|不承诺|不保证|没有|没法|没说|没|无法|无权|未|并非|禁止|严禁|杜绝|拒绝|避免|切勿|请勿|勿|"
    "谁说|谁告诉|谁敢|哪里有|哪里能|哪里会|哪能|哪会|哪有|哪来|怎么可能|怎么会|怎么敢|怎么能|何来|别|不"
)
_WORDS = re.compile(rf"(?P<none>{_NO_DENIAL})|(?P<ask>{_A_NOT_A})|(?P<deny>{_DENIAL})")
_DENIED_AFTER = re.compile(
    r"^的?(?:这种|这样|这个|的)?(?:说法|承诺|话|事情?|产品|东西|理财|宣传)?(?:是|都是|那是|这是|都|也)?"
    r"(?:绝对|完全|根本|我们?|我行|银行|现在|已经)*"
    r"(?:不可能|做不到|不存在|不允许|不行|不对|不真实|不可信|不能信|不合规|不符合|不准确|没有的|违规|违法|被禁止|禁止|骗人|骗局|假的|错误|错的|误导|谣言|"
    r"(?:不能|不敢|不会|无法|没法|没办法|不便|不可以)(?:向您|给您|跟您)?(?:承诺|保证|说|答应|给|讲|做到|许诺)|是?(?:违规|违法|假|骗|不))"
)
_UNTRUE_LATER = re.compile(
    r"骗人|骗子|骗局|诈骗|假的|是错误|说法(?:是)?(?:不对|不准确|错)|(?:是|都)不对|不要(?:相信|轻信|信)|别(?:相信|信)|切勿相信|千万(?:不要|别)|违规|不合规|不可信|不是真的|误导"
)
_OTHERS_SAY = re.compile(
    r"(?:有人|有的人|别人|人家|骗子|对方|谁(?!说|告诉|敢)|任何人|网上|广告|外面|诈骗分子|不法分子|冒充|自称|客户|他们?|她们?|某些|[某那]个人|之前那|"
    r"如果.{0,6}|假如.{0,6}|凡是|(?<![跟给向和对为])(?:您|你)(?:刚才|之前|刚刚|说的)?)"
    r"(?P<between>[^。！!？?\n]{0,10}?)"
    r"(?:所说|说|讲|声称|宣称|宣传|承诺|保证|许诺|告诉|跟您讲|提到|提出|称|问|索要|索取|要求|要您|让您|骗您|写着|认为|以为|觉得|理解|听到|听说)"
    r"(?P<gap>[^。！!？?\n]{0,10})$"
)
_WE_SAY = re.compile(r"我|咱|本行|本人")
_IF = re.compile(r"(?:如果|要是|假如|假设|倘若|万一|即使|就算|哪怕)[^就那则会]*$")
_RHETORICAL = re.compile(r"难道|岂|还能不(?!能)|能不(?!能)|怎么会不|怎么能不|怎么可能不|哪能不|哪会不|哪有不|谁说不")
_TAG = re.compile(
    r"^[^，,。；;]{0,6}?(?:好吗|行吗|可以吗|对吗|是吗|好不好|行不行|可以不|对不对|是不是|知道吗|明白吗|清楚吗|懂吗|您看呢|您说呢)$"
)
_QUESTION_END = re.compile(r"(?:吗|么|呢|没有|多少|什么|哪个|几位|不)$")


def chinese_stance(text: str, start: int, end: int) -> Stance:
    """Tell how text[start:end] is meant in the utterance `text`."""
    if text[start] == "不" and start and text[start - 1 : start] == text[start + 1 : start + 2]:
        return Stance.ASKED
    sentence, tail = _sentence_before(text, start), _sentence_after(text, end)
    clause, rest = _clause_before(text, start), _CLAUSE.split(tail)[0]
    if _untrue_afterwards(tail, rest):
        return Stance.DENIED
    if _said_by_others(sentence):
        return Stance.QUOTED
    scope = clause if _RHETORICAL.search(clause) else _TURN.split(clause)[-1]
    if _is_denied(scope):
        return Stance.DENIED
    if _RHETORICAL.search(scope):
        return Stance.STATED
    return _open_stance(clause, rest, text[end + len(rest) : end + len(rest) + 1])


def _is_denied(scope: str) -> bool:
    """Count negations; a rhetorical question turns the sense round (难道还不保本 states, 难道能保本 denies)."""
    rhetorical = _RHETORICAL.search(scope)
    if rhetorical is None:
        return _denials(scope) % 2 == 1
    odd = _denials(scope.replace("难道", "").replace("还能不", "").replace("能不", "")) % 2 == 1
    return not odd if rhetorical[0] in ("难道", "岂") else odd


def _open_stance(clause: str, rest: str, mark: str) -> Stance:
    """Tell supposition and question from statement, where nothing denies."""
    if _IF.search(clause):
        return Stance.QUOTED
    return Stance.ASKED if _is_question(clause, rest, mark) else Stance.STATED


def _sentence_before(text: str, start: int) -> str:
    return _SENTENCE.split(text[:start])[-1]


def _sentence_after(text: str, end: int) -> str:
    return _SENTENCE.split(text[end:])[0]


def _clause_before(text: str, start: int) -> str:
    return _CLAUSE.split(text[:start])[-1]


def _untrue_afterwards(tail: str, rest: str) -> bool:
    plain = rest.lstrip("”」』’、 ")
    return bool(_DENIED_AFTER.match(plain) or _UNTRUE_LATER.search(tail))


def _said_by_others(sentence: str) -> bool:
    reported = _OTHERS_SAY.search(sentence)
    if reported is None:
        return False
    return not _WE_SAY.search(reported["between"]) and not _WE_SAY.search(reported["gap"])


def _denials(scope: str) -> int:
    """Count the negations of a scope; a double one counts as none."""
    return sum(1 for word in _WORDS.finditer(scope) if word["deny"])


def _is_question(before: str, rest: str, mark: str) -> bool:
    if _TAG.match(rest):
        return False
    if any(word["ask"] for word in _WORDS.finditer(before)) or "是否" in before or "能否" in before:
        return True
    return mark in ("？", "?") or bool(_QUESTION_END.search(rest))
