"""200 criteria over 10,000 transcripts, against a loop that runs each criterion's expressions on each utterance.

What the peer does, for every criterion and every utterance of the party: `re.search` of one compiled alternation of all
phrases on the text, and, where matching goes by sound, `re.search` of one alternation of the phrases' sounds on the
utterance's sounds (`near`), with every one-character variation spelled out in it (`auto`, what forms do by default).
Texts without punctuation and their sounds are made for the peer beforehand and not counted. Ours starts from the
utterances and ends with whole scorecards: findings, citations with seconds, notes, points. The peer is timed on a
sample, per transcript; its hits (criterion, utterance) must be ours, or the benchmark fails.
"""

import random
import re
import time
from collections.abc import Sequence

from benchmarks.result import Result
from guitai.inspection.conditions import By, Match, Said
from guitai.inspection.model import Conversation, Criterion, Dimension, EvaluationForm
from guitai.inspection.operations import CompiledForm, compile_form
from guitai.inspection.phrases import NEGATORS
from guitai.inspection.scorecards import Scorecard, Severity
from guitai.inspection.sounds import Sounds, prepared
from guitai.interactions.model import Party, Utterance

TRANSCRIPTS, CRITERIA, TURNS = 10_000, 200, 20
# The bar is for matching as forms do it by default (`auto`); the others say how a form does that asks for less.
BARS = {Match.AUTO: 30.0, Match.NEAR: 10.0, Match.EXACT: 5.0}
SAMPLE = {Match.EXACT: 200, Match.NEAR: 200, Match.AUTO: 25}

OPENERS = [
    "您好",
    "请问",
    "好的",
    "嗯",
    "那个",
    "我想问一下",
    "麻烦您",
    "是这样的",
    "您放心",
    "不好意思",
    "对",
    "明白了",
    "另外",
    "其实",
    "现在",
]
SUBJECTS = [
    "信用卡",
    "储蓄卡",
    "账单",
    "年费",
    "贷款",
    "利率",
    "还款",
    "转账",
    "手机银行",
    "理财产品",
    "风险测评",
    "密码",
    "验证码",
    "额度",
    "分期",
    "积分",
    "网点",
    "挂失",
    "余额",
    "流水",
]
VERBS = [
    "办理",
    "查询",
    "申请",
    "取消",
    "修改",
    "开通",
    "提前",
    "登记",
    "核实",
    "确认",
    "重置",
    "调整",
    "到账",
    "退回",
    "下载",
    "打印",
    "激活",
    "注销",
    "补办",
    "投诉",
]
TAILS = [
    "可以吗",
    "就可以了",
    "需要三个工作日",
    "请您稍等",
    "大概要多久",
    "谢谢您",
    "没有问题",
    "我帮您看一下",
    "是免费的",
    "在手机上操作",
    "您记一下",
    "我不太清楚",
]
WRONG = [
    "保本保收益",
    "请把密码告诉我",
    "您听明白没有",
    "一定不会亏钱",
    "这不归我管",
    "您自己看着办",
    "没有任何风险",
    "把验证码念给我",
]
SMALL_TALK = [
    "我今天上午去过你们那边",
    "人有点多",
    "我先问一下情况",
    "您稍微等我一下",
    "这边信号不太好",
    "您可以再说一遍吗",
    "我刚才没有听清楚",
    "我记一下啊",
    "家里老人不会用",
    "我在外地出差",
    "大概下周回来",
    "是我爱人的名字",
    "昨天晚上弄的",
    "一直提示错误",
    "我试了好几次都不行",
    "那就麻烦您了",
    "我看到短信了",
    "页面上写着呢",
    "嗯嗯我知道",
    "是这么回事",
    "我想想啊",
    "您听得见吗",
    "我给您看看系统",
    "这个月的已经出来了",
    "下个月五号之前",
    "一共是三千二百元",
    "我再跟同事确认下",
    "您说的这个情况我理解",
    "先别着急",
    "慢慢说",
    "还有别的事情吗",
    "那先这样",
    "辛苦了啊",
    "我回头再打过来",
]


def transcripts(count: int, seed: int = 7) -> list[Conversation]:
    """Make conversations of 20 turns and about 370 characters.

    Half is small talk, one sentence in thirty is wrong, one in ten has a character misheard.
    """
    rng = random.Random(seed)
    made: list[Conversation] = []
    for _ in range(count):
        utterances: list[Utterance] = []
        clock = 0.0
        for index in range(TURNS):
            text = "，".join(_sentence(rng) for _ in range(rng.choice((1, 2, 2, 3))))
            seconds = len(text) / 4.5
            party = Party.AGENT if index % 2 == 0 else Party.CUSTOMER
            utterances.append(Utterance(index, party, clock, clock + seconds, text, text, confidence=0.9))
            clock += seconds + 0.4
        made.append(Conversation(tuple(utterances), clock))
    return made


def _sentence(rng: random.Random) -> str:
    if rng.random() < 1 / 30:
        text = rng.choice(WRONG)
    elif rng.random() < 0.5:
        text = rng.choice(SMALL_TALK)
    else:
        text = rng.choice(OPENERS) + rng.choice(SUBJECTS) + rng.choice(VERBS) + rng.choice(TAILS)
    if rng.random() < 0.1:
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice("报宝蜜马因应诚承请情是四") + text[place + 1 :]
    return text


