"""Numbers as spoken in Chinese and as digits, both ways, with each character's place kept."""

import re

from guitai.language.cardinals import DIGIT_VALUES, read_cardinal, read_digits, spell_cardinal, spell_digits

_DIGITS = "零〇一二三四五六七八九幺"
_UNITS = "十百千万亿"
_NUMERAL = f"[{_DIGITS}两{_UNITS}]+"

# Runs of numerals that are words or named days, and stay as they are.
_WORDS = (
    "一五一十|三三两两|七七八八|八九不离十|三七二十一|千千万万|一一(?=[说核列回解答])|九九归一|百分百|百分之百|"
    "(?:星期|礼拜|周)[一二三四五六]|十全十美|十万火急|十有八九|五五开|三七开|二八开|四六开|一百八十度|双十一|双十二|"
    "(?:五一|十一|六一|三八|八一|七一)(?=假期|长假|黄金周|期间|放假|劳动节|国庆|儿童节|妇女节|建军节|建党节)"
)
_RUN = re.compile(
    f"(?P<word>{_WORDS})"
    f"|(?P<share>百分之|千分之)(?P<part>{_NUMERAL}(?:点[{_DIGITS}]+)?|[0-9]+(?:\\.[0-9]+)?)"
    f"|(?P<below>{_NUMERAL})分之(?P<above>{_NUMERAL})"
    f"|(?P<year>[{_DIGITS}]{{4}})(?=年)"
    f"|(?P<decimal>{_NUMERAL}点[{_DIGITS}]+)(?![{_DIGITS}{_UNITS}分点])"
    f"|(?P<run>{_NUMERAL})"
)
_COUNTED = re.compile(
    "元(?!桥)|块(?!地)|度|岁|月(?!份牌)|日|号|分钟|秒|小时|天(?!两头|打)|年(?!级|五载)|折|倍|期|个月|个小时|美元|欧元|"
    "公里|公斤|平米|平方|点(?=[半钟整零过]|[一二三四五]?十|[一二三四五六七八九]分)"
)
_COUNTED_ONE = re.compile("元|块钱|号(?![线召])|月(?=[份初底中末十一二三四五六七八九])|点(?=[半钟整])")
_APPROXIMATE_PAIRS = frozenset(["三五", "一一", "二一", *(f"{_DIGITS[i]}{_DIGITS[i + 1]}" for i in range(2, 10))])
_BESIDE_LEFT = re.compile(f"[0-9{_DIGITS}][\\s,，-]{{1,2}}$")
_BESIDE_RIGHT = re.compile(f"[\\s,，-]{{1,2}}[0-9{_DIGITS}]")


def to_digits(text: str) -> str:
    """Return `text` with the numbers it speaks as digits: 一三七… → 137…, 百分之三点五 → 3.5%, 三千五百块 → 3500块.

    Round ten-thousands keep their unit (十五万 → 15万). Left alone are words made of numerals (一下, 万一, 十分),
    approximations (三四个, 十几), weekdays, 第一…第十, and a lone numeral not followed by a unit that counts.
    """
    return to_digits_aligned(text)[0]


def to_digits_aligned(text: str) -> tuple[str, list[int]]:
    """Return what `to_digits` returns, and for each of its characters the offset in `text` it came from.

    The offsets never decrease. A digit string maps digit to digit; any other number spreads evenly over its source.
    """
    out: list[str] = []
    places: list[int] = []
    end = 0
    for match in _RUN.finditer(text):
        written = _written(match)
        if written is None:
            continue
        start = match.start()
        out += (text[end:start], written)
        places.extend(range(end, start))
        places.extend(start + i * (match.end() - start) // len(written) for i in range(len(written)))
        end = match.end()
    out.append(text[end:])
    places.extend(range(end, len(text)))
    return "".join(out), places


def _written(match: re.Match[str]) -> str | None:
    """Return the digits for one match, or None where it is not a number to be written."""
    kind = match.lastgroup
    if kind == "part":
        number = _decimal(match["part"])
        return number and number + ("%" if match["share"] == "百分之" else "‰")
    if kind == "above":
        below, above = read_cardinal(match["below"]), read_cardinal(match["above"])
        return f"{above}/{below}" if below and above else None
    if kind == "year":
        return read_digits(match["year"])
    if kind == "decimal":
        return _decimal(match["decimal"])
    return _plain(match) if kind == "run" else None


def _decimal(spoken: str) -> str | None:
    if spoken[0].isascii():
        return spoken
    whole, point, fraction = spoken.partition("点")
    value = read_cardinal(whole)
    if value is None:
        if set(whole) & set(_UNITS):
            return None
        value = read_digits(whole)
    return f"{value}.{read_digits(fraction)}" if point else str(value)


def _plain(match: re.Match[str]) -> str | None:
    """Return a run of numerals alone as digits: a lone numeral, a cardinal or a string of digits."""
    run, text = match["run"], match.string
    if len(run) == 1:
        return _single(match)
    if set(run) & set(_UNITS):
        return _cardinal(run, text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1])
    if len(run) == 2:  # noqa: PLR2004
        return None if "两" in run or (run in _APPROXIMATE_PAIRS and not _beside_digits(match)) else read_digits(run)
    return None if "两" in run and len(run) == 3 else read_digits(run)  # noqa: PLR2004


