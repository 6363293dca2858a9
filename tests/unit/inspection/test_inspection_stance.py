"""Who means what: a promise denied, quoted or asked is no promise. The phrase looked at stands in 【】."""

import pytest

from guitai.inspection.conditions import Stance
from guitai.inspection.transcript import stance_in

STATED, DENIED, ASKED, QUOTED = Stance.STATED, Stance.DENIED, Stance.ASKED, Stance.QUOTED

TABLE = [
    # said in earnest
    ("这款产品【保本保收益】", STATED),
    ("您放心，这个产品是【保本保收益】的，一定不会亏。", STATED),
    ("我跟您说，【保本保收益】", STATED),
    ("我可以向您保证【保本保收益】", STATED),
    ("没问题，【保本保收益】的", STATED),
    ("不仅收益高，而且【保本保收益】", STATED),
    ("不但【保本】，收益还高", STATED),
    ("不好意思打断您一下，这款【保本保收益】", STATED),
    ("没有任何风险，【保本保收益】", STATED),
    ("一点风险都没有【保本保收益】", STATED),
    ("这个您不用担心【保本保收益】", STATED),
    ("无论市场怎么样都【保本保收益】", STATED),
    ("我不骗您【保本保收益】", STATED),
    ("【保本保收益】，您看可以吗？", STATED),
    ("【保本保收益】好吗", STATED),
    ("【保本保收益】，对吧", STATED),
    ("别的银行不行，但是我们【保本保收益】", STATED),
    ("如果您今天买，就【保本保收益】", STATED),
    ("如果您今天买就【保本保收益】", STATED),
    ("以前不能，现在【保本保收益】", STATED),
    ("【保本】的，不会亏", STATED),
    ("非常稳健【保本保收益】", STATED),
    # two negations make a statement
    ("不是不【保本】", STATED),
    ("我们不会不【保本】的", STATED),
    ("不得不说它【保本保收益】", STATED),
    ("难道还不【保本】吗", STATED),
    ("银行的产品还能不【保本】吗", STATED),
    # denied
    ("我不能承诺【保本】", DENIED),
    ("我们不会【问您密码】", DENIED),
    ("我们不承诺【保本保收益】", DENIED),
    ("监管规定不得承诺【保本】", DENIED),
    ("监管规定不得承诺【保本】、保收益", DENIED),
    ("监管规定不得承诺保本、【保收益】", DENIED),
    ("这款产品不【保本】", DENIED),
    ("理财产品不保证【本金安全】", DENIED),
    ("这个不是【保本保收益】的产品", DENIED),
    ("我们从不承诺【保本保收益】", DENIED),
    ("我从来没说过【保本保收益】", DENIED),
    ("谁说【保本保收益】的", DENIED),
    ("哪有【保本保收益】的理财", DENIED),
    ("怎么可能【保本保收益】呢", DENIED),
    ("禁止销售人员承诺【保本保收益】", DENIED),
    ("严禁以【保本保收益】误导客户", DENIED),
    ("没有【保本保收益】的理财产品", DENIED),
    ("并非【保本】产品", DENIED),
    ("请勿相信【保本保收益】的宣传", DENIED),
    ("任何银行都无法【保证本金】", DENIED),
    ("【保本保收益】是不可能的", DENIED),
    ("【保本保收益】的说法是不对的", DENIED),
    ("【保本】我们不能承诺", DENIED),
    ("【保本保收益】这是违规的", DENIED),
    ("现在没有产品敢说【保本保收益】", DENIED),
    ("难道理财能【保本】吗", DENIED),
    # other people's words
    ("有人跟您说【保本】是骗人的", DENIED),
    ("您刚才说【保本保收益】是不对的", DENIED),
    ("骗子会说【保本保收益】", QUOTED),
    ("如果有人跟您说【保本保收益】，请挂断", QUOTED),
    ("您说的是【保本保收益】", QUOTED),
    ("网上宣传【保本保收益】", QUOTED),
    ("对方承诺您【保本保收益】了没有", QUOTED),
    ("他跟您保证“【保本保收益】”", QUOTED),
    ("要是【保本保收益】的话早就卖完了", QUOTED),
    ("客户声称产品【保本保收益】", QUOTED),
    # asked
    ("您是想要【保本】的产品吗？", ASKED),
    ("您是不是只要【保本】的", ASKED),
    ("请问是否【保本】", ASKED),
    ("这个能不能【保本】", ASKED),
    ("您的【密码是多少】？", ASKED),
    ("您需要【保本】的吗", ASKED),
    # English
    ("This product is [guaranteed return]", STATED),
    ("I promise you a [guaranteed return].", STATED),
    ("There is no doubt, it is a [guaranteed return]", STATED),
    ("We can not offer a [guaranteed return]", DENIED),
    ("We never promise a [guaranteed return]", DENIED),
    ("There isn't any [guaranteed return]", DENIED),
    ("A [guaranteed return] is not possible", DENIED),
    ("If someone tells you it is a [guaranteed return], hang up", QUOTED),
    ("They said it was a [guaranteed return]", QUOTED),
    ("They promised a [guaranteed return], that is a scam", DENIED),
    ("Are you looking for a [guaranteed return]?", ASKED),
    ("We will never [ask for your pin]", DENIED),
    ("Not only that, you get a [guaranteed return]", STATED),
]


@pytest.mark.parametrize(("sentence", "expected"), TABLE)
def test_stance_of_a_phrase(sentence: str, expected: Stance) -> None:
    marked = sentence.replace("[", "【").replace("]", "】")
    start = marked.index("【")
    end = marked.index("】") - 1
    assert stance_in(marked.replace("【", "").replace("】", ""), start, end) is expected


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 60
