"""Words and how often they are used, found by how they sound."""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from math import log
from pathlib import Path

from guitai.language.pinyin import fold_syllable, syllables

COUNTS = "word_distribution.zip"
LONGEST_WORD = 6
LEAST_COUNT = 2000
"""Rarer words of the count are left out: they repair as much as they spoil."""

# One line a word, `["理财", 2895375]`, which is read by form since it is long.
_COUNTED = re.compile(r'\["([\u4e00-\u9fff]{1,6})", (\d+)\]')
_FIRST_MARK = 0x4E00

# Characters whose words use another reading than the usual one about as often.
_SECOND_READINGS = {
    "还": "huan", "行": "hang", "重": "chong", "长": "chang", "调": "tiao", "乐": "yue", "了": "liao", "会": "kuai",
    "降": "xiang", "折": "she", "差": "chai", "参": "shen", "藏": "zang", "传": "zhuan", "朝": "zhao", "弹": "tan",
    "都": "du", "给": "ji", "角": "jue", "觉": "jiao", "校": "jiao", "模": "mu", "便": "pian", "曾": "zeng",
    "省": "xing", "着": "zhao", "薄": "bo", "宿": "xiu", "率": "shuai", "血": "xie", "系": "ji", "没": "mo",
    "盛": "cheng", "强": "jiang", "露": "lou", "恶": "wu",
}  # fmt: skip


class Lexicon:
    """Words of one to six characters; those of two and more are found by their folded sounds."""

    def __init__(self, counts: Mapping[str, int], total: int, *, name: str) -> None:
        """Take how often each word was counted among `total` words, and what the lexicon is called."""
        self.name = name
        all_words = log(total)
        self._chances = {word: log(count) - all_words for word, count in counts.items()}
        self._rarest = min(self._chances.values(), default=-all_words)
        self._sounds = _Sounds()
        self._second = {char: self._sounds.mark(sound) for char, sound in _SECOND_READINGS.items()}
        self._alike: dict[str, str] = {}
        for word in counts:
            if len(word) > 1:
                for key in self._keys(word):
                    known = self._alike.get(key)
                    self._alike[key] = f"{known} {word}" if known else word

    @classmethod
    def read(cls, folder: Path) -> "Lexicon":
        """Read the catalogue's word counts from their folder, and put in the program's own words of banking."""
        with zipfile.ZipFile(folder / COUNTS) as archive:
            counted = archive.read(archive.namelist()[0])
        digest = hashlib.sha256(counted)
        counts: dict[str, int] = {}
        total = 0
        for match in _COUNTED.finditer(counted.decode()):
            count = int(match[2])
            total += count
            if count >= LEAST_COUNT:
                counts[match[1]] = count
        for word, uses in banking_words().items():
            counts[word] = max(counts.get(word, 0), uses * total // 1_000_000)
        digest.update(repr(sorted(banking_words().items())).encode())
        return cls(counts, total, name=f"word-counts@{digest.hexdigest()[:12]}")

    def chance(self, word: str) -> float | None:
        """Return the logarithm of the word's share of all words, or None where it is unknown."""
        return self._chances.get(word)

    def chance_of_character(self, char: str) -> float:
        """Return a character's chance to stand as a word; an unknown one is as rare as the rarest word."""
        return self._chances.get(char, self._rarest)

    def reads(self, char: str, sound: str) -> bool:
        """Say whether a character has this syllable as a reading."""
        return sound in (syllables(char)[0], _SECOND_READINGS.get(char))

    def sounds(self, text: str) -> str:
        """Return one mark a character, the same for characters that may be taken for each other."""
        return text.translate(self._sounds)

    def _keys(self, word: str) -> list[str]:
        """Return the sounds of a word, its characters' second readings one at a time."""
        usual = word.translate(self._sounds)
        return [usual] + [
            usual[:place] + self._second[char] + usual[place + 1 :]
            for place, char in enumerate(word)
            if self._second.get(char, usual[place]) != usual[place]
        ]

    def alike(self, sounds: str) -> list[str]:
        """Return the words of at least two characters that have these sounds, in a settled order."""
        return self._alike.get(sounds, "").split()


@cache
def banking_words() -> Mapping[str, int]:
    """Return the words of retail banking that ship with the program, with their uses in a million words of a call."""
    text = resources.files("guitai.language").joinpath("banking_words.txt").read_text(encoding="utf-8")
    return read_words(text.splitlines())


def read_words(lines: Iterable[str]) -> dict[str, int]:
    """Read lines of uses in a million words and then words, `#` begins a comment."""
    words: dict[str, int] = {}
    for line in lines:
        uses, *named = line.partition("#")[0].split() or ["0"]
        words |= dict.fromkeys(named, int(uses))
    return words


class _Sounds(dict[int, str]):
    """From a character's code to a mark of its folded sound, which is one character, so that keys are short."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def __missing__(self, code: int) -> str:
        mark = self[code] = self.mark(syllables(chr(code))[0])
        return mark

    def mark(self, sound: str) -> str:
        return self._marks.setdefault(fold_syllable(sound), chr(_FIRST_MARK + len(self._marks)))
