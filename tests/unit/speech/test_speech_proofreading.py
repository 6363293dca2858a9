"""Recognised Chinese is proofread; times, digits, Latin letters and other languages stay."""

import numpy as np

from guitai.adapters.asr.scripted import Line, ScriptedRecogniser
from guitai.interactions.model import Word
from guitai.language.lexicon import Lexicon
from guitai.speech.model import Recognition, Segment
from guitai.speech.proofreading import CORRECTED_CONFIDENCE, ProofreadRecogniser, proofread

LEXICON = Lexicon(
    {"理财产品": 2000, "贷款": 3000, "的": 9000, "我": 3000, "里": 10, "发展": 1000}, 100_000, name="words@1"
)


def heard(text: str, language: str = "zh", sure: float = 0.4) -> Recognition:
    words = tuple(Word(char, place / 10, place / 10 + 0.1, sure) for place, char in enumerate(text) if char.isalnum())
    return Recognition(text, language, 0.7, words)


def test_corrected_characters_keep_their_times_and_are_less_sure() -> None:
    new = proofread(heard("我的,里财产品", sure=0.9), LEXICON)
    assert new.text == "我的,理财产品"
    assert [word.text for word in new.words] == list("我的理财产品")
    assert [word.start_s for word in new.words] == [0.0, 0.1, 0.3, 0.4, 0.5, 0.6]
    assert [word.confidence for word in new.words] == [0.9, 0.9, CORRECTED_CONFIDENCE, 0.9, 0.9, 0.9]
    assert new.confidence == 0.7


def test_digits_letters_and_spaces_stay() -> None:
    assert proofread(heard("A P P 13800138000 里财产品 3.5%"), LEXICON).text == "A P P 13800138000 理财产品 3.5%"


def test_traditional_characters_become_simplified_in_text_and_words() -> None:
    new = proofread(heard("我的發展"), LEXICON)
    assert new.text == "我的发展"
    assert "".join(word.text for word in new.words) == "我的发展"


def test_other_languages_and_silence_are_left_alone() -> None:
    for one in (heard("里财产品", "ja"), heard("loan", "en"), heard("")):
        assert proofread(one, LEXICON) is one


def test_a_reading_without_words_is_corrected_all_the_same() -> None:
    assert proofread(Recognition("里财产品", "zh", 0.5), LEXICON) == Recognition("理财产品", "zh", 0.5)


def test_the_recogniser_says_what_listens_and_what_corrects() -> None:
    script = ScriptedRecogniser({("call", 0): [Line(0.0, 2.0, "我的里财产品", confidence=0.4)]})
    both = ProofreadRecogniser(script, LEXICON)
    assert both.model_id == "scripted+words@1"
    segment = Segment("call", 0, 0.0, 2.0, np.zeros(32_000, np.int16))
    assert [one.text for one in both.recognise([segment])] == ["我的理财产品"]
