"""Read evaluation forms: YAML, checked against the JSON Schema and against itself."""

import hashlib
import re
from collections.abc import Iterator, Mapping
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


class _Conditions:
    """Builds conditions from values that fit the schema."""

    def __init__(self, source: MarkedYaml) -> None:
        self._source = source
        self._lists: Mapping[str, list[str]] = source.value.get("phrases", {})

    def build(self, item: Mapping[str, Any], place: Place) -> c.Condition:
        """Return the condition that `item` describes."""
        by = {"by": c.By(item["by"])} if "by" in item else {}
        times = {"at_least": item["at_least"]} if "at_least" in item else {}
        counts = {"counts": c.Counts(item["counts"])} if "counts" in item else {}
        window = {"window": self._window(item, place)}
        match item:
            case {"said": _}:
                return self._said("said", item, place)
            case {"not_said": _}:
                return c.NotSaid(self._said("not_said", item, place))
            case {"matches": pattern}:
                return c.Matches(self._pattern(pattern, place), **by, **times, **counts, **window)
            case {"similar": _}:
                near = {"threshold": float(item["threshold"])} if "threshold" in item else {}
                texts = self._phrases(item, "similar", place), self._phrases(item, "hints", place)
                return c.Similar(*texts, **near, **by, **counts, **window)
            case {"digits": size}:
                more = {key: item[key] for key in ("at_most", "across_turns") if key in item}
                return c.Digits(size, **more, **by, **window)
            case {"repeated": size}:
                more = {key: item[key] for key in ("alike", "min_characters") if key in item}
                return c.Repeated(at_least=size, **more, **by, **window)
            case {"faster_than": _} | {"slower_than": _}:
                more = {key: item[key] for key in ("faster_than", "slower_than", "min_characters") if key in item}
                about = self._quick_said(item, "about", place)
                return c.SpeechRate(about=about, **more, **by, **window)
            case _:
                return self._simple(item, place, {**by, **times})

    def _simple(self, item: Mapping[str, Any], place: Place, common: Mapping[str, Any]) -> c.Condition:
        """Build the kinds without a window."""
        match item:
            case {"silence": seconds}:
                party = c.By(item.get("after_party", "anyone"))
                return c.Silence(float(seconds), party, self._quick_said(item, "unless_said", place))
            case {"interruption": seconds}:
                return c.Interruption(overlap_s=float(seconds), **common)
            case {"louder_than_db": level}:
                return c.Loudness(above_db=float(level), **common)
            case {"louder_than_usual_db": level}:
                return c.Loudness(above_usual_db=float(level), **common)
            case {"mood": moods}:
                return c.Mood(frozenset(moods), **common)
            case {"wrong_number": facts}:
                return c.WrongNumber(tuple(facts), **common)
            case {"tagged": tags}:
                return c.Tagged(frozenset(tags))
            case {"order": _}:
                return c.Order(tuple(self._parts(item, "order", place)))
            case {"all": _}:
                return c.All(tuple(self._parts(item, "all", place)))
            case {"any": _}:
                return c.AnyOf(tuple(self._parts(item, "any", place)))
            case _:
                return c.NoneOf(tuple(self._parts(item, "none", place)))

    def _parts(self, item: Mapping[str, Any], key: str, place: Place) -> Iterator[c.Condition]:
        return (self.build(part, (*place, key, number)) for number, part in enumerate(item[key]))

    def _said(self, key: str, item: Mapping[str, Any], place: Place) -> c.Said:
        return c.Said(
            phrases=self._phrases(item, key, place),
            by=c.By(item.get("by", "agent")),
            match=c.Match(item.get("match", "auto")),
            counts=c.Counts(item.get("counts", "any")),
            at_least=item.get("at_least", 1),
            window=self._window(item, place),
        )

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
