"""Real spoken mobile numbers, and real sentences without personal data."""

import csv

import pytest

from benchmarks.bench_privacy import SHARED, mobile_recall, mobile_truth
from guitai.language.numerals import to_digits
from guitai.privacy.find import find
from guitai.privacy.mask import mask
from guitai.privacy.model import Kind

pytestmark = pytest.mark.skipif(
    not SHARED.exists(), reason=f"{SHARED} is absent: the real data is not part of the project"
)


@pytest.fixture(scope="module")
def texts():
    rows = (SHARED / "aishell" / "transcripts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(row.split("\t", 1) for row in rows)


@pytest.fixture(scope="module")
def truth():
    return mobile_truth(SHARED / "aishell" / "transcripts.tsv")


def test_every_spoken_mobile_number_is_found_in_either_form(texts, truth):
    assert len(truth) == 19
    assert mobile_recall(truth, texts) == 1
    assert mobile_recall(truth, {clip: to_digits(text) for clip, text in texts.items()}) == 1


def test_no_spoken_number_survives_the_mask(texts, truth):
    for clip, digits in truth.items():
        assert "****" in mask(texts[clip])
        assert digits not in to_digits(mask(texts[clip]))


def test_other_clips_have_no_more_than_sums_of_money_and_a_family_name(texts, truth):
    others = [text for clip, text in texts.items() if clip not in truth]
    assert [mask(text) for text in others] == others
    assert {data.kind for text in others for data in find(text)} <= {Kind.AMOUNT, Kind.NAME}


def test_questions_to_a_bank_without_personal_data_stay_as_they_are():
    with next((SHARED / "banking77").glob("*.csv")).open(encoding="utf-8") as file:
        questions = [row["text"] for row in csv.DictReader(file)]
    assert [question for question in questions[:3000] if mask(question) != question] == []
