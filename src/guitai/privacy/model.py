"""What personal data is, how sensitive each kind is, and where in a conversation it stands."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Sensitivity(StrEnum):
    """Classes of personal financial information by JR/T 0171-2020, clause 4.2: the higher, the worse a leak."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


class Kind(StrEnum):
    """Each kind of personal data that is looked for."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    PASSPORT = "passport"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    CVV = "cvv"
    PASSWORD = "password"  # noqa: S105 (the name of a kind, not a secret)
    ONE_TIME_CODE = "one_time_code"
    AMOUNT = "amount"

    @property
    def sensitivity(self) -> Sensitivity:
        """C3 lets a stranger act as the customer, C2 tells who she is, C1 is the bank's own knowledge of her."""
        if self in (Kind.CVV, Kind.PASSWORD, Kind.ONE_TIME_CODE):
            return Sensitivity.C3
        return Sensitivity.C1 if self is Kind.AMOUNT else Sensitivity.C2


class Turn(NamedTuple):
    """What one party said without a break; `party` tells speakers apart, nothing more."""

    party: str
    text: str


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of turn number `turn`."""

    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of personal data: all characters that say it, echoes included, and those a mask hides.

    `value` (digits 0-9 and X for numbers, else the text) never shows in a repr. `verified` is False where only the
    context names the kind and the number itself fails its checksum or length, as after a recogniser's error.
    """

    kind: Kind
    spans: tuple[Span, ...]
    hidden: tuple[Span, ...]
    value: str = field(repr=False)
    verified: bool = True

    @property
    def sensitivity(self) -> Sensitivity:
        """The class of the kind."""
        return self.kind.sensitivity
