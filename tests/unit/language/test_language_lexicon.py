"""The lexicon is read from a zipped word count and the program's own words."""

import zipfile
from math import exp
from pathlib import Path

import pytest

from guitai.language.lexicon import COUNTS, LEAST_COUNT, Lexicon, banking_words


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    lines = [
        '["的", 900000]',
        '["恢弘", 5000]',
        f'["罕词", {LEAST_COUNT - 1}]',
        '["abc", 9000]',
        '["一二三四五六七", 9]',
    ]
    with zipfile.ZipFile(tmp_path / COUNTS, "w") as archive:
        archive.writestr("counts.json", "\n".join(lines))
    return Lexicon.read(tmp_path)


def test_a_word_has_its_share_of_all_words(lexicon: Lexicon) -> None:
    total = 900_000 + 5000 + LEAST_COUNT - 1
    chance = lexicon.chance("恢弘")
    assert chance is not None
    assert exp(chance) == pytest.approx(5000 / total)
    assert lexicon.chance("罕词") is None
    assert lexicon.chance("abc") is None


def test_words_of_banking_are_in_it(lexicon: Lexicon) -> None:
    assert all(lexicon.chance(word) is not None for word in banking_words())


def test_words_are_found_by_their_folded_sounds(lexicon: Lexicon) -> None:
    assert "贷款" in lexicon.alike(lexicon.sounds("待款"))
    assert "还款" in lexicon.alike(lexicon.sounds("还款"))
    assert lexicon.alike(lexicon.sounds("的")) == []


def test_an_unknown_character_is_as_rare_as_the_rarest_word(lexicon: Lexicon) -> None:
    assert lexicon.chance_of_character("龘") < lexicon.chance_of_character("的")


def test_the_name_tells_which_words_it_holds(lexicon: Lexicon) -> None:
    assert lexicon.name.startswith("word-counts@")