def form(match: Match) -> EvaluationForm:
    """Make a form of 200 criteria with four phrases each."""
    rng = random.Random(11)
    criteria: list[Criterion] = []
    for number in range(CRITERIA):
        phrases = {WRONG[number % len(WRONG)]} if number < 3 * len(WRONG) else set[str]()
        while len(phrases) < 4:
            manner = rng.choice(("已经", "不能", "必须", "马上", "一直没有", "随便"))
            start, end = rng.choice(((SUBJECTS, VERBS), (SUBJECTS, VERBS), (VERBS, TAILS)))
            phrases.add(rng.choice(start) + manner + rng.choice(end))
        said = Said(tuple(sorted(phrases)), by=(By.AGENT, By.CUSTOMER, By.ANYONE)[number % 3], match=match)
        criteria.append(Criterion(f"c{number}", "例", "all", 0.5, Severity.MINOR, "例", violation=said))
    return EvaluationForm("bench", "1", "bank", "例", (), (Dimension("all", "例", 100),), tuple(criteria), None, "")


class Loop:
    """The peer: two regular expressions a criterion."""

    def __init__(self, criteria: Sequence[Criterion], match: Match, sounds: Sounds) -> None:
        self._match = match
        self._rules: list[tuple[str, By, re.Pattern[str], re.Pattern[str] | None]] = []
        banned = "[^\n" + "".join(sorted(set(sounds.sounds(NEGATORS)))) + "]"
        for criterion in criteria:
            said = criterion.violation
            assert isinstance(said, Said)
            exact = re.compile("|".join(map(re.escape, said.phrases)))
            near = None
            if match is not Match.EXACT:
                variants = [v for p in said.phrases for v in _variants(p, match, sounds, banned)]
                near = re.compile("|".join(variants))
            self._rules.append((criterion.id, said.by, exact, near))

    def hits(self, talk: Sequence[tuple[Party, str, str]]) -> set[tuple[str, int]]:
        """Return what each rule finds in (party, letters, sounds) of each utterance."""
        found: set[tuple[str, int]] = set()
        for name, by, exact, near in self._rules:
            for index, (party, letters, sounds) in enumerate(talk):
                if by is not By.ANYONE and party != by:
                    continue
                if exact.search(letters) or (near is not None and near.search(sounds)):
                    found.add((name, index))
        return found


def _variants(phrase: str, match: Match, sounds: Sounds, other: str) -> list[str]:
    """Spell out how a phrase may sound: as it is and, for `auto`, with one character unlike, dropped or added."""
    spellings: list[str] = []
    for codes in dict.fromkeys((sounds.sounds(phrase), sounds.sounds_in_context(phrase))):
        spellings.append(codes)
        if match is Match.AUTO and len(codes) >= 5:
            kept = set(sounds.sounds(NEGATORS))
            spellings += [codes[:i] + other + codes[i + 1 :] for i in range(len(codes))]
            spellings += [codes[:i] + codes[i + 1 :] for i in range(len(codes)) if codes[i] not in kept]
            spellings += [codes[:i] + other + codes[i:] for i in range(1, len(codes))]
    return spellings


def _ours_hits(card: Scorecard) -> set[tuple[str, int]]:
    return {(one.criterion, citation.utterance) for one in card.violations for citation in one.citations}


def measure(match: Match, talks: Sequence[Conversation]) -> Result:
    """Time both, check that they find the same."""
    made = form(match)
    compiled = compile_form(made)
    compiled.inspect(talks[0])
    started = time.process_time()
    for talk in talks:
        compiled.inspect(talk)
    ours = (time.process_time() - started) / len(talks)
    peer = _peer_seconds(made, match, talks[: SAMPLE[match]], compiled)
    return Result(
        name="rules" if match is Match.AUTO else f"rules_{match}",
        workload=f"{CRITERIA} criteria, {len(talks)} transcripts (peer timed on {SAMPLE[match]})",
        ours=ours * 1e3,
        peer=peer * 1e3,
        peer_name={
            Match.EXACT: "re, exact phrases",
            Match.NEAR: "re, text then near sounds",
            Match.AUTO: "re, text then sounds with one amiss",
        }[match],
        unit="ms/transcript",
        ratio=peer / ours,
        bar=f">= {BARS[match]:.0f}",
        met=peer / ours >= BARS[match],
    )


def _peer_seconds(made: EvaluationForm, match: Match, talks: Sequence[Conversation], compiled: CompiledForm) -> float:
    sounds = Sounds()
    loop = Loop(made.criteria, match, sounds)
    ready = [
        [(u.party, sounds.letters(prepared(u.spoken)), sounds.sounds(prepared(u.spoken))) for u in talk.utterances]
        for talk in talks
    ]
    started = time.process_time()
    found = [loop.hits(talk) for talk in ready]
    seconds = time.process_time() - started
    for talk, hits in zip(talks, found, strict=True):
        if _ours_hits(compiled.inspect(talk)) != hits:
            raise AssertionError("the two do not find the same")
    return seconds / len(talks)


def run() -> list[Result]:
    talks = transcripts(TRANSCRIPTS)
    return [measure(match, talks) for match in (Match.AUTO, Match.NEAR, Match.EXACT)]


if __name__ == "__main__":
    for result in run():
        print(
            f"{result.name}: {result.ours:.3f} {result.unit}, {result.peer_name} {result.peer:.3f}: {result.ratio:.0f}×"
        )
