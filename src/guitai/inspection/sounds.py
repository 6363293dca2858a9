"""Text as it is matched: one character for one character, by its letters and by its sound.

Punctuation is dropped; case and width are folded. The sound form maps every Chinese character to a private code point
for its toneless, folded syllable (zh=z, n=l, in=ing …), so that what a recogniser confuses becomes equal.
"""

import re
import unicodedata
from functools import cache

from pypinyin import Style, lazy_pinyin

_HANZI_FIRST, _HANZI_LAST = 0x3400, 0x9FFF
_CODES_FROM = 0xE000
_CJK = "\u3400-\u9fff\uff0c\u3002"
_SPACE_BY_HANZI = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")


def is_hanzi(character: str) -> bool:
    """Tell whether `character` is a Chinese character of the basic plane."""
    return _HANZI_FIRST <= ord(character) <= _HANZI_LAST


@cache
def syllable(character: str) -> str:
    """Return the toneless syllable of a Chinese character, or the character itself."""
    return lazy_pinyin(character, style=Style.NORMAL)[0]


_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@cache
def fold_syllable(text: str) -> str:
    """Return what is left of a toneless syllable once sounds that recognisers confuse are one."""
    for long, short in _INITIALS:
        if text.startswith(long):
            text = short + text[len(long) :]
            break
    if text.endswith("ng"):
        text = text[:-1]
    return text


class _Letters(dict[int, str | None]):
    """For `str.translate`: punctuation goes, case and width are folded."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character).lower().replace("’", "'")
        if len(plain) != 1:
            plain = character
        value = plain if plain.isalnum() or plain in "\n '" else None
        self[code] = value
        return value


class _Sounds(dict[int, str | None]):
    """For `str.translate`: like `_Letters`, and Chinese characters become their sound's code."""

    def __init__(self, letters: _Letters) -> None:
        super().__init__()
        self._letters = letters
        self._codes: dict[str, str] = {}

    def code(self, folded: str) -> str:
        """Return the private code point that stands for a folded syllable."""
        return self._codes.setdefault(folded, chr(_CODES_FROM + len(self._codes)))

    def __missing__(self, code: int) -> str | None:
        value = self._letters[code]
        if value is not None and is_hanzi(value):
            value = self.code(fold_syllable(syllable(value)))
        self[code] = value
        return value


class Sounds:
    """The two forms of a text, of equal length; one instance serves one compiled form (its codes are its own)."""

    def __init__(self) -> None:
        self._letters = _Letters()
        self._sounds = _Sounds(self._letters)

    def letters(self, text: str) -> str:
        """Return `text` (already `prepared`) without punctuation, case and width folded."""
        return text.translate(self._letters)

    def sounds(self, text: str) -> str:
        """Return the sound form of `text` (already `prepared`), as long as its letters."""
        return text.translate(self._sounds)

    def sounds_in_context(self, text: str) -> str:
        """Return the sound form read as words (银行 is yin hang), for a phrase's other reading."""
        read = lazy_pinyin(text, style=Style.NORMAL, errors=list)
        if len(read) != len(text):
            return self.sounds(text)
        pairs = zip(text, read, strict=True)
        return "".join(self._sounds.code(fold_syllable(s)) if is_hanzi(c) else c for c, s in pairs)

    def kept_positions(self, text: str) -> list[int]:
        """Return for each character of the letters its place in `text`."""
        return [place for place, character in enumerate(text) if self._letters[ord(character)] is not None]


def prepared(text: str) -> str:
    """Return `text` on one line, with spaces beside Chinese characters (a recogniser's pauses) made commas."""
    if "\n" in text:
        text = text.replace("\n", " ")
    if " " in text:
        text = _SPACE_BY_HANZI.sub("，", text)
    return text
