from guitai.privacy.mask import MaskedForms, TurnForms, mask, mask_forms, mask_value
from guitai.privacy.model import Kind


def test_both_forms_are_masked_alike():
    (masked,) = mask_forms(
        [TurnForms("c", "我的号码13812345678谢谢3500块", "我的号码一三八一二三四五六七八谢谢三千五百块")]
    )
    assert masked == MaskedForms(
        "我的号码138****5678谢谢3500块", "我的号码一三八****五六七八谢谢三千五百块", ((7, 11),)
    )


def test_what_only_one_form_shows_is_hidden_in_both():
    spoken = "我住在上海市徐汇区漕溪北路一千二百号三栋一千五百零二室"
    text = "我住在上海市徐汇区漕溪北路1200号3栋1502室"
    (masked,) = mask_forms([TurnForms("c", text, spoken)])
    assert set(masked.text[6:]) == {"*"}
    assert set(masked.spoken[6:]) == {"*"}


def test_forms_of_a_number_over_turns():
    masked = mask_forms(
        [
            TurnForms("c", "号码是138", "号码是一三八"),
            TurnForms("a", "嗯", "嗯"),
            TurnForms("c", "00138000", "零零一三八零零零"),
        ]
    )
    assert [m.text for m in masked] == ["号码是138", "嗯", "****8000"]
    assert [m.spoken for m in masked] == ["号码是一三八", "嗯", "****八零零零"]
    assert masked[2].spoken_spans == ((0, 4),)


def test_forms_that_are_not_each_others_are_masked_one_by_one():
    (masked,) = mask_forms([TurnForms("c", "手机13812345678", "电话号码一三八一二三四五六七八")])
    assert masked.text == "手机138****5678"
    assert masked.spoken == "电话号码一三八****五六七八"


def test_a_value_of_known_kind_is_masked_whatever_it_is():
    assert mask_value(Kind.MOBILE, "13812345678") == "138****5678"
    assert mask_value(Kind.ID_CARD, "110101199003071234") == "110101********1234"
    assert mask_value(Kind.BANK_CARD, "6222021234567890128") == "6222 **** **** 0128"
    assert mask_value(Kind.NAME, "张三") == "张*"
    assert mask_value(Kind.NAME, "欧阳修") == "欧阳*"
    assert mask_value(Kind.EMAIL, "zhangsan@x.com") == "z***@x.com"
    assert mask_value(Kind.ADDRESS, "北京市朝阳区建国路88号") == "北京市" + "*" * 9
    assert mask_value(Kind.LANDLINE, "010-62345678") == "010-****5678"
    assert mask_value(Kind.PASSPORT, "E12345678") == "E****5678"
    for secret in (Kind.CVV, Kind.PASSWORD, Kind.ONE_TIME_CODE):
        assert mask_value(secret, "123456") == "******"
    assert mask_value(Kind.AMOUNT, "500元") == "500元"


def test_a_short_value_never_shows_whole():
    for kind in Kind:
        if kind is not Kind.AMOUNT:
            for length in range(1, 20):
                assert "*" in mask_value(kind, "9" * length)


def test_empty_text():
    assert mask("") == ""
    assert mask_forms([]) == []
