"""Laws of the one masking path, over generated values in generated surroundings."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate_personal_data import VALUES, sentences
from guitai.language.numerals import to_digits, to_spoken
from guitai.privacy.find import find, find_in_turns
from guitai.privacy.mask import TurnForms, mask, mask_forms, mask_turns
from guitai.privacy.model import Kind, Turn

alphabet = (
    "一二三四五六七八九零幺两十百万个双嗯啊对是的号码身份证卡密码验证手机电话我叫张王李三先生住在北京市朝阳区路街号楼室元块转账 "
    "0123456789Xx，。*-.@艾特点comE订单尾后位安全"
)
noise = st.text(alphabet, max_size=60)
conversations = st.lists(st.tuples(st.sampled_from("ac"), noise), max_size=6)
randoms = st.randoms(use_true_random=False)
plain = st.sampled_from(["", "您好，", "嗯", "我看一下，", "对对对，", "麻烦您，", "不好意思啊", "那个", "这边是"])
gaps = st.sampled_from(["", " ", "，", "，嗯，", "-", "，然后，", "、", "，那个，"])


@settings(max_examples=300, deadline=None)
@given(noise)
def test_masking_twice_is_masking_once(text):
    once = mask(text)
    assert mask(once) == once
    assert len(once) == len(text)
    assert all(now in ("*", before) for before, now in zip(text, once, strict=True))


@settings(max_examples=150, deadline=None)
@given(conversations)
def test_masking_a_conversation_twice_is_masking_it_once(said):
    turns = [Turn(*turn) for turn in said]
    once = mask_turns(turns)
    assert mask_turns([Turn(turn.party, text) for turn, text in zip(turns, once, strict=True)]) == once


@settings(max_examples=100, deadline=None)
@given(conversations)
def test_nothing_that_a_mask_hides_is_left_in_what_it_returns(said):
    turns = [Turn(*turn) for turn in said]
    masked = [Turn(turn.party, text) for turn, text in zip(turns, mask_turns(turns), strict=True)]
    left = [data for data in find_in_turns(masked) if data.kind is not Kind.AMOUNT]
    assert all(set(masked[s.turn].text[s.start : s.end]) <= {"*"} for data in left for s in data.hidden)


@settings(max_examples=150, deadline=None)
@given(randoms, st.sampled_from(["mobile", "id_card", "bank_card"]), plain, gaps, st.data())
def test_a_valid_number_is_found_however_it_is_cut(rng, kind, before, gap, data):
    value = VALUES[kind](rng)
    spoken = data.draw(st.booleans())
    cuts = sorted(data.draw(st.sets(st.integers(1, len(value) - 1), max_size=4)))
    parts = [value[i:j] for i, j in zip([0, *cuts], [*cuts, len(value)], strict=True)]
    said = gap.join(to_words(part) if spoken else part for part in parts)
    text = f"{before}{said}，谢谢"
    assert [(str(found.kind), found.value) for found in find(text)] == [(kind, value)]
    assert value not in digits_of(mask(text))


@settings(max_examples=150, deadline=None)
@given(randoms, st.sampled_from(["mobile", "id_card", "bank_card"]), st.data())
def test_a_number_over_turns_survives_in_neither_form(rng, kind, data):
    value = VALUES[kind](rng)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(value) - 1), min_size=1, max_size=4)))
    parts = [value[i:j] for i, j in zip([0, *cuts], [*cuts, len(value)], strict=True)]
    turns: list[TurnForms] = []
    for part in parts:
        filler = data.draw(st.sampled_from(["", "嗯", "然后", "就是", "对，"]))
        turns.append(TurnForms("c", filler + to_digits(to_words(part)), filler + to_words(part)))
        turns.append(TurnForms("a", *[data.draw(st.sampled_from(["嗯", "好的您继续", "好", "对", "您说"]))] * 2))
    masked = mask_forms(turns)
    assert value not in digits_of("".join(m.text for m in masked[::2]))
    assert value not in digits_of("".join(m.spoken for m in masked[::2]))
    for turn, now in zip(turns, masked, strict=True):
        hidden = {i for start, end in now.spoken_spans for i in range(start, end)}
        assert now.spoken == "".join("*" if i in hidden else char for i, char in enumerate(turn.spoken))


@settings(max_examples=100, deadline=None)
@given(conversations)
def test_both_forms_hide_as_much(said):
    turns = [TurnForms(party, to_digits(text), text) for party, text in said]
    once = mask_forms(turns)
    for turn, now in zip(turns, once, strict=True):
        assert len(now.text) == len(turn.text)
        assert len(now.spoken) == len(turn.spoken)
        assert ("*" in now.text.replace("*", "", turn.text.count("*"))) == bool(now.spoken_spans)


def test_no_value_of_a_generated_sentence_is_left_in_any_form():
    for sentence in sentences(1500, seed=11):
        values = [sentence.text[start:end] for kind, start, end in sentence.truth if kind != "amount"]
        masked = mask(sentence.text)
        assert not any(value in masked for value in values)
        (forms,) = mask_forms([TurnForms("c", to_digits(sentence.text), sentence.text)])
        assert not any(value in forms.spoken or to_digits(value) in forms.text for value in values)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "一",
        "1 ",
        "一，",
        "13",
        "6222 ",
        "嗯",
        "a",
        "@",
        "一百",
        "密码",
        "路1号",
        "我叫",
        "个",
        "四个",
        "*",
        "x",
        "点",
    ],
)
def test_time_is_linear_whatever_is_repeated(unit):
    times = []
    for size in (3_000, 12_000):
        text = (unit * size)[:size]
        started = time.process_time()
        mask(text)
        times.append(time.process_time() - started)
    assert times[1] < 8 * times[0] + 0.2


def test_ten_thousand_characters_of_a_transcript_take_little_time():
    text = (
        "您好，请问有什么可以帮您？我想查一下上个月的账单，好像多扣了钱。" * 8 + "手机号是一三八一二三四五六七八。"
    ) * 37
    started = time.process_time()
    mask(text)
    assert time.process_time() - started < 0.15


def to_words(digits: str) -> str:
    return digits.translate(str.maketrans("0123456789X", "零一二三四五六七八九叉"))


def digits_of(text: str) -> str:
    spoken = str.maketrans("零一二三四五六七八九幺叉", "01234567891X")
    return re.sub(r"[^0-9X*]", "", text.translate(spoken))


def test_reading_aloud_keeps_the_value():
    assert to_words("137X") == "一三七叉"
    assert to_spoken("号码13812345678") == "号码一三八一二三四五六七八"
