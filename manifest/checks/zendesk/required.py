"""What a Zendesk app brings along: the entries of requirements.json, type by type.

https://developer.zendesk.com/documentation/apps/app-developer-guide/apps_requirements/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.values import table
from manifest.checks.zendesk.custom_objects import check_custom_objects
from manifest.problem import Problem

FILE = "requirements.json"
NEEDED = {
    "automations": ("title",),
    "macros": ("title",),
    "targets": ("title",),
    "views": ("title",),
    "ticket_fields": ("title",),
    "triggers": ("title",),
    "user_fields": ("title", "key"),
    "organization_fields": ("title", "key"),
    "channel_integrations": ("manifest_url",),
    "webhooks": ("name", "status", "endpoint", "http_method", "request_format"),
}
OBJECTS = {"custom_object_types": ("key", "schema")}
RELATIONS = {"custom_object_relationship_types": ("key", "source", "target")}
TYPES = (*NEEDED, "custom_objects", "custom_objects_v2")
GONE_TARGETS = ("http_target", "url_target_v2")
MOST = 5_000
MOST_OBJECTS = 50


def _wrong(rule: str, message: str) -> Problem:
    return Problem(FILE, rule, message)


def _lacking(where: str, entry: Any, needed: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        yield _wrong("requirement-type", f"{where} must be an object")
        return
    for key in needed:
        if entry.get(key) is None:
            yield _wrong("requirement-field", f'"{key}" is required in "{where}"')


def _entries(kind: str, given: Any) -> Iterator[Problem]:
    if not isinstance(given, dict):
        yield _wrong("requirement-type", f"{kind} must be an object: identifier → what it is")
        return
    for name, entry in given.items():
        yield from _lacking(f"{kind}.{name}", entry, NEEDED[kind])
    if kind == "channel_integrations" and len(given) > 1:
        yield _wrong("requirement-channels", "an app brings one channel integration at most")
    for name, entry in given.items() if kind == "targets" else ():
        if table(entry).get("type") in GONE_TARGETS:
            message = f"targets.{name} is a {entry['type']}, which is gone; write a webhook"
            yield _wrong("requirement-unknown", message)


def _legacy_objects(given: Any) -> Iterator[Problem]:
    if "custom_object_types" not in table(given):
        yield _wrong("requirement-field", '"custom_object_types" is required in "custom_objects"')
    count = 0
    for kind, needed in (OBJECTS | RELATIONS).items():
        entries = table(given).get(kind, [])
        if not isinstance(entries, list):
            yield _wrong("requirement-type", f"custom_objects.{kind} must be a list")
            continue
        count += len(entries)
        for place, entry in enumerate(entries):
            yield from _lacking(f"custom_objects.{kind}[{place}]", entry, needed)
    if count > MOST_OBJECTS:
        yield _wrong("requirement-count", f"custom_objects holds more than {MOST_OBJECTS} entries")


def check_requirements(given: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what Zendesk would refuse of the file's entries."""
    for kind in given:
        if kind not in TYPES:
            message = f"{kind!r} is no requirement; known: {', '.join(TYPES)}"
            yield _wrong("requirement-unknown", message)
    for kind, entries in given.items():
        if kind in NEEDED:
            yield from _entries(kind, entries)
    if "custom_objects" in given:
        yield from _legacy_objects(given["custom_objects"])
    if "custom_objects_v2" in given:
        yield from check_custom_objects(given["custom_objects_v2"])
    sizes = (len(one) for one in given.values() if isinstance(one, (dict, list)))
    if sum(sizes) > MOST:
        yield _wrong("requirement-count", f"an app brings at most {MOST} requirements")
