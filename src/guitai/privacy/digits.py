"""Digits as written and as spoken, gathered into chains that fillers, echoes and turns do not break."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guitai.language.cardinals import DIGIT_VALUES
from guitai.privacy.model import Turn

_SPOKEN = "零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
_RADIO = "洞拐勾"
_VALUES = (
    {str(n): str(n) for n in range(10)}
    | {chr(0xFF10 + n): str(n) for n in range(10)}
    | {char: str(value) for char, value in DIGIT_VALUES.items()}
    | {char: str(i + 1) for i, char in enumerate("壹贰叁肆伍陆柒捌玖")}
    | {"洞": "0", "拐": "7", "勾": "9"}
)
_ENGLISH = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3}
# What a recogniser writes for a digit read aloud; counted only between two digits, where nothing else makes sense.
_HOMOPHONES = {
    homophone: digit
    for digit, homophones in {
        "0": "灵铃玲龄凌林", "1": "么妖腰衣医", "2": "儿尔而耳", "3": "伞散", "4": "寺似思", "5": "舞午吴武无",
        "6": "流留柳刘溜", "7": "期其奇齐妻漆", "8": "巴爸霸扒", "9": "酒久旧",
    }.items()
    for homophone in homophones
}  # fmt: skip
_DIGIT = f"0-9\uff10-\uff19{_SPOKEN}"
_FILLERS = r"""
    嗯 呃 额 啊 哦不 哦 噢 喔 唉 哎 诶 呢 吧 嘛 呀 哈 那个 这个 然后 接着 接下来 再来 再 就是 就 对的 对 是的 是 好的
    好 还有
    下面 后面 后边 前面 中间 最后 跟着 完了 等一下 等下 稍等 我看一下 我看看 我看下 我想想 我想一下 让我想想 没错 行
    可以 收到
    记下了 记好了 明白 了解 知道了 您继续 你继续 请继续 继续 您说 你说 请说 请讲 您讲 您请说 往下 说一下 不急 慢慢来
    慢慢说 慢点
    吗 的 了 不对 不是 说错了 错了 更正一下 更正 出生年月 出生日期 出生 生日
    (?i:\b(?:ok|okay|uh|um|er|yes|yeah|right|and|then|so|well|sorry|hmm|mm|sure|go\son)\b)
    """
_SEPARATORS = r"\s,，、.。·;；?？!！…~\-－—_()（）\"“”"
# Every character that can begin a token: most of a text is passed over here.
_BEGINS = (
    f"*＊A-Za-z×Ⅹ前后末头中最剩开结当大字的叉埃艾爱十百千万亿{_SEPARATORS}{_DIGIT}{_RADIO}{''.join(_HOMOPHONES)}"
    + "".join(word[0] for word in _FILLERS.split() if word[0] != "(")
)
_TOKEN = re.compile(
    f"(?=[{_BEGINS}])(?:"
    "(?P<wall>[*＊]+)"
    "|(?P<place>(?:前|后|末|头|中间|最后|剩下|开头|结尾|当中)(?:面|边|的|是)?"
    "[一二两三四五六七八九十0-9]{1,2}位(?:数字|数|号)?)"
    f"|(?P<repeat>[二两三四五六七八2-8]个[{_DIGIT}](?![十百千万亿个位])|(?i:\\b(?:double|triple)\\s+[a-z0-9]+\\b))"
    f"|(?P<one>[一1]个(?=[{_DIGIT}]))"
    f"|(?P<cardinal>[{_DIGIT}]{{0,9}}[十百千万亿][{_DIGIT}十百千万亿]*)"
    f"|(?P<digits>(?:[{_DIGIT}{_RADIO}](?!个[{_DIGIT}]))+)"
    f"|(?P<words>(?i:\\b(?:{'|'.join(_ENGLISH)})\\b))"
    f"|(?P<homophone>(?<![什怎那这多要甚])么(?=[{_DIGIT}])|(?<=[{_DIGIT}{''.join(_HOMOPHONES)}])[{''.join(_HOMOPHONES)}](?=[{_DIGIT}{''.join(_HOMOPHONES)}]))"
    "|(?P<x>(?:大写|字母)?的?(?:(?<![a-zA-Z])[xX×Ⅹ叉]|埃克斯|艾克斯|爱克斯)(?![a-zA-Z]))"
    f"|(?P<gap>[{_SEPARATORS}]+|{'|'.join(_FILLERS.split())}))"
)
_NOT_ONE = "下些样起直定般共点会边遍旦切致律个份张笔次位条种方面年月天号块元路家再二共"
_LONGEST_ASIDE = 24


class Cell(NamedTuple):
    """One digit (0-9 or X) and the characters that say it."""

    turn: int
    start: int
    end: int
    digit: str


class Group(NamedTuple):
    """Digits said or written without a gap, also as a string; `spoken` where they are words, not figures."""

    cells: list[Cell]
    digits: str
    spoken: bool


@dataclass(slots=True)
class Chain:
    """Groups of one party that gaps alone separate, and the other party's echoes of them.

    `alone`: the turns they stand in hold nothing but the groups and gaps.
    """

    groups: list[Group] = field(default_factory=list[Group])
    echoes: list[Group] = field(default_factory=list[Group])
    alone: bool = True


def chains(turns: Sequence[Turn]) -> list[Chain]:
    """Return every chain of digits in the conversation.

    A chain goes on over fillers, separators and turns; it ends where its party says anything else, or where another
    party says more than a short aside. Another party's repetition of its digits is kept with it as an echo.
    """
    found: list[Chain] = []
    open_chains: dict[str, Chain] = {}
    for number, turn in enumerate(turns):
        aside = 0
        said: list[Group] = []
        for item in _items(number, turn.text):
            if isinstance(item, int):
                aside += item
                ended = open_chains.pop(turn.party, None)
                if ended:
                    ended.alone = False
                continue
            said.append(item)
            chain = open_chains.get(turn.party)
            if chain is None:
                chain = open_chains[turn.party] = Chain(alone=not aside)
                found.append(chain)
            chain.groups.append(item)
        for party in [party for party in open_chains if party != turn.party]:
            _hear(open_chains, party, said, aside)
    return found


def _hear(open_chains: dict[str, Chain], party: str, said: list[Group], aside: int) -> None:
    """Let another party's turn echo or end the open chain of `party`."""
    chain = open_chains[party]
    spoken_so_far = "".join(group.digits for group in chain.groups)
    chain.echoes += [group for group in said if len(group.cells) > 1 and group.digits in spoken_so_far]
    if aside > _LONGEST_ASIDE:
        del open_chains[party]


