"""Hold a document against a vendor's schema; each difference is a finding with its place."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from manifest.problem import Problem

FOLDER = "schemas"
LONGEST = 160  # characters of a message that repeats what the file holds
RULES = {
    "additionalProperties": "unknown-key",
    "required": "missing-key",
    "type": "wrong-type",
    "enum": "wrong-value",
    "const": "wrong-value",
    "pattern": "wrong-form",
}
OTHERWISE = "wrong-size"  # too few, too many, too long


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads(files("manifest").joinpath(FOLDER, f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _plain(value: Any) -> Any:
    """Return the value as JSON has it: YAML also knows keys that are no texts."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _place(error: ValidationError) -> str:
    path = ""
    for step in error.absolute_path:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


def _words(error: ValidationError) -> str:
    wanted = error.schema.get("description") if isinstance(error.schema, dict) else None
    if error.validator == "enum" and isinstance(error.validator_value, list):
        wanted = "one of " + ", ".join(str(one) for one in error.validator_value)
    if wanted is None or error.validator in ("required", "additionalProperties"):
        return error.message[:LONGEST]
    return f"{str(error.instance)[:LONGEST]!r} does not fit; write {wanted}"


def _problem(path: str, error: ValidationError) -> Problem:
    rule = RULES.get(str(error.validator), OTHERWISE)
    place = _place(error)
    return Problem(path, rule, f"{place}: {_words(error)}" if place else _words(error))


def check_shape(path: str, schema: str, value: Any) -> Iterator[Problem]:
    """Yield where `value`, read from the file at `path`, differs from the schema of this name."""
    errors = _validator(schema).iter_errors(_plain(value))
    for error in sorted(errors, key=lambda one: [str(step) for step in one.absolute_path]):
        yield _problem(path, error)
