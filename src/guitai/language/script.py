"""Characters, not meanings: simplified script, folded widths, digits spelled out."""

import unicodedata
import warnings
from functools import cache

_SPELLED = str.maketrans("0123456789", "零一二三四五六七八九")
_PUNCTUATION = str.maketrans("，。！？；：、（）【】《》「」『』“”‘’—～·", ",.!?;:,()[]<>\"\"''\"\"''-~ ")


def simplify(text: str) -> str:
    """Return `text` in simplified characters as written in the mainland (zh-cn)."""
    if text.isascii():
        return text
    return _converted(text)


def fold(text: str) -> str:
    """Return `text` in half width and lower case, each character for one character, so that offsets stay valid."""
    return "".join(map(_folded, text))


def spell_digits(text: str) -> str:
    """Return `text` with every digit 0-9 as one Chinese digit, for scoring recognised text character by character."""
    return "".join(map(_folded_digit, text)).translate(_SPELLED)


def _converted(text: str) -> str:
    import zhconv

    _load_tables()
    return str(zhconv.convert(text, "zh-cn"))


@cache
def _load_tables() -> None:
    """Load zhconv's tables once; it leaves their file to the garbage collector, which would warn."""
    import zhconv

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        zhconv.convert("臺", "zh-cn")


@cache
def _folded(char: str) -> str:
    narrow = char.translate(_PUNCTUATION)
    if narrow == char:
        narrow = unicodedata.normalize("NFKC", char).lower()
    return narrow if len(narrow) == 1 else char


@cache
def _folded_digit(char: str) -> str:
    folded = _folded(char)
    return folded if folded.isascii() and folded.isdigit() else char