def _items(number: int, text: str) -> Iterator[Group | int]:
    """Yield the turn's groups in order, and an int (a count of characters) for whatever breaks a chain."""
    cells: list[Cell] = []
    end = 0
    for match in _TOKEN.finditer(text):
        new = _cells(number, match)
        if cells and (match.start() > end or not new):
            yield _group(cells, text)
            cells = []
        if match.start() > end:
            yield match.start() - end
        cells += new
        end = match.end()
        if match.lastgroup not in ("gap", "place", "one") and (not new or new[-1].end < end):
            if cells:
                yield _group(cells, text)
                cells = []
            yield 1
    if cells:
        yield _group(cells, text)
    if end < len(text):
        yield len(text) - end


def _group(cells: list[Cell], text: str) -> Group:
    digits = "".join(cell.digit for cell in cells)
    return Group(cells, digits, spoken=any(not text[cell.start].isdecimal() for cell in cells))


def _cells(number: int, match: re.Match[str]) -> list[Cell]:
    """Return the digits that one token says; none for a gap or for what only looks like digits."""
    kind, said, start, end = match.lastgroup, match[0], match.start(), match.end()
    if kind == "digits":
        return _run(number, match)
    if kind == "repeat":
        return _repeat(number, match)
    if kind == "words":
        return [Cell(number, start, end, _ENGLISH[said.lower()])]
    if kind == "homophone":
        return [Cell(number, start, end, _HOMOPHONES[said])]
    return [Cell(number, start, end, "X")] if kind == "x" else []


def _run(number: int, match: re.Match[str]) -> list[Cell]:
    said, start = match[0], match.start()
    if not set(said) - set(_RADIO):
        return []
    following = match.string[match.end() : match.end() + 1]
    if said[-1] in "一两" and following and following in _NOT_ONE:
        said = said[:-1]
    return [Cell(number, start + i, start + i + 1, _VALUES[char]) for i, char in enumerate(said)]


def _repeat(number: int, match: re.Match[str]) -> list[Cell]:
    said = match[0]
    if said[0] in _VALUES:
        times, digit = int(_VALUES[said[0]]), _VALUES[said[2]]
    else:
        word, _, name = said.lower().partition(" ")
        times, digit = _TIMES[word], _ENGLISH.get(name.strip(), name.strip())
        if not (len(digit) == 1 and digit.isdecimal()):
            return []
    return [Cell(number, match.start(), match.end(), digit)] * times
