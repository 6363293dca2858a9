"""Telephone numbers are found without being stored."""

import pytest

from guitai.recording.describing import mask_label
from guitai.recording.numbers import last_digits, number_keys, query_key

SECRET = b"s" * 32


@pytest.mark.parametrize("written", ["13812345678", "138 1234 5678", "+86 138-1234-5678", "008613812345678"])
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert query_key(SECRET, written) in number_keys(SECRET, "13812345678", None)


def test_four_digits_find_the_end_and_nothing_else_shows() -> None:
    assert query_key(SECRET, "5678") in last_digits("13812345678", "4006021188")
    assert last_digits("12", None) == ()
    assert all("1381234" not in key for key in number_keys(SECRET, "13812345678"))


def test_another_house_has_other_keys() -> None:
    assert number_keys(SECRET, "13812345678") != number_keys(b"t" * 32, "13812345678")


@pytest.mark.parametrize(
    ("label", "masked"),
    [
        ("call_13812345678_1.wav", "call_138****5678_1.wav"),
        ("回拨13812345678", "回拨138****5678"),
        ("理财_产品", "理财_产品"),
        ("promise.wav", "promise.wav"),
    ],
)
def test_labels_are_masked_next_to_underscores(label: str, masked: str) -> None:
    assert mask_label(label) == masked
    assert mask_label(masked) == masked
