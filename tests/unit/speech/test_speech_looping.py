"""Loops are told from what people really say twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.speech.looping import loop_start


@pytest.mark.parametrize(
    ("text", "seconds", "first"),
    [
        ("八月该剧场向法庭起诉国际奥委会八月该剧场向法庭起诉国际奥委会", 5.0, "八月该剧场向法庭起诉国际奥委会"),
        ("谢谢大家" * 12, 10.0, "谢谢大家"),
        ("13711112222" * 4, 5.0, "13711112222"),
        ("好" * 60, 20.0, "好"),
        ("thank you very much " * 8, 10.0, "thank you very much"),
        ("我要挂失," * 6, 9.0, "我要挂失"),
    ],
)
def test_a_loop_is_found_where_the_second_copy_begins(text, seconds, first):
    start = loop_start(text, seconds)
    assert start is not None
    assert text[:start].strip(" ,") == first


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 3.0),
        ("好的好的", 1.5),
        ("对对对,是的", 2.0),
        ("我的号码是13000000000", 5.0),
        ("一三八零零零零零零零零", 4.5),
        ("请问您是张先生本人吗请问您是张先生本人吗", 6.0),
        ("13711112222,再说一遍13711112222", 9.0),
        ("no no no no, I did not say that", 3.0),
        ("从今年开始万达就要全面退出住宅销售市场", 4.0),
    ],
)
def test_what_people_say_is_no_loop(text, seconds):
    assert loop_start(text, seconds) is None


def test_more_than_anyone_could_say_is_cut_where_time_was_full():
    text = "".join(chr(0x4E00 + place) for place in range(100))
    start = loop_start(text, 2.0)
    assert start is not None
    assert start <= 22


@given(
    st.text(alphabet="我要挂失卡里的钱被转走了请帮查一下", min_size=6, max_size=14).filter(lambda t: len(set(t)) > 4)
)
def test_any_sentence_said_a_dozen_times_is_a_loop(text):
    assert loop_start(text * 12, 12.0) is not None
