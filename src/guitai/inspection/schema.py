"""Check a form or a fact table against its JSON Schema; say in a plain sentence what is wrong, what is allowed."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from guitai.inspection.marked_yaml import MarkedYaml

_SCHEMAS = {
    "form": Path(__file__).parent / "forms" / "form.schema.json",
    "facts": Path(__file__).parent / "facts" / "facts.schema.json",
}
_KINDS = {"object": "a mapping", "array": "a list", "string": "text", "number": "a number", "integer": "a whole number"}


def check_against(source: MarkedYaml, schema: str) -> None:
    """Do nothing where the document fits the schema.

    Raises:
        FormError: the first misfit by line.

    """
    errors = list(_validator(schema).iter_errors(source.value))
    if not errors:
        return
    told = [source.error(*_told(error)) for error in errors]
    raise min(told, key=lambda error: (error.line, error.field, error.message))


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(_SCHEMAS[schema].read_text(encoding="utf-8")))


def _told(error: ValidationError) -> tuple[str, list[str | int], str]:
    """Return the problem, the path to it and what is allowed."""
    path = list(error.absolute_path)
    rule = str(error.validator)
    value, limit, schema = (cast("Any", given) for given in (error.instance, error.validator_value, error.schema))
    if rule == "additionalProperties":
        allowed = sorted(schema.get("properties", {}))
        unknown = min(set(value) - set(allowed))
        return "unknown key", [*path, unknown], f"Allowed here: {', '.join(allowed)}."
    if rule == "required":
        missing = next(key for key in limit if key not in value)
        return f"{missing} is missing", path, f"Add the key {missing}."
    if rule == "oneOf":
        choices = [option["required"][0] for option in limit]
        return "exactly one of these keys is needed", path, f"Choose one: {', '.join(choices)}."
    return _value_told(rule, error), path, ""


def _value_told(rule: str, error: ValidationError) -> str:
    shown = json.dumps(error.instance, ensure_ascii=False)
    shown = shown if len(shown) <= 40 else shown[:37] + "…"  # noqa: PLR2004 - a line's worth
    limit = error.validator_value
    sentences = {
        "type": f"{shown} is not {_KINDS.get(str(limit), limit)}",
        "enum": f"{shown} is not allowed; one of: {', '.join(map(str, limit)) if isinstance(limit, list) else limit}",
        "minimum": f"{shown} is too small; at least {limit}",
        "maximum": f"{shown} is too large; at most {limit}",
        "exclusiveMinimum": f"{shown} is too small; more than {limit}",
        "minItems": f"the list is too short; at least {limit}",
        "minLength": "the text is empty",
        "pattern": f"{shown} is not of the form {limit}",
        "minProperties": "the mapping is empty",
    }
    return sentences.get(rule, error.message)
