"""Arabic numbers written as the Mandarin words a bank's staff would say."""

import re

_DIGITS = "零一二三四五六七八九"
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(%|％)?")
_LONGEST_QUANTITY = 6
"""Longer runs of digits are phone, card and identity numbers, which are read one by one."""


def digits(run: str) -> str:
    """Read a run of digits one by one, 1 as 幺, as phone and card numbers are."""
    return "".join("幺" if char == "1" else _DIGITS[int(char)] for char in run)


def cardinal(value: int) -> str:
    """Read an integer below one hundred million as a quantity: 12050 → 一万二千零五十."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return cardinal(high) + "万" + gap + (cardinal(low) if low else "")
    words, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return words.removeprefix("一") if words.startswith("一十") else words or "零"


def spoken(text: str) -> str:
    """Replace every Arabic number in `text` by its words: 3.6% → 百分之三点六, 13800138000 → 幺三八零零….

    Runs longer than six digits, or with a leading zero, are read digit by digit.
    """
    return _NUMBER.sub(_words, text)


def _words(match: re.Match[str]) -> str:
    number, percent = match.groups()
    whole, _, fraction = number.partition(".")
    one_by_one = not fraction and (len(whole) > _LONGEST_QUANTITY or (len(whole) > 1 and whole[0] == "0"))
    words = digits(whole) if one_by_one else cardinal(int(whole))
    if fraction:
        words += "点" + "".join(_DIGITS[int(char)] for char in fraction)
    return ("百分之" if percent else "") + words
