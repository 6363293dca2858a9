"""Which strings of digits can be an identity card, a bank card, a telephone: checksums, prefixes, lengths."""

import re
from calendar import monthrange

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# GB/T 2260 province codes; 81-83 are the residence permits of Hong Kong, Macao and Taiwan residents.
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_CARD_PREFIX = re.compile(
    "(?:62[0-9]{11,17}|4[0-9]{15}|4[0-9]{12}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|35[0-9]{14}|"
    "(?:60|65)[0-9]{14,17}|9(?:55|40|00)[0-9]{13,16}|(?:43|45|49|52|53|54|55|68|69|84|87|88)[0-9]{14,17})"
)
_MOBILE = re.compile("1[3-9][0-9]{9}")
_AREA = re.compile(
    "0(?:10|2[0-57-9]|3[1-79][0-9]|4[1-8][0-9]|5[1-9][0-9]|6[0369][0-9]|7[0-79][0-9]|8[13578][0-9]|9[0-9][0-9])"
)
_MODERN, _OLD = 18, 15


def is_mobile(digits: str) -> bool:
    """Say whether `digits` is a mainland mobile number: 1, then 3-9, then nine more."""
    return _MOBILE.fullmatch(digits) is not None


def area_code(digits: str) -> str:
    """Return the area code that a mainland landline number with its trunk 0 begins with, or an empty string."""
    match = _AREA.match(digits)
    return match[0] if match and len(digits) - match.end() in (7, 8) and digits[match.end()] in "2345678" else ""


def is_id_card(number: str) -> bool:
    """Say whether `number` is a valid GB 11643 identity number: province, date of birth and check digit."""
    return (
        len(number) == _MODERN
        and number[:17].isdecimal()
        and number[:2] in _PROVINCES
        and _is_date(number[6:10], number[10:12], number[12:14])
        and _CHECK[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False)) % 11] == number[17]
    )


def is_old_id_card(number: str) -> bool:
    """Say whether `number` has the form of an identity number of 15 digits, which carries no check digit."""
    return (
        len(number) == _OLD
        and number.isdecimal()
        and number[:2] in _PROVINCES
        and _is_date("19" + number[6:8], number[8:10], number[10:12])
    )


def is_bank_card(digits: str) -> bool:
    """Say whether `digits` has an issuer's prefix with a length it uses, and the Luhn check digit."""
    return _CARD_PREFIX.fullmatch(digits) is not None and luhn(digits)


def luhn(digits: str) -> bool:
    """Say whether the last digit is the right check digit by ISO/IEC 7812-1 annex B."""
    total = 0
    for i, char in enumerate(reversed(digits)):
        digit = int(char) * (1 + i % 2)
        total += digit - 9 * (digit > 9)  # noqa: PLR2004
    return total % 10 == 0


def _is_date(year: str, month: str, day: str) -> bool:
    y, m, d = int(year), int(month), int(day)
    return 1900 <= y <= 2099 and 1 <= m <= 12 and 1 <= d <= monthrange(y, m)[1]  # noqa: PLR2004
