"""Sentences with known personal data, near-misses included, from a seed.

Each template names its class where the value stands ({mobile}, {id_card}, …). Half of the sentences come from templates
held out while the rules were written. Values are valid by their own standards and generated here, without the
finder's code; near-misses are the same shapes made invalid, or named as what is nobody's personal data.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.personal_data_templates import HELD_TEMPLATES, NEAR_MISSES, TEMPLATES

_SPOKEN = "零一二三四五六七八九"
_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文辉建国志红梅海燕雪晨浩宇子涵欣怡梓轩诗雨嘉俊博思远佳慧"
_AREAS = ["110101", "310104", "440305", "510107", "320505", "330106", "420106", "610113", "370202", "500103", "210102"]
_BINS = [
    ("622202", 19),
    ("621700", 19),
    ("622848", 19),
    ("625904", 16),
    ("621226", 19),
    ("436742", 16),
    ("518710", 16),
    ("622588", 16),
    ("621483", 16),
    ("523959", 16),
]
_CITIES = [
    "北京市朝阳区",
    "上海市浦东新区",
    "广东省深圳市南山区",
    "浙江省杭州市西湖区",
    "四川省成都市武侯区",
    "江苏省苏州市工业园区",
    "武汉市洪山区",
    "湖南省长沙市岳麓区",
    "天津市和平区",
    "陕西省西安市雁塔区",
]
_ROADS = ["建国路", "中山北路", "解放大道", "人民东路", "科苑路", "文三路", "天府大道", "星湖街", "珞喻路", "长江西路"]


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the characters of each value in it by class."""

    text: str
    truth: tuple[tuple[str, int, int], ...]
    held: bool


def sentences(count: int, seed: int) -> Iterator[Sentence]:
    """Yield `count` sentences: a third near-misses, the rest evenly over the classes; half from held-out templates."""
    rng = random.Random(seed)
    kinds = sorted(TEMPLATES)
    for i in range(count):
        held = rng.random() < 0.5
        if rng.random() < 1 / 3:
            yield _fill(rng, rng.choice(NEAR_MISSES["held" if held else "known"]), held=held)
        else:
            templates = HELD_TEMPLATES if held else TEMPLATES
            yield _fill(rng, rng.choice(templates[kinds[i % len(kinds)]]), held=held)


def _fill(rng: random.Random, template: str, *, held: bool) -> Sentence:
    text, truth = "", []
    for i, part in enumerate(template.replace("}", "{").split("{")):
        if i % 2 == 0:
            text += part
            continue
        name, _, manner = part.partition(":")
        value = _said(rng, VALUES[name](rng), manner)
        if not name.startswith("x_"):
            truth.append((name, len(text), len(text) + len(value)))
        text += value
    return Sentence(text, tuple(truth), held)


def _said(rng: random.Random, value: str, manner: str) -> str:
    """Return a value as figures, in groups, or in words with the ways people read them."""
    if manner == "spoken":
        return _spell(rng, value)
    if manner == "grouped":
        return rng.choice(" -").join(_parts(rng, value))
    if manner == "paused":
        gap = rng.choice(["，", "，嗯，", " ", "、", "，然后，", "，那个，", "，呃，"])
        return gap.join(_spell(rng, part) for part in _parts(rng, value))
    if manner == "mixed":
        cut = rng.randrange(3, len(value) - 3)
        return value[:cut] + _spell(rng, value[cut:])
    return value


def _spell(rng: random.Random, value: str) -> str:
    one = rng.choice("一幺")
    names = {str(i): char for i, char in enumerate(_SPOKEN)} | {"1": one, "X": rng.choice(["叉", "X", "埃克斯"])}
    return "".join(names.get(char, char) for char in value)


def _parts(rng: random.Random, value: str) -> list[str]:
    parts: list[str] = []
    while value:
        size = min(len(value), rng.choice([3, 4, 4]))
        parts.append(value[:size])
        value = value[size:]
    return parts


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _mobile(rng: random.Random) -> str:
    return "1" + rng.choice("3456789") + _digits(rng, 9)


def _id_card(rng: random.Random) -> str:
    body = (
        rng.choice(_AREAS)
        + f"{rng.randrange(1950, 2008)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
        + _digits(rng, 3)
    )
    return body + _id_check(body)


def _id_check(body: str) -> str:
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    total = sum(int(d) * w for d, w in zip(body, weights, strict=True))
    return "10X98765432"[total % 11]


def _wrong_id(rng: random.Random) -> str:
    card = _id_card(rng)
    return card[:17] + rng.choice([c for c in "0123456789" if c != card[17]])


