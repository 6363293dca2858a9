"""Sums of money, in figures and in words; found for reports, not hidden by a mask."""

import re
from collections.abc import Iterator

from guitai.privacy.model import Kind, PersonalData, Span

_FIGURES = r"[0-9][0-9,]{0,18}(?:\.[0-9]{1,6})?"
_NUMERAL = "[零〇一二三四五六七八九十百千万亿两]"
# Possessive, and only from the first numeral: a long run of numerals is read once.
_WORDS = f"(?<!{_NUMERAL})[几数]?{_NUMERAL}++(?:点[零〇一二三四五六七八九]++)?"
_CURRENCY = (
    "元(?![旦宵素件桥月气老里]|通)|块钱|(?<!一)块(?![地儿肉石屏砖表头]|钱)|圆(?=[整，。,.]|$)|万元|千元|美元|美金|欧元|港币|港元|英镑|"
    "日元|人民币|毛钱|分钱|毛(?=[，。,.]|$)"
)
_ENGLISH_NUMBER = (
    "(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million)(?:[\s-]and)?[\s-]){1,10}"
)
_CHANGE = "(?:[零〇一二三四五六七八九0-9两]{1,2}[角毛分]?)?(?:[零〇一二三四五六七八九0-9]分)?"
_AMOUNT = re.compile(
    rf"(?:[¥￥$£€]|RMB|USD|CNY|人民币)\s?{_FIGURES}(?:\s?[万亿])?元?"
    rf"|(?:{_FIGURES}|{_WORDS})\s?[万亿千百]{{0,2}}(?:多|几|余|来)?万?\s?(?:{_CURRENCY}){_CHANGE}"
    rf"|{_FIGURES}\s?(?i:dollars?|yuan|rmb|usd|pounds?|euros?|cents?)\b"
    rf"|(?i:\b{_ENGLISH_NUMBER}(?:dollars?|yuan|rmb|pounds?|euros?|cents?)\b)"
)
_VERBS = "转账|转|存|取款|取|贷款|贷|还款|还|借|汇款|汇|余额|额度|消费|扣款|扣|充值|充|金额|投|亏|赚|付|刷|提到|调到"
_ABOUT = "了|过|出|给您|给我|提到|是|为|有|的|大概|大约|一共|差不多|总共|将近|还有|还剩"
_MOVED = re.compile(
    rf"(?:{_VERBS})(?:{_ABOUT}){{0,3}}"
    rf"(?P<sum>(?:{_FIGURES}\s?[万亿]|[1-9][0-9]{{2,7}}(?![0-9-])|{_WORDS})(?:多|几|余)?)"
    "(?![次个天年月号笔位人点期成家日周遍分秒岁折倍口度])"
)
_UNIT = re.compile("[百千万亿]")


def find_amounts(turn: int, text: str) -> Iterator[PersonalData]:
    """Yield the sums of money in one turn: with a currency, or in hundreds and more after a verb that moves money."""
    end = 0
    for match in _AMOUNT.finditer(text):
        end = match.end()
        yield _amount(turn, match.start(), end, match[0])
    for match in _MOVED.finditer(text):
        if match["sum"][0].isascii() or _UNIT.search(match["sum"]):
            yield _amount(turn, match.start("sum"), match.end("sum"), match["sum"])


def _amount(turn: int, start: int, end: int, value: str) -> PersonalData:
    span = Span(turn, start, end)
    return PersonalData(Kind.AMOUNT, (span,), (span,), value)
