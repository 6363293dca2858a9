"""Chinese text → the phoneme symbols of the Databaker ("Baker") voice, with prosody.

An utterance is `sil`, then syllables (an initial, `^` when there is none, and a final with its tone), each followed by
`#0` inside a word, `#1` between words, `#3` at a comma, and `sil` at the end.
"""

import re
from collections.abc import Iterator, Mapping

import rjieba
from pypinyin import Style, lazy_pinyin

from samples.numerals import spoken

_CLAUSE_ENDS = re.compile(r"[，、：；,:;]")
_SENTENCE_ENDS = re.compile(r"(?<=[。！？!?])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"([零一二三四五六七八九幺十百千万点]{2,})")
_INITIALS = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?(.*)")
_CONTRACTED = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "ve"}
_Y = {"yi": "i", "yin": "in", "ying": "ing", "yo": "iou", "you": "iou", "yong": "iong"}
_NASALS = {"n": "en", "ng": "en", "m": "en"}
_PARTICLES = set("的了吗呢吧啊呀着过们得地里上下后前中")
_READINGS = {"还款": "huan2 kuan3", "还清": "huan2 qing1", "归还": "gui1 huan2", "嗯": "en5"}
_SPLIT_LENGTH = 22
"""The voice was trained on read sentences of about this many characters; longer ones blur."""


def sentences(text: str) -> list[str]:
    """Cut `text` into stretches that the voice speaks in one breath, keeping the punctuation at the end of each."""
    pieces = [piece.strip() for piece in _SENTENCE_ENDS.split(spoken(text)) if _HAN.search(piece)]
    return [part for piece in pieces for part in _breaths(piece)]


def _breaths(sentence: str) -> Iterator[str]:
    breath = ""
    for clause in re.split(r"(?<=[，；：,;:])", sentence):
        if breath and len(breath) + len(clause) > _SPLIT_LENGTH:
            yield breath
            breath = ""
        breath += clause
    if _HAN.search(breath):
        yield breath


def phonemes(sentence: str, readings: Mapping[str, str] | None = None) -> list[str]:
    """The symbols of one sentence; `readings` gives pinyin for words the dictionary reads wrongly.

    >>> phonemes("您好，银行。")
    ['sil', 'n', 'in2', '#0', 'h', 'ao3', '#3', '^', 'in2', '#0', 'h', 'ang2', 'sil']
    """
    symbols = ["sil"]
    for clause in _CLAUSE_ENDS.split(spoken(sentence)):
        for word in prosodic_words(clause):
            for syllable in pronounce(word, _READINGS | dict(readings or {})):
                symbols += [*split_syllable(syllable), "#0"]
            symbols[-1] = "#1"
        if symbols[-1] == "#1":
            symbols[-1] = "#3"
    if len(symbols) > 1:
        symbols.pop()
    return [*symbols, "sil"]


def prosodic_words(clause: str) -> list[str]:
    """Words as they are grouped in speech: particles lean on the word before, other lone characters on the next."""
    words: list[str] = []
    leaning = ""
    for word in _words("".join(_HAN.findall(clause))):
        if words and not leaning and word in _PARTICLES:
            words[-1] += word
        elif len(word) == 1 and len(leaning) < 2:
            leaning += word
        else:
            words.append(leaning + word)
            leaning = ""
    return [*words, leaning] if leaning else words


def _words(text: str) -> Iterator[str]:
    for part in _NUMBER.split(text):
        yield from [part] if _NUMBER.fullmatch(part) else rjieba.cut(part)


def pronounce(word: str, readings: Mapping[str, str]) -> list[str]:
    """Pinyin with tone digits (5: neutral); third-tone, 一 and 不 changes applied within the word."""
    for part, pinyin in readings.items():
        before, found, after = word.partition(part)
        if found:
            return [*pronounce(before, readings), *pinyin.split(), *pronounce(after, readings)]
    # Read as digits, 一 keeps its first tone: no changes are applied inside a number.
    changes = not _NUMBER.fullmatch(word)
    return lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=changes) if word else []


def split_syllable(syllable: str) -> tuple[str, str]:
    """One pinyin syllable with its tone digit → (initial, final with tone) in the voice's symbols.

    >>> split_syllable("jue2"), split_syllable("yuan4"), split_syllable("zhi1"), split_syllable("wo3")
    (('j', 've2'), ('^', 'van4'), ('zh', 'iii1'), ('^', 'uo3'))
    """
    sound, tone = syllable[:-1].replace("ü", "v"), syllable[-1]
    if sound in _NASALS:
        return "^", _NASALS[sound] + tone
    match = _INITIALS.fullmatch(sound)
    assert match is not None
    initial, final = match.group(1), match.group(2)
    if initial is None:
        return "^", _whole(sound) + tone
    if initial in "jqx" and final.startswith("u"):
        final = "v" + final[1:]
    elif final == "i" and initial in {"zh", "ch", "sh", "r"}:
        final = "iii"
    elif final == "i" and initial in {"z", "c", "s"}:
        final = "ii"
    return initial, _CONTRACTED.get(final, final) + tone


def _whole(sound: str) -> str:
    if sound.startswith("yu"):
        return "v" + sound[2:]
    if sound.startswith("y"):
        return _Y.get(sound) or "i" + sound[1:]
    if sound.startswith("w"):
        return {"wu": "u", "wei": "uei", "wen": "uen"}.get(sound, "u" + sound[1:])
    return sound
