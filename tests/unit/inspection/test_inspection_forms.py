"""A form with an error names file, line and field, and says what is allowed."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from guitai.inspection.errors import FormError
from guitai.inspection.facts import load_facts
from guitai.inspection.forms import FOLDER, load_form, shipped_forms
from guitai.inspection.operations import compile_form

GOOD = """form: example
version: "1.2"
industry: bank
title: 例
scenes: [sale]
dimensions:
  - {id: manners, title: 态度, weight: 60}
  - {id: wording, title: 用语, weight: 40}
phrases:
  hello: [您好]
criteria:
  - id: first
    title: 问候
    dimension: manners
    points: 5
    severity: minor
    clause: 例
    requirement: {said: hello, first_s: 10}
  - id: second
    title: 承诺
    dimension: wording
    points: 2.5
    severity: major
    clause: 例
    violation:
      any:
        - {said: [保本], counts: stated}
        - {matches: '保.益'}
"""

BAD = [
    # what is changed, into what, the line and the field named, words of the message
    ("title: 例\n", "", 1, "", "title is missing"),
    ("    points: 5", "    points: -1", 15, "criteria[0].points", "-1 is too small; at least 0"),
    ("    points: 5", "    points: 高", 15, "criteria[0].points", '"高" is not a number'),
    ("    points: 5", "    points: 5\n    colour: red", 16, "criteria[0].colour", "Allowed here: clause, dimension"),
    ("    points: 5", "    pionts: 5", 12, "criteria[0]", "points is missing"),
    ("    severity: minor", "    severity: bad", 16, "criteria[0].severity", "one of: minor, major, critical"),
    ("    dimension: wording", "    dimension: words", 21, "criteria[1].dimension", "there are: manners, wording"),
    ("id: second", "id: first", 19, "criteria[1].id", "the id first stands twice"),
    ("id: wording", "id: manners", 8, "dimensions[1].id", "stands twice"),
    ("weight: 40", "weight: 30", 6, "dimensions", "the weights sum to 90, not 100"),
    ("said: hello", "said: hallo", 18, "criteria[0].requirement.said", "no phrase list named hallo"),
    ("first_s: 10", "first_s: 0", 18, "criteria[0].requirement.first_s", "more than 0"),
    ("first_s: 10", "within_turns: 3", 18, "criteria[0].requirement.within_turns", "needs after or before"),
    ("first_s: 10", "silence: 3", 18, "criteria[0].requirement", "Choose one: said, not_said"),
    ("first_s: 10", "loud: 3", 18, "criteria[0].requirement.loud", "unknown key"),
    ("'保.益'", "'保('", 28, "criteria[1].violation.any[1].matches", "is not a regular expression"),
    ("counts: stated", "counts: never", 27, "criteria[1].violation.any[0].counts", "stated_or_asked"),
    ("[保本]", "[]", 27, "criteria[1].violation.any[0].said", "the list is too short"),
    ("[保本]", "[保…]", 27, "criteria[1].violation.any[0].said[0]", "nothing beside a gap"),
    ("[保本]", "['{保本']", 27, "criteria[1].violation.any[0].said[0]", "an open brace"),
    (
        "    clause: 例\n    requirement",
        "    clause: 例\n    violation: {said: [x]}\n    requirement",
        12,
        "criteria[0]",
        "exactly one",
    ),
    ("    requirement: {said: hello, first_s: 10}\n", "", 12, "criteria[0]", "Choose one: violation, requirement"),
    ("    title: 问候", "    title: 问候\n    title: 又", 14, "criteria[0].title", "this key stands twice"),
    ("    title: 问候", "    title: 问候\n    scenes: [loan]", 14, "criteria[0].scenes[0]", "there are: sale"),
    ('version: "1.2"', 'version: "new"', 2, "version", "is not of the form"),
    ("scenes: [sale]", "scenes: [sale", 6, "", "is not YAML"),
    (GOOD, "", 1, "", "is empty"),
]


@pytest.mark.parametrize(("old", "new", "line", "field", "words"), BAD)
def test_bad_form(tmp_path: Path, old: str, new: str, line: int, field: str, words: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FormError) as raised:
        load_form(path)
    error = raised.value
    assert (error.file, error.line, error.field) == ("bad.yaml", line, field), str(error)
    assert words in str(error)
    assert str(error).startswith(f"bad.yaml, line {line}")


def test_the_good_form_loads(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    form = load_form(path)
    assert (form.id, form.version, [criterion.id for criterion in form.criteria]) == (
        "example",
        "1.2",
        ["first", "second"],
    )


def test_a_form_that_is_not_there_says_so() -> None:
    with pytest.raises(FormError, match="cannot be read"):
        load_form("no_such_form")


def test_a_form_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yaml"
    path.write_bytes(GOOD.encode("gbk"))
    with pytest.raises(FormError, match="UTF-8"):
        load_form(path)


def test_the_digest_follows_the_content_not_the_layout(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(GOOD, encoding="utf-8")
    first = load_form(path).digest
    path.write_text(
        "# 注释\n" + GOOD.replace("{id: manners, title: 态度, weight: 60}", "{weight: 60, title: 态度, id: manners}")
    )
    assert load_form(path).digest == first
    path.write_text(GOOD.replace("points: 5", "points: 6"))
    assert load_form(path).digest != first


@pytest.mark.parametrize("name", shipped_forms())
def test_shipped_forms(name: str) -> None:
    form = load_form(name)
    assert {dimension.id: dimension.weight for dimension in form.dimensions} == {
        "manners": 30,
        "resolution": 50,
        "wording": 20,
    }
    assert form.id == form.industry == name
    assert all(criterion.clause and criterion.points > 0 for criterion in form.criteria)
    compile_form(form)


def test_the_three_industries_are_shipped() -> None:
    assert shipped_forms() == ["bank", "healthcare", "retail"]


def test_the_schema_is_itself_valid() -> None:
    for path in (FOLDER / "form.schema.json", FOLDER.parent / "facts" / "facts.schema.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_a_criterion_about_an_unknown_fact_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(
        GOOD.replace("{matches: '保.益'}", "{wrong_number: [moon_rate]}") + "facts: bank\n", encoding="utf-8"
    )
    with pytest.raises(FormError, match="no fact named moon_rate"):
        compile_form(load_form(path))


FACTS = yaml.safe_load((FOLDER.parent / "facts" / "bank.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("unit", "dollars", "items[0].unit"),
        ("valid_from", "2026-13-01", "items[0].valid_from"),
        ("id", "first_home_rate", "items[1].id"),
        ("value", -1, "items[0].value"),
    ],
)
def test_bad_facts(tmp_path: Path, key: str, value: object, field: str) -> None:
    items = [dict(item) for item in FACTS["items"]]
    items[0][key] = value
    path = tmp_path / "facts.yaml"
    path.write_text(yaml.safe_dump({**FACTS, "items": items}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(FormError) as raised:
        load_facts(path)
    assert raised.value.field == field
    assert raised.value.line > 0
