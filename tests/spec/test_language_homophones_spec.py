"""With the lexicon that ships: what a small recogniser gets wrong in calls, and what must stay as it was said."""

import pytest

from guitai.language.homophones import corrected
from guitai.language.lexicon import COUNTS, Lexicon
from guitai.settings import Settings

FOLDER = Settings.from_environment().models / "word-counts"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    if not (FOLDER / COUNTS).exists():
        pytest.skip(f"needs the word counts in {FOLDER}: run `make env`")
    return Lexicon.read(FOLDER)


REPAIRED = [
    ("我们银行新出了一款李财产品", "我们银行新出了一款理财产品"),
    ("这个产品是保笨保收益的", "这个产品是保本保收益的"),
    ("我想马上办理挂师", "我想马上办理挂失"),
    ("那我用其他办法帮您合对", "那我用其他办法帮您核对"),
    ("我今天晚上就用手机银行环款", "我今天晚上就用手机银行还款"),
    ("青山银行带款服务热线", "青山银行贷款服务热线"),
    ("帮您暂时动劫账户", "帮您暂时冻结账户"),
    ("十年后的需求还能继续支撑仿价吗", "十年后的需求还能继续支撑房价吗"),
]

KEPT = [
    "这个产品不保本也不保证收益",
    "您没有逾期不需要交违约金",
    "我的号码是一三七零零九七二七一四",
    "三点五个百分点一共两万三千元",
    "请您不要把密码告诉任何人",
    "您好请问有什么可以帮您",
    "最后四位是二四三九",
    "理财非存款产品有风险投资须谨慎",
]


@pytest.mark.parametrize(("heard", "meant"), REPAIRED)
def test_what_only_sounds_right_is_repaired(lexicon: Lexicon, heard: str, meant: str) -> None:
    assert corrected(heard, [0.5] * len(heard), lexicon) == meant


@pytest.mark.parametrize("said", KEPT)
def test_what_was_said_stays_even_where_the_recogniser_doubts(lexicon: Lexicon, said: str) -> None:
    assert corrected(said, [0.2] * len(said), lexicon) == said
