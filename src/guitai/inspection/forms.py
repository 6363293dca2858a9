"""Read evaluation forms: YAML, checked against the JSON Schema and against itself."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from guitai.inspection import conditions as c
from guitai.inspection.marked_yaml import MarkedYaml, Place, read_marked_yaml
from guitai.inspection.model import Criterion, Dimension, EvaluationForm
from guitai.inspection.schema import check_against
from guitai.inspection.scorecards import Severity
from guitai.kernel.canonical import canonical_json

FOLDER = Path(__file__).parent / "forms"
_ALL_WEIGHTS = 100


def shipped_forms() -> list[str]:
    """Return the names of the forms that come with Guitai."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_form(path_or_name: str | Path) -> EvaluationForm:
    """Read a form from a file, or one of those shipped by its name (`bank`, `healthcare`, `retail`).

    Raises:
        FormError: the form cannot be used; file, line and field are named, and what is allowed.

    """
    shipped = FOLDER / f"{path_or_name}.yaml"
    source = read_marked_yaml(shipped if shipped.is_file() else Path(path_or_name))
    check_against(source, "form")
    _check_itself(source)
    builder = _Conditions(source)
    value = source.value
    return EvaluationForm(
        id=value["form"],
        version=value["version"],
        industry=value["industry"],
        title=value["title"],
        scenes=tuple(value["scenes"]),
        dimensions=tuple(Dimension(d["id"], d["title"], d["weight"]) for d in value["dimensions"]),
        criteria=tuple(_criterion(item, ("criteria", i), builder) for i, item in enumerate(value["criteria"])),
        facts=value.get("facts"),
        digest=hashlib.sha256(canonical_json(_without_floats(value))).hexdigest(),
    )


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _without_floats(item) for key, item in value.items()}
    return [_without_floats(item) for item in value] if isinstance(value, list) else value


def _check_itself(source: MarkedYaml) -> None:
    """Refuse ids that stand twice, weights that do not sum to 100, dimensions and scenes that are not declared."""
    value = source.value
    _unique(source, "dimensions")
    _unique(source, "criteria")
    total = sum(dimension["weight"] for dimension in value["dimensions"])
    if total != _ALL_WEIGHTS:
        raise source.error(f"the weights sum to {total}, not 100", ("dimensions",))
    known = {dimension["id"] for dimension in value["dimensions"]}
    for number, item in enumerate(value["criteria"]):
        if item["dimension"] not in known:
            problem = f"no dimension named {item['dimension']}; there are: {', '.join(sorted(known))}"
            raise source.error(problem, ("criteria", number, "dimension"))
        for place, scene in enumerate(item.get("scenes", ())):
            if scene not in value["scenes"]:
                problem = f"no scene named {scene}; there are: {', '.join(value['scenes'])}"
                raise source.error(problem, ("criteria", number, "scenes", place))


def _unique(source: MarkedYaml, key: str) -> None:
    seen: set[str] = set()
    for number, item in enumerate(source.value[key]):
        if item["id"] in seen:
            raise source.error(f"the id {item['id']} stands twice", (key, number, "id"))
        seen.add(item["id"])


def _criterion(item: Mapping[str, Any], place: Place, builder: "_Conditions") -> Criterion:
    parts = {
        key: builder.build(item[key], (*place, key)) for key in ("when", "violation", "requirement") if key in item
    }
    return Criterion(
        id=item["id"],
        title=item["title"],
        dimension=item["dimension"],
        points=float(item["points"]),
        severity=Severity(item["severity"]),
        clause=item["clause"],
        scenes=frozenset(item.get("scenes", ())),
        **parts,
    )


_Item = Mapping[str, Any]
_CONVERT: Mapping[str, Callable[[Any], Any]] = {
    "by": c.By,
    "after_party": c.By,
    "match": c.Match,
    "counts": c.Counts,
    "threshold": float,
    "faster_than": float,
    "slower_than": float,
    "alike": float,
}


def _options(item: _Item, *keys: str) -> dict[str, Any]:
    """Return those of the keys that are given, as the conditions want them."""
    return {key: _CONVERT[key](item[key]) if key in _CONVERT else item[key] for key in keys if key in item}


