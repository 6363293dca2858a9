"""How characters sound, without tones, and which sounds a Mandarin recogniser takes for each other."""

import unicodedata
from functools import cache

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_H_AS_F = {
    "hu": "fu", "hua": "fa", "huo": "fo", "hui": "fei", "huan": "fan", "huang": "fang", "hun": "fen",
}  # fmt: skip
_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))


def syllables(text: str) -> list[str]:
    """Return one toneless syllable a character, by its usual reading; a character without one stands for itself.

    The list is as long as the text. Letters are lower-cased; ü is written v.
    """
    return [_syllable(char) for char in text]


@cache
def fold_syllable(syllable: str) -> str:
    """Return the one syllable that stands for all that are confused with `syllable`.

    Folded are zh/z, ch/c, sh/s, n/l, h/f (before u) and the finals ing/in, eng/en, ang/an.
    """
    syllable = _H_AS_F.get(syllable, syllable)
    for sound, like in _INITIALS:
        if syllable.startswith(sound) and len(syllable) > len(sound):
            syllable = like + syllable[len(sound) :]
            break
    for sound, like in _FINALS:
        if syllable.endswith(sound):
            return syllable[: -len(sound)] + like
    return syllable


def near(a: str, b: str) -> bool:
    """Say whether two texts sound the same, character by character, to a recogniser that mixes up those sounds."""
    return len(a) == len(b) and all(
        one == other or fold_syllable(_syllable(one)) == fold_syllable(_syllable(other))
        for one, other in zip(a, b, strict=True)
    )


@cache
def _syllable(char: str) -> str:
    readings = _readings().get(ord(char))
    if readings is None:
        return char.lower()
    return _toneless(readings.split(",", 1)[0])


@cache
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(char for char in plain if char.isascii())
