"""Which of a recogniser's readings of one segment to believe."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from guitai.language.numerals import to_digits, to_spoken
from guitai.language.script import simplify
from guitai.speech.digit_strings import has_mobile, is_nearly_mobile, joined
from guitai.speech.looping import loop_start

_WORDLESS = re.compile(r"[\W_]+")
_CLOSE = 0.25
"""A well-formed number may be this much less likely a token than the best reading, in natural logarithms."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading: its text, the mean log-probability of its tokens, and how many there are."""

    text: str
    score: float
    tokens: int


def choose(hypotheses: Sequence[Hypothesis], seconds: float) -> int:
    """Return the place of the reading to believe, among the readings (best first) of so many seconds.

    Readings that only differ in script, punctuation or how numbers are written vote together; those in a loop do
    not count while others are left. Where the winner holds a string of digits that is nearly a mobile number, a close
    reading in which it is one wins: the digits of such a number are read out for their own sake.
    """
    sound = [place for place, one in enumerate(hypotheses) if loop_start(one.text, seconds) is None]
    places = sound or list(range(len(hypotheses)))
    votes: dict[str, float] = defaultdict(float)
    for place in places:
        one = hypotheses[place]
        votes[_said(one.text)] += exp(one.score * one.tokens)
    best = max(places, key=lambda place: (votes[_said(hypotheses[place].text)], -place))
    if not is_nearly_mobile(_digits(hypotheses[best].text)):
        return best
    close = (place for place in places if hypotheses[place].score >= hypotheses[best].score - _CLOSE)
    return next((place for place in close if has_mobile(_digits(hypotheses[place].text))), best)


def _said(text: str) -> str:
    return _WORDLESS.sub("", to_spoken(joined(simplify(text)))).replace("幺", "一")


def _digits(text: str) -> str:
    return joined(to_digits(simplify(text)))