def _luhn(digits: str) -> bool:
    doubled = [int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _card(rng: random.Random) -> str:
    prefix, length = rng.choice(_BINS)
    body = prefix + _digits(rng, length - 7)
    return next(body + check for check in "0123456789" if _luhn(body + check))


def _wrong_card(rng: random.Random) -> str:
    card = _card(rng)
    return card[:-1] + str((int(card[-1]) + rng.randrange(1, 10)) % 10)


def _landline(rng: random.Random) -> str:
    return (
        rng.choice(["010", "021", "020", "0755", "0571", "025", "027", "0512", "029"])
        + rng.choice(["", "-"])
        + rng.choice("2345678")
        + _digits(rng, 7)
    )


def _name(rng: random.Random) -> str:
    return rng.choice(_FAMILY) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice([1, 2, 2])))


def _email(rng: random.Random) -> str:
    local = rng.choice(["zhang", "li.wei", "wang_fang", "chenlei", "liu", "hello", "xiaoming"]) + _digits(
        rng, rng.randrange(0, 5)
    )
    return local + "@" + rng.choice(["qq.com", "163.com", "gmail.com", "example.com.cn", "bank.cn", "outlook.com"])


def _spoken_email(rng: random.Random) -> str:
    local = rng.choice(["zhangwei", "lily", "wangfang", "tom"]) + _spell(rng, _digits(rng, rng.randrange(0, 4)))
    return (
        local
        + rng.choice(["艾特", " 艾特 ", " at "])
        + rng.choice(["qq点com", "一六三点com", "126 点 com", "gmail 点 com"])
    )


def _address(rng: random.Random) -> str:
    number = rng.choice(
        [
            f"{rng.randrange(1, 300)}号",
            f"{rng.randrange(1, 300)}号{rng.randrange(1, 30)}栋{rng.randrange(101, 2000)}室",
            f"{rng.randrange(1, 99)}号{rng.randrange(1, 20)}号楼{rng.randrange(1, 6)}单元{rng.randrange(101, 999)}",
        ]
    )
    return rng.choice(_CITIES) + rng.choice(_ROADS) + number


def _spoken_address(rng: random.Random) -> str:
    number = rng.choice(["八十八号", "一百二十三号", "二十号三号楼二单元五零一室", "六十六弄十二号", "九号院一号楼"])
    return rng.choice(_CITIES) + rng.choice(_ROADS) + number


def _amount(rng: random.Random) -> str:
    return rng.choice(
        [
            f"{rng.randrange(2, 90000)}元",
            f"{rng.randrange(2, 900)}.{_digits(rng, 2)}元",
            f"{rng.randrange(2, 99)}万元",
            "三千五百块",
            "两万块钱",
            "一百二十元",
            "五十万元",
            "八百六十五块五",
            "¥" + str(rng.randrange(10, 9999)),
        ]
    )


VALUES: dict[str, Callable[[random.Random], str]] = {
    "mobile": _mobile,
    "landline": _landline,
    "id_card": _id_card,
    "bank_card": _card,
    "passport": lambda rng: rng.choice("EG") + _digits(rng, 8),
    "email": lambda rng: _email(rng) if rng.random() < 0.6 else _spoken_email(rng),
    "address": lambda rng: _address(rng) if rng.random() < 0.6 else _spoken_address(rng),
    "name": _name,
    "cvv": lambda rng: _digits(rng, 3),
    "password": lambda rng: _digits(rng, 6),
    "one_time_code": lambda rng: _digits(rng, 6),
    "amount": _amount,
    "x_mobile_short": lambda rng: _mobile(rng)[:10],
    "x_prefix": lambda rng: "1" + rng.choice("012") + _digits(rng, 9),
    "x_eleven": _mobile,
    "x_wrong_id": _wrong_id,
    "x_wrong_card": _wrong_card,
    "x_eighteen": lambda rng: "20" + _digits(rng, 16),
    "x_sixteen": lambda rng: "7" + _digits(rng, 15),
    "x_four": lambda rng: _digits(rng, 4),
    "x_six": lambda rng: _digits(rng, 6),
    "x_ten": lambda rng: str(rng.randrange(10**9, 2 * 10**9)),
    "x_millis": lambda rng: str(rng.randrange(16 * 10**11, 18 * 10**11)),
    "x_count": lambda rng: str(rng.randrange(2, 60)),
    "x_code": lambda rng: rng.choice("ABCF") + _digits(rng, 8),
}
