"""The settings that an admin fills in when a Freshworks app is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.shapes import check_shape
from manifest.checks.values import is_text, table, tables
from manifest.package import AppPackage
from manifest.problem import Problem, warning

SECRET = re.compile(r"api_?key|secret|token|password|pwd", re.IGNORECASE)
FILE = "config/iparams.json"
PAGE = "config/iparams.html"
TYPES = frozenset(
    {
        "text",
        "number",
        "dropdown",
        "checkbox",
        "radio",
        "domain",
        "url",
        "multiline",
        "date",
        "email",
        "phone",
        "phone_number",
        "paragraph",
        "multiselect",
        "api_key",
    }
)
WITH_OPTIONS = frozenset({"dropdown", "radio", "multiselect"})


def _wrong(rule: str, message: str) -> Problem:
    return Problem(FILE, rule, message)


def _extras(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    kind = one.get("type")
    if one.get("options") is not None and kind not in WITH_OPTIONS:
        yield _wrong("iparam-options", f"{name}: a {kind} has no options")
    if kind == "checkbox" and not isinstance(one.get("default_value", False), bool):
        yield _wrong("iparam-boolean", f"{name}: default_value must be true or false")
    for event in tables(one.get("events")):
        if set(event) - {"change"}:
            yield _wrong("iparam-event", f"{name}: only the event change is known")
    if SECRET.search(name) and kind in ("text", "paragraph") and one.get("secure") is not True:
        yield _wrong("iparam-secure", f"{name} sounds like a secret: write secure: true")


def _one(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("display_name", "description"):
        if not is_text(one.get(key)):
            yield _wrong("iparam-text", f"{name} has no {key}")
    kind = one.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        yield _wrong("iparam-type", f"{name}: {kind!r} is no type; known: {sorted(TYPES)}")
    elif kind in WITH_OPTIONS and not (
        one.get("options") or table(one.get("type_attributes")).get("options")
    ):
        yield _wrong("iparam-options", f"{name}: a {kind} needs options")
    yield from _extras(name, one)
    for key in ("required", "secure"):
        if key in one and not isinstance(one[key], bool):
            yield _wrong("iparam-boolean", f"{name}: {key} must be true or false")
    if one.get("secure") is True and one.get("default_value"):
        yield warning(FILE, "iparam-default", f"{name}: everybody can read a secret's default")


def check_iparams(package: AppPackage) -> Iterator[Problem]:
    """Yield what is wrong with the settings."""
    if FILE in package.files and PAGE in package.files:
        message = f"{FILE} and {PAGE} exclude each other; keep one"
        yield Problem(PAGE, "iparams-twice", message)
    if FILE not in package.files:
        if PAGE not in package.files:
            yield _wrong("iparams-missing", "is needed, be it with an empty object: {}")
        return
    document = read_object(package, FILE)
    yield from document.problems
    yield from check_shape(FILE, "freshworks_iparams", document.table)
    for name, one in document.table.items():
        if isinstance(one, dict):
            yield from _one(name, one)
        else:
            yield _wrong("iparam-type", f"{name} must be an object")
