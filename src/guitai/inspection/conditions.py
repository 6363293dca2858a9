"""The criterion kinds: what a form may ask of a conversation. docs/guide/forms.md shows each in YAML."""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class By(StrEnum):
    """Whose utterances count."""

    AGENT = "agent"
    CUSTOMER = "customer"
    ANYONE = "anyone"


class Match(StrEnum):
    """How far a phrase may stray: `auto` goes as far as the phrase is long enough to bear."""

    EXACT = "exact"
    HOMOPHONE = "homophone"
    NEAR = "near"
    AUTO = "auto"


class Stance(StrEnum):
    """What a speaker does with a phrase: says it in earnest, denies it, asks it, or reports another's words."""

    STATED = "stated"
    DENIED = "denied"
    ASKED = "asked"
    QUOTED = "quoted"


class Counts(StrEnum):
    """Which sayings count: all, those said in earnest (no negation, quotation, question), or these and questions."""

    ANY = "any"
    STATED = "stated"
    STATED_OR_ASKED = "stated_or_asked"


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Where in the conversation to look; seconds from the start or to the end, turns of the party that speaks.

    `after` and `before` name another condition's first event; `within_turns` (utterances of anyone) and `within_s`
    bound the distance to it.
    """

    first_s: float | None = None
    last_s: float | None = None
    first_turns: int | None = None
    last_turns: int | None = None
    after: "Condition | None" = None
    before: "Condition | None" = None
    within_turns: int | None = None
    within_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """One of the phrases is said at least `at_least` times."""

    phrases: tuple[str, ...]
    by: By = By.AGENT
    match: Match = Match.AUTO
    counts: Counts = Counts.ANY
    at_least: int = 1
    window: Window = field(default_factory=Window)


@dataclass(frozen=True, slots=True, eq=False)
class NotSaid:
    """None of the phrases is said."""

    said: Said


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """A regular expression is found in an utterance's text (numbers as digits)."""

    pattern: re.Pattern[str]
    by: By = By.AGENT
    counts: Counts = Counts.ANY
    at_least: int = 1
    window: Window = field(default_factory=Window)


@dataclass(frozen=True, slots=True, eq=False)
class Similar:
    """An utterance means nearly the same as an example, and is nearer to it than to anything in `unlike`.

    Only utterances with one of the `hints` are compared.
    """

    examples: tuple[str, ...]
    hints: tuple[str, ...]
    unlike: tuple[str, ...] = ()
    threshold: float = 0.92
    by: By = By.AGENT
    counts: Counts = Counts.ANY
    window: Window = field(default_factory=Window)


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """A party speaks a number of `at_least` digits, over at most `across_turns` of its turns, fillers left out."""

    at_least: int
    at_most: int = 1000
    across_turns: int = 1
    by: By = By.CUSTOMER
    window: Window = field(default_factory=Window)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Each condition has an event after the one before it."""

    steps: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, eq=False)
class Silence:
    """Nobody speaks for longer than `longer_than_s`, unless the utterance before announced it with a phrase."""

    longer_than_s: float
    after_party: By = By.ANYONE
    unless_said: Said | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Interruption:
    """`by` starts to speak while the other speaks and both go on for `overlap_s`; short yeses do not count."""

    by: By = By.AGENT
    overlap_s: float = 0.8
    at_least: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class SpeechRate:
    """An utterance of at least `min_characters` is spoken faster (slower) than so many characters a second."""

    by: By = By.AGENT
    faster_than: float | None = None
    slower_than: float | None = None
    min_characters: int = 15
    window: Window = field(default_factory=Window)
    about: Said | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Loudness:
    """An utterance is louder than `above_db` (dBFS), or than the party's usual (median) by `above_usual_db`."""

    by: By = By.AGENT
    above_db: float | None = None
    above_usual_db: float | None = None
    at_least: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Mood:
    """A party's mood is one of `moods` in at least `at_least` utterances."""

    moods: frozenset[str]
    by: By = By.AGENT
    at_least: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """A party says nearly the same at least `at_least` times; `alike` is the share of common sound pairs, 0–1."""

    by: By = By.CUSTOMER
    at_least: int = 2
    alike: float = 0.6
    min_characters: int = 6
    window: Window = field(default_factory=Window)


@dataclass(frozen=True, slots=True, eq=False)
class WrongNumber:
    """A number said of a fact's product and attribute is none of the fact's values."""

    facts: tuple[str, ...]
    by: By = By.AGENT


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """The call carries one of the tags."""

    tags: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class All:
    """Every part is true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf:
    """At least one part is true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, eq=False)
class NoneOf:
    """No part is true."""

    parts: tuple["Condition", ...]


Condition = (
    Said
    | NotSaid
    | Matches
    | Similar
    | Digits
    | Order
    | Silence
    | Interruption
    | SpeechRate
    | Loudness
    | Mood
    | Repeated
    | WrongNumber
    | Tagged
    | All
    | AnyOf
    | NoneOf
)
