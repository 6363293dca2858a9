"""Text as it is matched: one character for one character, by its letters and by its sound.

Punctuation is dropped; case and width are folded. The sound form maps every Chinese character to a private code point
for its toneless, folded syllable (zh=z, n=l, in=ing …), so that what a recogniser confuses becomes equal.
"""

import re
import sys
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pypinyin import Style, lazy_pinyin

from guitai.language.pinyin import fold_syllable, syllables

_HANZI_FIRST, _HANZI_LAST = 0x3400, 0x9FFF
_CODES_FROM = 0xE000
_DROPPED = 1
_CJK = "\u3400-\u9fff\uff0c\u3002"
_SPACE_BY_HANZI = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")


def is_hanzi(character: str) -> bool:
    """Tell whether `character` is a Chinese character of the basic plane."""
    return _HANZI_FIRST <= ord(character) <= _HANZI_LAST


@cache
def syllable(character: str) -> str:
    """Return the toneless syllable of a Chinese character, or the character itself."""
    return syllables(character)[0]


class Sounds:
    """The two forms of a text, of equal length; one instance serves one compiled form (its codes are its own).

    Both are read from tables by code point, filled as characters first appear: 0 unknown yet, 1 dropped.
    """

    def __init__(self) -> None:
        self._letters = np.zeros(sys.maxunicode + 1, dtype=np.uint32)
        self._sounds = np.zeros(sys.maxunicode + 1, dtype=np.uint32)
        self._codes: dict[str, int] = {}

    def letters(self, text: str) -> str:
        """Return `text` (already `prepared`) without punctuation, case and width folded."""
        return self.both(text)[0]

    def sounds(self, text: str) -> str:
        """Return the sound form of `text` (already `prepared`), as long as its letters."""
        return self.both(text)[1]

    def both(self, text: str) -> tuple[str, str]:
        """Return the letters and the sounds of `text` (already `prepared`)."""
        codes = self._known_codes(text)
        letters = self._letters[codes]
        kept = letters > _DROPPED
        return _decoded(letters[kept]), _decoded(self._sounds[codes[kept]])

    def sounds_in_context(self, text: str) -> str:
        """Return the sound form read as words (银行 is yin hang), for a phrase's other reading."""
        if not all(map(is_hanzi, text)):
            return self.sounds(text)
        return "".join(chr(self._code(fold_syllable(read))) for read in lazy_pinyin(text, style=Style.NORMAL))

    def kept_positions(self, text: str) -> list[int]:
        """Return for each character of the letters its place in `text`."""
        places: list[int] = np.flatnonzero(self._letters[self._known_codes(text)] > _DROPPED).tolist()
        return places

    def _known_codes(self, text: str) -> NDArray[np.uint32]:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        unknown = codes[self._letters[codes] == 0]
        for code in set(unknown.tolist()):
            self._learn(code)
        return codes

    def _learn(self, code: int) -> None:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character).lower().replace("’", "'")
        if len(plain) != 1:
            plain = character
        if plain.isalnum() or plain in "\n '":
            self._letters[code] = ord(plain)
            hanzi = is_hanzi(plain)
            self._sounds[code] = self._code(fold_syllable(syllable(plain))) if hanzi else ord(plain)
        else:
            self._letters[code] = _DROPPED

    def _code(self, folded: str) -> int:
        """Return the private code point that stands for a folded syllable."""
        return self._codes.setdefault(folded, _CODES_FROM + len(self._codes))


def _decoded(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def prepared(text: str) -> str:
    """Return `text` on one line, with spaces beside Chinese characters (a recogniser's pauses) made commas."""
    if "\n" in text:
        text = text.replace("\n", " ")
    if " " in text:
        text = _SPACE_BY_HANZI.sub("，", text)
    return text
