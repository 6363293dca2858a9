"""YAML whose every value knows its line, so that an error can point at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from guitai.inspection.errors import FormError

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class MarkedYaml:
    """Plain values, and the line (from 1) of each by its path of keys and list positions."""

    file: str
    value: Any
    lines: dict[Place, int]

    def error(self, problem: str, place: Iterable[str | int], hint: str = "") -> FormError:
        """Return an error that names the file, the line and the field at `place` (or of its nearest parent)."""
        path = tuple(place)
        known = path
        while known not in self.lines:
            known = known[:-1]
        return FormError(problem, file=self.file, line=self.lines[known], field=_field(path), hint=hint)


def _field(path: Place) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_marked_yaml(path: Path) -> MarkedYaml:
    """Read one YAML document of mappings, lists and plain values; keys are text and stand once.

    Raises:
        FormError: the file is absent, not UTF-8 or not such YAML.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FormError(f"cannot be read ({error.strerror})", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise FormError("is not UTF-8 text", file=path.name, hint="Save the file as UTF-8.") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FormError(f"is not YAML: {error.problem}", file=path.name, line=line) from error
    except yaml.YAMLError as error:
        raise FormError("holds characters YAML does not allow", file=path.name) from error
    if root is None:
        raise FormError("is empty", file=path.name, line=1)
    lines: dict[Place, int] = {}
    return MarkedYaml(path.name, _value(root, (), lines, path.name), lines)


_SCALARS = yaml.SafeLoader("")


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], file: str) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, file)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, i), lines, file) for i, item in enumerate(node.value)]
    try:
        value = _SCALARS.construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        raise FormError("is not a plain value", file=file, line=lines[place], field=_field(place)) from error
    return value if isinstance(value, str | int | float | bool) or value is None else str(node.value)


def _mapping(node: yaml.MappingNode, place: Place, lines: dict[Place, int], file: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value
        if not isinstance(key, str):
            raise FormError("a key must be plain text", file=file, line=line, field=_field(place))
        if key in values:
            raise FormError("this key stands twice", file=file, line=line, field=_field((*place, key)))
        values[key] = _value(value_node, (*place, key), lines, file)
        lines[*place, key] = line
    return values
