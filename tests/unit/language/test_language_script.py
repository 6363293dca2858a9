from hypothesis import given
from hypothesis import strategies as st

from guitai.language.script import fold, simplify, spell_digits


def test_traditional_characters_become_simplified():
    assert simplify("臺灣銀行的帳戶") == "台湾银行的账户"


def test_full_width_becomes_half_width_lower_case():
    assert fold("ＡＢＣ１２，。％！") == "abc12,.%!"


@given(st.text())
def test_folding_keeps_offsets_and_is_done_once(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_digits_are_spelled_one_by_one_for_scoring():
    assert spell_digits("设定29度１") == "设定二九度一"