class _Conditions:
    """Builds conditions from values that fit the schema."""

    def __init__(self, source: MarkedYaml) -> None:
        self._source = source
        self._lists: Mapping[str, list[str]] = source.value.get("phrases", {})
        self._kinds: Mapping[str, Callable[[_Item, Place], c.Condition]] = {
            "said": self._said,
            "not_said": self._not_said,
            "matches": self._matches,
            "similar": self._similar,
            "digits": self._digits,
            "repeated": self._repeated,
            "faster_than": self._speech_rate,
            "slower_than": self._speech_rate,
            "silence": self._silence,
            "interruption": lambda item, _: c.Interruption(
                overlap_s=float(item["interruption"]), **_options(item, "by", "at_least")
            ),
            "louder_than_db": lambda item, _: c.Loudness(
                above_db=float(item["louder_than_db"]), **_options(item, "by", "at_least")
            ),
            "louder_than_usual_db": lambda item, _: c.Loudness(
                above_usual_db=float(item["louder_than_usual_db"]), **_options(item, "by", "at_least")
            ),
            "mood": lambda item, _: c.Mood(frozenset(item["mood"]), **_options(item, "by", "at_least")),
            "wrong_number": lambda item, _: c.WrongNumber(tuple(item["wrong_number"]), **_options(item, "by")),
            "tagged": lambda item, _: c.Tagged(frozenset(item["tagged"])),
            "order": lambda item, place: c.Order(self._parts(item, "order", place)),
            "all": lambda item, place: c.All(self._parts(item, "all", place)),
            "any": lambda item, place: c.AnyOf(self._parts(item, "any", place)),
            "none": lambda item, place: c.NoneOf(self._parts(item, "none", place)),
        }

    def build(self, item: _Item, place: Place) -> c.Condition:
        """Return the condition that `item` describes."""
        kind = next(key for key in item if key in self._kinds)
        return self._kinds[kind](item, place)

    def _parts(self, item: _Item, key: str, place: Place) -> tuple[c.Condition, ...]:
        return tuple(self.build(part, (*place, key, number)) for number, part in enumerate(item[key]))

    def _said(self, item: _Item, place: Place, key: str = "said") -> c.Said:
        options = _options(item, "by", "match", "counts", "at_least")
        return c.Said(self._phrases(item, key, place), window=self._window(item, place), **options)

    def _not_said(self, item: _Item, place: Place) -> c.NotSaid:
        return c.NotSaid(self._said(item, place, "not_said"))

    def _matches(self, item: _Item, place: Place) -> c.Matches:
        pattern = self._pattern(item["matches"], place)
        return c.Matches(pattern, window=self._window(item, place), **_options(item, "by", "counts", "at_least"))

    def _similar(self, item: _Item, place: Place) -> c.Similar:
        texts = [self._phrases(item, key, place) if key in item else () for key in ("similar", "hints", "unlike")]
        options = _options(item, "by", "counts", "threshold")
        return c.Similar(texts[0], texts[1], texts[2], window=self._window(item, place), **options)

    def _digits(self, item: _Item, place: Place) -> c.Digits:
        options = _options(item, "at_most", "across_turns", "by")
        return c.Digits(item["digits"], window=self._window(item, place), **options)

    def _repeated(self, item: _Item, place: Place) -> c.Repeated:
        options = _options(item, "alike", "min_characters", "by")
        return c.Repeated(at_least=item["repeated"], window=self._window(item, place), **options)

    def _speech_rate(self, item: _Item, place: Place) -> c.SpeechRate:
        options = _options(item, "faster_than", "slower_than", "min_characters", "by")
        about = self._quick_said(item, "about", place)
        return c.SpeechRate(about=about, window=self._window(item, place), **options)

    def _silence(self, item: _Item, place: Place) -> c.Silence:
        announced = self._quick_said(item, "unless_said", place)
        return c.Silence(float(item["silence"]), unless_said=announced, **_options(item, "after_party"))

    def _quick_said(self, item: Mapping[str, Any], key: str, place: Place) -> c.Said | None:
        return c.Said(self._phrases(item, key, place), c.By.ANYONE) if key in item else None

    def _window(self, item: Mapping[str, Any], place: Place) -> c.Window:
        plain = ("first_s", "last_s", "first_turns", "last_turns", "within_turns", "within_s")
        values: dict[str, Any] = {key: item[key] for key in plain if key in item}
        values |= {key: self.build(item[key], (*place, key)) for key in ("after", "before") if key in item}
        if ("within_turns" in values or "within_s" in values) and not ("after" in values or "before" in values):
            key = "within_turns" if "within_turns" in values else "within_s"
            raise self._source.error("needs after or before beside it: within so many turns of what?", (*place, key))
        return c.Window(**values)

    def _phrases(self, item: Mapping[str, Any], key: str, place: Place) -> tuple[str, ...]:
        """Return the phrases given, or those of the named list; each must hold something to say."""
        given = item[key]
        path = (*place, key)
        if isinstance(given, str):
            if given not in self._lists:
                known = ", ".join(sorted(self._lists)) or "none"
                raise self._source.error(f"no phrase list named {given}; under phrases there are: {known}", path)
            given, path = self._lists[given], ("phrases", given)
        for number, phrase in enumerate(given):
            if phrase.count("{") != phrase.count("}") or not all(re.search(r"\w", part) for part in phrase.split("…")):
                raise self._source.error(f"「{phrase}」 has an open brace or nothing beside a gap", (*path, number))
        return tuple(given)

    def _pattern(self, pattern: str, place: Place) -> re.Pattern[str]:
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            problem = f"is not a regular expression: {error.msg} (at character {(error.pos or 0) + 1})"
            raise self._source.error(problem, (*place, "matches")) from error
