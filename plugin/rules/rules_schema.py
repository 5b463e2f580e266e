"""The JSON Schema of rule files, for editors, made from the key tables that the reader uses.

https://json-schema.org/draft/2020-12/json-schema-core
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plugin.account import words
from plugin.rules import rule_keys
from plugin.rules.rule_keys import Shape
from plugin.settings.durations import PATTERN

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string", "minLength": 1}
_SCALARS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": ["string", "number", "boolean"]},
    "name": {"type": ["string", "number"]},
    "condition": {"type": ["string", "boolean"], "maxLength": 2000},
    "template": _TEXT,
    "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"},
    "number": {"type": "number"},
    "version": {"type": "integer", "minimum": 1},
    "duration": {"type": "string", "pattern": f"^{PATTERN}$"},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "value": {"type": ["number", "string", "boolean"]},
    "link": {"type": "string", "pattern": "^https://"},
}


def _keys(keys: Mapping[str, Shape]) -> dict[str, Any]:
    required = [name for name, shape in keys.items() if shape.required]
    found: dict[str, Any] = {
        "type": "object",
        "properties": {name: _schema(shape) for name, shape in keys.items()},
        "additionalProperties": False,
    }
    return {**found, "required": required} if required else found


def _list(shape: Shape) -> dict[str, Any]:
    item = _schema(shape.item) if shape.item is not None else {}
    least = {"minItems": shape.least} if shape.least else {}
    return {"type": "array", "items": item, **least}


def _table(shape: Shape) -> dict[str, Any]:
    item = _schema(shape.item) if shape.item is not None else {}
    names = {"propertyNames": {"enum": list(shape.words)}} if shape.words else {}
    return {"type": "object", "additionalProperties": item, **names}


def _map(shape: Shape) -> dict[str, Any]:
    least = {"minProperties": shape.least} if shape.least else {}
    return {**_keys(shape.keys), **least}


_BY_KIND: Mapping[str, Callable[[Shape], dict[str, Any]]] = {
    "map": _map,
    "list": _list,
    "table": _table,
    "word": lambda shape: {"enum": list(shape.words)},
    "either": lambda shape: {"anyOf": [_SCALARS["value"], _keys(shape.keys)]},
    "texts": lambda _shape: {
        "anyOf": [_SCALARS["text"], {"type": "array", "items": _SCALARS["text"]}]
    },
}


def _bare(shape: Shape) -> dict[str, Any]:
    make = _BY_KIND.get(shape.kind)
    return make(shape) if make is not None else dict(_SCALARS[shape.kind])


def _schema(shape: Shape) -> dict[str, Any]:
    found = _bare(shape)
    return {"description": shape.doc, **found} if shape.doc else found


def rules_schema() -> dict[str, Any]:
    """Return the schema of a rule file; what only a whole set shows is left to `rules check`."""
    rule = {
        **_keys(rule_keys.RULE),
        "if": {"properties": {"status": {"const": "live"}}, "required": ["status"]},
        "then": {"required": ["play"]},
    }
    keys = dict(rule_keys.GROUP)
    group = _keys(keys)
    group["properties"]["rules"] = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    found = _keys(rule_keys.FILE)
    found["properties"]["groups"] = {"type": "array", "items": {"$ref": "#/$defs/group"}}
    head = {
        "$schema": SCHEMA_ID,
        "title": "Sidelight rule file",
        "description": f"Signals of kind {', '.join(words.SIGNAL_KIND)}: what stands out and why.",
    }
    return {**head, **found, "$defs": {"rule": rule, "group": group}}
