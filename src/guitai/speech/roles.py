"""Who is the agent and who the customer, by what they say."""

import re
from collections.abc import Mapping, Sequence

from guitai.interactions.model import Party

# What each party says that the other hardly does, with its weight. Recognised text is simplified Chinese without
# dependable punctuation, or English; hence no anchors and short stems.
_AGENT = (
    (r"您", 0.5),
    (r"不客气", 0.5),
    (r"欢迎致电|感谢您?的?(来电|致电)|很高兴为您(服务|解答)|(坐席|座席|客服)?工号|客服(专员|中心)", 4.0),
    (r"(请问|有什么|什么).{0,6}(可以|能)帮(到|助)?您|为您(服务|办理|查询|核实|登记|转接|处理)", 3.0),
    (r"您好.{0,6}(银行|客服|信用卡中心|热线)|这里是.{0,10}(银行|中心)", 3.0),
    (r"请问您(是|贵姓|的|需要|方便)|您是.{0,6}(本人|先生|女士)", 2.0),
    (r"(请|麻烦)您?(稍等|提供|输入|确认|核对|报一下|说一下|按|拨|携带)", 2.0),
    (r"还有(其他|别的|什么).{0,8}(帮|需要|问题)|祝您|感谢您的(耐心|配合|支持|理解)|请(您)?对.{0,6}评价", 3.0),
    (
        r"(先生|女士|小姐)(您)?好|(先生|女士)请|根据(我行|规定|系统)|我行|我们银行|(系统|这边).{0,4}(显示|看到|查到)",
        1.5,
    ),
    (r"非常抱歉|给您带来|您的(账户|卡|账单|欠款|额度|贷款|订单)", 1.0),
    (r"\bthank(s| you) for (calling|holding|your patience)|\bmy name is \w+.{0,30}\bhow (can|may) i\b", 4.0),
    (r"\bhow (can|may) i (help|assist)|\bwhat can i (do|help)|\banything else (i can|that i can|you)", 3.0),
    (r"\b(can|could|may) i (please )?(have|get|ask|verify|confirm) your\b|\bfor (verification|security) purposes", 3.0),
    (r"\b(let me|i'll|i will|i can) (check|look|pull|transfer|verify|go ahead|schedule|help|get you)", 1.5),
    (r"\bone moment|\bbear with me|\bhave a (great|good|nice|wonderful) (day|one)|\byou're welcome", 1.0),
    (r"\b(ma'am|sir|miss)\b", 0.7),
)
_CUSTOMER = (
    (r"你(?!们|好)", 0.5),
    (r"(?<!您)想问(一下|问)?|我(准备|打算)|要(交|付|还|等)?(多少|多久)", 1.0),
    (r"我(想|要|来)(问|咨询|投诉|查|办|挂失|退|取消|了解|反映|还|开|申请)|帮我(查|看|办|挂失|转|弄|取消|冻结)?", 3.0),
    (r"我的?(卡|银行卡|信用卡|存折|手机|钱包|身份证).{0,8}(丢|掉|不见|被盗|被偷|被吞|找不到|没了)", 3.5),
    (r"我(这个|那个|的)(卡|账户|账单|钱|贷款|工资|余额)|(扣|转|划)了我|我(被|让人).{0,4}(骗|扣)", 2.0),
    (r"你们(银行|这|怎么|为什么|那|客服|的)|凭什么|怎么(搞|回事|办)|(我要|转)人工|叫你们.{0,4}(领导|经理)", 2.5),
    (r"我(是|叫).{1,4}(身份证|卡号)|我没(有)?(收到|办|买|用|钱)|我(收到|接到).{0,6}(短信|电话)", 1.5),
    (
        r"\bi('m| am) calling (about|because|to|regarding)|\bi('d| would) like to|\bi (need|want) (to|a|an|some|my)\b",
        3.0,
    ),
    (r"\bi (was|am|'m) (wondering|trying|having|charged)", 2.0),
    (r"\bmy (car|card|account|bill|order|phone|money|vehicle|truck)\b", 2.0),
    (
        r"\b(can|could) you (tell|help|check|look|please|send|cancel)|\bhow (much|long|soon) (is|does|will|would|do)",
        1.5,
    ),
    (r"\bmy name is\b|\bi (lost|bought|paid|called|noticed)\b|\bthat (works|sounds)\b", 0.7),
)
_OPENING = 3
_OPENING_FACTOR = 2.0
_COUNTED = 2
_CERTAIN = 3.0

_AGENT_PATTERNS = tuple((re.compile(pattern), weight) for pattern, weight in _AGENT)
_CUSTOMER_PATTERNS = tuple((re.compile(pattern), weight) for pattern, weight in _CUSTOMER)


def agent_score(texts: Sequence[str]) -> float:
    """Return how much the texts of one speaker, in order, sound like an agent (above 0) or a customer (below).

    Each pattern counts at most twice; in the first three utterances it counts double, where agents greet and
    customers say what they want.
    """
    for_agent, for_customer = _evidence(texts)
    return round(for_agent - for_customer, 3)


def parties_by_speech(said: Mapping[int, Sequence[str]]) -> dict[int, Party]:
    """Name the party of each speaker of a mixed track by what they said (texts in order, by speaker).

    Of several speakers the one who sounds most like an agent is the agent and the others are customers; where the
    words give no ground at all, nobody is named. A lone speaker is named only on clear ground, and not where the words
    of both parties are heard from one voice: the voices were then too alike to be told apart.
    """
    scores = {speaker: agent_score(texts) for speaker, texts in said.items()}
    if len(scores) <= 1:
        return {speaker: _alone(texts) for speaker, texts in said.items()}
    ranked = sorted(scores, key=lambda speaker: (-scores[speaker], speaker))
    if scores[ranked[0]] == scores[ranked[1]]:
        return dict.fromkeys(scores, Party.UNKNOWN)
    return {speaker: Party.AGENT if speaker == ranked[0] else Party.CUSTOMER for speaker in sorted(scores)}


def tracks_look_swapped(agent_track: Sequence[str], customer_track: Sequence[str]) -> bool:
    """Tell whether the words say strongly that agent and customer are on each other's track (声道疑似对调).

    Both must speak against their track, so that one quoting or polite customer is no ground.
    """
    return agent_score(agent_track) <= -_CERTAIN and agent_score(customer_track) >= _CERTAIN


def _alone(texts: Sequence[str]) -> Party:
    for_agent, for_customer = _evidence(texts)
    if for_agent >= _CERTAIN > for_customer:
        return Party.AGENT
    return Party.CUSTOMER if for_customer >= _CERTAIN > for_agent else Party.UNKNOWN


def _evidence(texts: Sequence[str]) -> tuple[float, float]:
    opening = " ".join(texts[:_OPENING]).lower()
    rest = " ".join(texts[_OPENING:]).lower()
    return _weigh(_AGENT_PATTERNS, opening, rest), _weigh(_CUSTOMER_PATTERNS, opening, rest)


def _weigh(patterns: Sequence[tuple[re.Pattern[str], float]], opening: str, rest: str) -> float:
    score = 0.0
    for pattern, weight in patterns:
        early = min(_COUNTED, sum(1 for _ in pattern.finditer(opening)))
        late = min(_COUNTED - early, sum(1 for _ in pattern.finditer(rest)))
        score += weight * (early * _OPENING_FACTOR + late)
    return score
