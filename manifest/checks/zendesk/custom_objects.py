"""The custom objects (version 2) that a Zendesk app brings along: parts, references, limits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.values import table, tables
from manifest.problem import Problem

FILE = "requirements.json"
ROOT = "custom_objects_v2"
NEEDED = {
    "objects": ("key", "title", "title_pluralized", "include_in_list_view"),
    "object_fields": ("key", "title", "type", "object_key"),
    "object_triggers": ("key", "object_key", "title", "actions", "conditions"),
}
MOST_OBJECTS = 50
MOST_OF_ONE = {"object_fields": 20, "object_triggers": 10}  # for each object
MOST_CHOICES = 5  # fields of one kind of choice for each object
MOST_OPTIONS = 10
MOST_CONDITIONS = 50
MOST_ACTIONS = 25
MOST_FILTERS = 20
MOST_BYTES = 1_048_576


def _wrong(rule: str, message: str) -> Problem:
    return Problem(FILE, rule, f"{ROOT}: {message}")


def _count(conditions: Any) -> int:
    parts = (table(conditions).get(word) for word in ("all", "any"))
    return sum(len(one) for one in parts if isinstance(one, list))


def _parts(given: Mapping[str, Any]) -> Iterator[Problem]:
    for part, needed in NEEDED.items():
        entries = given.get(part, [])
        if not isinstance(entries, list):
            yield _wrong("custom-object-type", f"{part} must be a list")
        for place, entry in enumerate(entries if isinstance(entries, list) else ()):
            lacks = [key for key in needed if key not in table(entry)]
            if lacks:
                yield _wrong("custom-object-field", f"{part}[{place}] lacks {', '.join(lacks)}")


def _trigger(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    conditions, actions = one.get("conditions"), one.get("actions")
    known = isinstance(conditions, dict) and conditions and not set(conditions) - {"all", "any"}
    if not known or not 0 < _count(conditions) <= MOST_CONDITIONS:
        message = f"{name}.conditions needs 1 to {MOST_CONDITIONS} entries in all and any"
        yield _wrong("custom-object-conditions", message)
    if not isinstance(actions, list) or not 0 < len(actions) <= MOST_ACTIONS:
        message = f"{name}.actions must be a list of 1 to {MOST_ACTIONS}"
        yield _wrong("custom-object-actions", message)


def _field(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    options = one.get("custom_field_options")
    chooses = one.get("type") in ("dropdown", "multiselect")
    if chooses and isinstance(options, list) and len(options) > MOST_OPTIONS:
        yield _wrong("custom-object-limit", f"{name} has more than {MOST_OPTIONS} options")
    if _count(one.get("relationship_filter")) > MOST_FILTERS:
        yield _wrong(
            "custom-object-limit", f"{name} filters by more than {MOST_FILTERS} conditions"
        )


def _limits(given: Mapping[str, Any]) -> Iterator[Problem]:
    if len(tables(given.get("objects"))) > MOST_OBJECTS:
        yield _wrong("custom-object-limit", f"there are more than {MOST_OBJECTS} objects")
    for part, most in MOST_OF_ONE.items():
        owners = Counter(str(one.get("object_key")) for one in tables(given.get(part)))
        for owner, count in owners.items():
            if count > most:
                yield _wrong("custom-object-limit", f"{owner} has more than {most} {part}")
    fields = tables(given.get("object_fields"))
    kinds = Counter((str(one.get("object_key")), str(one.get("type"))) for one in fields)
    for (owner, kind), count in kinds.items():
        if kind in ("dropdown", "multiselect") and count > MOST_CHOICES:
            yield _wrong("custom-object-limit", f"{owner} has more than {MOST_CHOICES} {kind}s")


def _references(given: Mapping[str, Any]) -> Iterator[Problem]:
    known = {str(one.get("key")) for one in tables(given.get("objects"))}
    for part in MOST_OF_ONE:
        for one in tables(given.get(part)):
            if str(one.get("object_key")) not in known:
                message = (
                    f"{part}: {one.get('key')} names {one.get('object_key')!r}, no object here"
                )
                yield _wrong("custom-object-reference", message)


def check_custom_objects(given: Any) -> Iterator[Problem]:
    """Yield what Zendesk would refuse of the custom objects."""
    if not isinstance(given, dict):
        yield _wrong("custom-object-type", f"must be an object with {', '.join(NEEDED)}")
        return
    written = json.dumps(given)
    if "{{setting." in written:
        yield _wrong("custom-object-placeholder", "may hold no {{setting.…}}")
    if len(written.encode()) > MOST_BYTES:
        yield _wrong("custom-object-limit", "is larger than 1 MB")
    yield from _parts(given)
    yield from _references(given)
    yield from _limits(given)
    for one in tables(given.get("object_triggers")):
        yield from _trigger(str(one.get("key")), one)
    for one in tables(given.get("object_fields")):
        yield from _field(str(one.get("key")), one)
