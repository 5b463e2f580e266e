"""Check a Kustomer app: https://developer.kustomer.com/docs/apps/kviews."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.shapes import check_shape
from manifest.checks.values import is_secure_url, is_text, table, tables
from manifest.package import AppPackage
from manifest.problem import Problem

FILE = "app.json"
VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\Z", re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_]*\Z", re.ASCII)
RESOURCES = frozenset({"customer", "company", "conversation"})
CONTEXTS = frozenset({"smartbar-card", "smartbar-details", "expanded-timeline"})
STATES = frozenset({"open", "closed"})
CARD = re.compile(r"<DynamicCard\b([^>]*)>")
SOURCE = re.compile(r"\b(?:src|url)=\"([^\"]*)\"")
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*?)(/?)>")
UNENDED = re.compile(r"<(?![/A-Za-z])|<[^>]*(<|\Z)")


def _wrong(rule: str, message: str) -> Problem:
    return Problem(FILE, rule, message)


def _head(app: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(app.get("app"), str) or not NAME.match(app["app"]):
        yield _wrong("app-name", f"app is {app.get('app')!r}; use small letters, digits and _")
    if not isinstance(app.get("version"), str) or not VERSION.match(app["version"]):
        yield _wrong("app-version", f'version is {app.get("version")!r}; write one such as "1.0.0"')
    if not is_text(app.get("title")):
        yield _wrong("app-title", "title is missing")


def _is_balanced(template: str) -> bool:
    opened: list[str] = []
    for closing, name, _, single in TAG.findall(template):
        if single:
            continue
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened


def _template(where: str, template: Any) -> Iterator[Problem]:
    if not is_text(template):
        yield _wrong("kview-template", f"{where} has no template")
        return
    if template.count("{") != template.count("}") or template.count('"') % 2:
        yield _wrong("kview-template", f"{where}: a brace or quote of the template is not closed")
    if UNENDED.search(template) or not _is_balanced(template):
        yield _wrong("kview-template", f"{where}: a tag of the template is not closed")
    for attributes in CARD.findall(template):
        found = SOURCE.search(attributes)
        if found is None or not is_secure_url(found[1]):
            yield _wrong("kview-card", f"{where}: a DynamicCard needs an https address")


def _meta(where: str, meta: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("displayName", "icon"):
        if not is_text(meta.get(key)):
            yield _wrong("kview-meta", f"{where}.meta.{key} is missing")
    state = meta.get("state", "open")
    if not isinstance(state, str) or state not in STATES:
        yield _wrong("kview-meta", f'{where}.meta.state must be "open" or "closed"')


def _is_resource(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    return value in RESOURCES or (value.startswith("kobject.") and len(value) > len("kobject."))


def _kview(where: str, kview: Mapping[str, Any]) -> Iterator[Problem]:
    if not is_text(kview.get("name")):
        yield _wrong("kview-name", f"{where} has no name")
    if not _is_resource(kview.get("resource")):
        message = f"{where}.resource must be one of {sorted(RESOURCES)} or kobject.…"
        yield _wrong("kview-resource", message)
    context = kview.get("context")
    if not isinstance(context, str) or context not in CONTEXTS:
        yield _wrong("kview-context", f"{where}.context must be one of {sorted(CONTEXTS)}")
    yield from _template(where, kview.get("template"))
    yield from _meta(where, table(kview.get("meta")))


def check_kustomer(package: AppPackage) -> Iterator[Problem]:
    """Yield what is wrong with the app's JSON."""
    document = read_object(package, FILE)
    yield from document.problems
    if document.problems:
        return
    yield from check_shape(FILE, "kustomer_app", document.table)
    yield from _head(document.table)
    kviews = document.table.get("kviews")
    if not isinstance(kviews, list) or not kviews:
        yield _wrong("kview-missing", "kviews must be a list with something in it")
        return
    names = [str(one.get("name")) for one in tables(kviews)]
    for name in sorted({one for one in names if names.count(one) > 1}):
        yield _wrong("kview-name", f"the name {name!r} is used twice")
    for place, kview in enumerate(kviews):
        if isinstance(kview, dict):
            yield from _kview(f"kviews[{place}]", kview)
        else:
            yield _wrong("kview-missing", f"kviews[{place}] must be an object")
