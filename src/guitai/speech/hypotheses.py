"""Which of a recogniser's readings of one segment to believe."""

from collections.abc import Sequence
from dataclasses import dataclass

from guitai.language.numerals import to_digits
from guitai.language.script import simplify
from guitai.speech.digit_strings import has_mobile, is_nearly_mobile, joined
from guitai.speech.looping import loop_start

_CLOSE = 0.25
"""A well-formed number may be this much less likely a token than the best reading, in natural logarithms."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading: its text and the mean log-probability of its tokens."""

    text: str
    score: float


def choose(hypotheses: Sequence[Hypothesis], seconds: float) -> int:
    """Return the place of the reading to believe, among the readings (best first) of so many seconds.

    The best that is not in a loop, with one exception: where it holds a string of digits that is nearly a mobile
    number, a close reading in which it is one wins, since such a number is read out for its own sake.
    """
    sound = [place for place, one in enumerate(hypotheses) if loop_start(one.text, seconds) is None]
    places = sound or list(range(len(hypotheses)))
    best = places[0]
    if not is_nearly_mobile(_digits(hypotheses[best].text)):
        return best
    close = (place for place in places if hypotheses[place].score >= hypotheses[best].score - _CLOSE)
    return next((place for place in close if has_mobile(_digits(hypotheses[place].text))), best)


def _digits(text: str) -> str:
    return joined(to_digits(simplify(text)))
