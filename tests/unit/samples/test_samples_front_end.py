"""From Chinese text to the voice's symbols, and what the telephone line does to the sound."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples.numerals import cardinal, digits, spoken
from samples.phonemes import phonemes, prosodic_words, sentences, split_syllable
from samples.telephone import FILE_RATE, LINE_RATE, babble, g711, level_db, line_band, pink_noise, set_level, write_opus
from samples.voice import MandarinVoice, Timbre, models_folder

_WORD_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("年利率3.6%", "年利率百分之三点六"),
        ("0元", "零元"),
        ("10元", "十元"),
        ("110元", "一百一十元"),
        ("12050元", "一万二千零五十元"),
        ("105000元", "十万五千元"),
        ("13800138000", "幺三八零零幺三八零零零"),
        ("尾号0021", "尾号零零二幺"),
        ("没有数字", "没有数字"),
    ],
)
def test_numbers_are_said_as_bank_staff_say_them(written: str, said: str) -> None:
    assert spoken(written) == said


@given(st.integers(0, 99_999_999))
def test_a_quantity_read_back_is_the_same_quantity(value: int) -> None:
    assert _value(cardinal(value)) == value


def _value(words: str) -> int:
    if "万" in words:
        high, _, low = words.partition("万")
        return _value(high) * 10_000 + (_value(low) if low else 0)
    total, digit = 0, 1 if words.startswith("十") else 0
    for char in words:
        if char in _WORD_VALUES:
            digit = _WORD_VALUES[char]
        else:
            total, digit = total + digit * {"十": 10, "百": 100, "千": 1000}[char], 0
    return total + digit


@given(st.from_regex(r"[0-9]{7,20}", fullmatch=True))
def test_a_long_number_is_read_digit_by_digit(number: str) -> None:
    assert spoken(number) == digits(number)
    assert len(digits(number)) == len(number)


@pytest.mark.parametrize(
    ("pinyin", "symbols"),
    [
        ("hang2", ("h", "ang2")),
        ("zhi1", ("zh", "iii1")),
        ("si4", ("s", "ii4")),
        ("xue2", ("x", "ve2")),
        ("jun1", ("j", "vn1")),
        ("liu4", ("l", "iou4")),
        ("gui4", ("g", "uei4")),
        ("lv4", ("l", "v4")),
        ("yuan2", ("^", "van2")),
        ("yi1", ("^", "i1")),
        ("you3", ("^", "iou3")),
        ("wu3", ("^", "u3")),
        ("wei4", ("^", "uei4")),
        ("er4", ("^", "er4")),
        ("ng5", ("^", "en5")),
    ],
)
def test_a_syllable_is_split_as_the_voice_expects(pinyin: str, symbols: tuple[str, str]) -> None:
    assert split_syllable(pinyin) == symbols


def test_a_sentence_starts_and_ends_in_silence_with_pauses_at_its_commas() -> None:
    symbols = phonemes("您好，银行。")
    assert symbols == ["sil", "n", "in2", "#0", "h", "ao3", "#3", "^", "in2", "#0", "h", "ang2", "sil"]


def test_digits_keep_the_tone_of_one() -> None:
    assert phonemes("一一零")[1:6] == ["^", "i1", "#0", "^", "i1"]


def test_repayment_is_read_huan_not_hai() -> None:
    assert "uan2" in phonemes("最后还款日")
    assert "uan2" not in phonemes("还有事")


def test_particles_lean_back_and_lone_words_lean_forward() -> None:
    assert prosodic_words("银行的密码") == ["银行的", "密码"]
    assert prosodic_words("可以帮您") == ["可以", "帮您"]
    assert "".join(prosodic_words("请问您是张先生吗")) == "请问您是张先生吗"


def test_long_text_is_spoken_in_breaths_and_nothing_is_lost() -> None:
    text = "您好，这里是青山银行信用卡中心，请问您需要办理什么业务？您的账单是2300元。"
    assert "".join(sentences(text)) == spoken(text)
    assert all(len(part) <= 30 for part in sentences(text))


def test_the_line_keeps_speech_and_removes_what_lies_outside_its_band() -> None:
    seconds = np.arange(24_000) / 24_000
    inside, below = (np.sin(2 * np.pi * hertz * seconds).astype(np.float32) for hertz in (1000, 100))
    assert level_db(line_band(inside, 24_000)) == pytest.approx(-3, abs=0.5)
    assert level_db(line_band(below, 24_000)) < -30


@given(st.floats(-1, 1, width=32))
def test_g711_is_idempotent_and_near(value: float) -> None:
    once = g711(np.array([value], np.float32))
    assert abs(once[0] - value) <= 0.03
    assert g711(once)[0] == pytest.approx(once[0], abs=1e-6)


@pytest.mark.parametrize("target", [-30.0, -20.0])
def test_speech_is_brought_to_its_level_without_clipping(target: float) -> None:
    wave = pink_noise(8000, np.random.default_rng(1)) * 0.3
    assert level_db(set_level(wave, target)) == pytest.approx(target, abs=0.5)
    assert np.abs(set_level(wave, -3.0)).max() < 0.69


def test_noise_is_the_same_for_the_same_seed() -> None:
    one, two = (pink_noise(4000, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one, two)
    voices = [one, two[:3000]]
    mixes = [babble(voices, 9000, np.random.default_rng(7)) for _ in range(2)]
    assert np.array_equal(*mixes)
    assert np.sqrt(np.mean(mixes[0] ** 2)) == pytest.approx(1, abs=1e-3)


def test_the_same_samples_give_the_same_file(tmp_path) -> None:
    assert FILE_RATE % LINE_RATE == 0
    track = pink_noise(LINE_RATE, np.random.default_rng(3)) * 0.05
    for name in ("one.opus", "two.opus"):
        write_opus(tmp_path / name, [track, track * 0])
    assert (tmp_path / "one.opus").read_bytes() == (tmp_path / "two.opus").read_bytes()


def test_every_symbol_of_the_scripts_is_known_to_the_voice() -> None:
    mapper = models_folder() / "baker_mapper.json"
    if not mapper.exists():
        pytest.skip("the voice's weights are not installed (make env)")
    from samples.script import load_all

    known = json.loads(mapper.read_text(encoding="utf-8"))["symbol_to_id"]
    for script in load_all():
        for turn in script.turns if script.language == "zh" else ():
            for sentence in sentences(turn.text):
                assert set(phonemes(sentence, turn.readings)) <= set(known)


def test_the_voice_says_the_same_twice() -> None:
    pytest.importorskip(
        "ai_edge_litert", reason="ai-edge-litert is installed only to render (requirements/samples.lock)"
    )
    if not models_folder().is_dir():
        pytest.skip("the voice's weights are not installed (make env)")
    voice = MandarinVoice()
    one, two = (voice.speak("您好，青山银行。", Timbre(tract=0.9, pitch=0.8)) for _ in range(2))
    assert np.array_equal(one, two)
    assert 0.8 < one.size / 24_000 < 4