def _cardinal(run: str, before: str, after: str) -> str | None:
    if after == "几" or before in ("几", "数") or run[0] in "百千万亿":
        return None
    value = read_cardinal(run)
    if value is None:
        return None
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if run.endswith(unit) and value % size == 0:
            return f"{value // size}{unit}"
    return str(value)


def _single(match: re.Match[str]) -> str | None:
    char, text = match["run"], match.string
    before = text[match.start() - 1 : match.start()]
    if char in "百千万亿两" or before in ("第", "几", "数"):
        return None
    counted = _COUNTED_ONE if char in "一幺零〇" else _COUNTED
    if counted.match(text, match.end()):
        return "10" if char == "十" else str(DIGIT_VALUES[char])
    return str(DIGIT_VALUES[char]) if char != "十" and _beside_digits(match) else None


def _beside_digits(match: re.Match[str]) -> bool:
    """Say whether the run stands between separators beside other digits, as in 一三七 四 零零."""
    text, start, end = match.string, match.start(), match.end()
    return bool(_BESIDE_RIGHT.match(text, end) or _BESIDE_LEFT.search(text[max(0, start - 3) : start]))


_WRITTEN = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.(?P<fraction>[0-9]+))?(?P<share>[%％‰])?"
)
_CLOCK = re.compile(r"(?<![0-9:])([01]?[0-9]|2[0-3]):([0-5][0-9])(?![0-9:])")
_READ_OUT = re.compile("(?:号码|号是|尾号|卡号|码是|码|编号|代码|后四位|后三位|账号|证号)[是为:：\\s]*$")
_JOINED_BEFORE, _JOINED_AFTER = re.compile("(?:[0-9][ -]|[A-Za-z])$"), re.compile("[ -][0-9]|[A-Za-z]")
_LONGEST_CARDINAL = 4
_LONGEST_COUNTED = 12
_COUNTING = re.compile("[元块万亿人个名家天年次股份笔度米]|美元|公里|公斤|平")


def to_spoken(text: str) -> str:
    """Return `text` with its digits as read aloud in Chinese: 3.5% → 百分之三点五, 3500元 → 三千五百元, 137… → 一三七….

    Digit by digit are read: more than four digits without a unit that counts, a leading zero, a year, what follows a
    word for a number or code, and digits glued to a letter. Text with letters and no Chinese is left alone.
    """
    if not _HAN.search(text) and _LETTER.search(text):
        return text
    text = _CLOCK.sub(_spoken_clock, text)
    return _WRITTEN.sub(_spoken, text)


_HAN = re.compile("[\u4e00-\u9fff]")
_LETTER = re.compile("[A-Za-z]")


def _spoken_clock(match: re.Match[str]) -> str:
    minutes = int(match[2])
    hour = spell_cardinal(int(match[1])) + "点"
    if not minutes:
        return hour + "整"
    return hour + ("零" if minutes < 10 else "") + spell_cardinal(minutes) + "分"  # noqa: PLR2004


def _spoken(match: re.Match[str]) -> str:
    whole, fraction, share = match["whole"].replace(",", ""), match["fraction"], match["share"]
    spoken = spell_digits(whole) if _digit_by_digit(match, whole) else spell_cardinal(int(whole))
    if fraction:
        spoken += "点" + spell_digits(fraction)
    if share:
        return ("千分之" if share == "‰" else "百分之") + spoken
    return spoken


def _digit_by_digit(match: re.Match[str], whole: str) -> bool:
    text, start, end = match.string, match.start(), match.end()
    if len(whole) > _LONGEST_COUNTED or (whole[0] == "0" and len(whole) > 1):
        return True
    if match["fraction"] or match["share"] or "," in match["whole"]:
        return False
    if text[end : end + 1] == "年":
        return len(whole) == len("2026")
    if _JOINED_AFTER.match(text, end) or _JOINED_BEFORE.search(text[max(0, start - 2) : start]):
        return True
    if _READ_OUT.search(text[max(0, start - 6) : start]):
        return len(whole) > 2 or not _COUNTING.match(text, end)  # noqa: PLR2004
    return len(whole) > _LONGEST_CARDINAL and not _COUNTING.match(text, end)
