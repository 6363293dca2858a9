"""Which language a call is in, from what the recogniser believes of its segments."""

from collections.abc import Mapping, Sequence
from math import log

EXPECTED = {"zh": 1.0, "en": 0.5}
"""How likely a bank's call is in a language before it is heard; every other language has `_UNEXPECTED`."""

_UNEXPECTED = 0.01
_FLOOR = 1e-4
_SURE = 0.9
_UNLIKELY = 0.02
_ENOUGH_S = 1.5

Beliefs = Mapping[str, float]


def call_language(beliefs: Sequence[Beliefs], lengths_s: Sequence[float]) -> str:
    """Return the language that explains a call's segments best, longer ones weighing more.

    Short segments of Chinese are often taken for Japanese or Korean alone; together, and with what is expected, they
    are not.
    """
    languages = sorted({language for belief in beliefs for language in belief} | set(EXPECTED))

    def weight(language: str) -> float:
        heard = sum(
            min(length_s, 8.0) * log(max(belief.get(language, 0.0), _FLOOR))
            for belief, length_s in zip(beliefs, lengths_s, strict=True)
        )
        return heard + 3.0 * log(EXPECTED.get(language, _UNEXPECTED))

    return max(languages, key=weight)


def segment_language(call: str, belief: Beliefs, length_s: float) -> str:
    """Return the call's language, or another where a segment is plainly in that one and hardly in the call's."""
    best = max(belief, key=lambda language: belief[language], default=call)
    another = belief.get(best, 0.0) >= _SURE and belief.get(call, 0.0) <= _UNLIKELY and length_s >= _ENOUGH_S
    return best if another and best in EXPECTED else call


def is_spaced(language: str) -> bool:
    """Say whether words of this language stand between spaces."""
    return language not in {"zh", "yue", "ja", "th", "lo", "my", "km"}
