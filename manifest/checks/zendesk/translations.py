"""The texts of a Zendesk app, one file a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.values import is_text, table
from manifest.checks.zendesk.locations import OLD_NAMES, PRODUCTS
from manifest.checks.zendesk.top_level import LOCALE
from manifest.package import AppPackage
from manifest.problem import Problem

FOLDER = "translations/"
ENGLISH = "translations/en.json"
PUBLIC = ("short_description", "long_description", "installation_instructions")
OLD = {"short_description": "description"}  # what Zendesk takes for it, too


def _has_text(value: Any) -> bool:
    """Return whether there is a text: plain, or with a title for translators."""
    return is_text(value) or is_text(table(value).get("value"))


def _name(path: str) -> Iterator[Problem]:
    name = path.removeprefix(FOLDER)
    if not name.endswith(".json") or not LOCALE.match(name.removesuffix(".json")):
        message = 'a translation is called after its locale, such as "en.json" or "pt-br.json"'
        yield Problem(path, "translation-name", message)


def _parameters(path: str, app: Mapping[str, Any]) -> Iterator[Problem]:
    for name, words in table(app.get("parameters")).items():
        if not _has_text(table(words).get("label")):
            message = f"app.parameters.{name} has no label"
            yield Problem(path, "translation-label", message)


def _words(where: str, app: Mapping[str, Any], *, public: bool) -> Iterator[Problem]:
    wanted = ("name", *PUBLIC) if public else ("name",)
    for key in wanted:
        if not _has_text(app.get(key)) and not _has_text(app.get(OLD.get(key, key))):
            rule = f"translation-{key.replace('_', '-')}"
            yield Problem(ENGLISH, rule, f"{where}.{key} is missing")


def _english(
    app: Mapping[str, Any], manifest: Mapping[str, Any], *, public: bool
) -> Iterator[Problem]:
    """Yield what the texts of the app lack: said once, or once for each of its products."""
    own = [product for product in PRODUCTS if isinstance(app.get(product), dict)]
    if not own:
        yield from _words("app", app, public=public)
    used = set(table(manifest.get("location")))
    for product in own:
        if used and not used & {
            product,
            *(old for old, new in OLD_NAMES.items() if new == product),
        }:
            message = f"app.{product} is described, and the manifest has no location there"
            yield Problem(ENGLISH, "translation-product", message)
        yield from _words(f"app.{product}", app[product], public=public)


def _leaves(path: str, where: str, node: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the leaves that are no title and value, which an app with `package` must have."""
    for key, value in node.items():
        place = f"{where}.{key}" if where else key
        if not isinstance(value, dict):
            message = f"{place} must be an object with title and value, because app.package is set"
            yield Problem(path, "translation-format", message)
        elif set(value) != {"title", "value"} or not all(
            isinstance(v, str) for v in value.values()
        ):
            yield from _leaves(path, place, value)


def _one(package: AppPackage, path: str, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    document = read_object(package, path)
    yield from document.problems
    if document.problems:
        return
    app = table(document.table.get("app"))
    yield from _parameters(path, app)
    if app.get("package"):
        own = {key: value for key, value in app.items() if key != "package"}
        yield from _leaves(path, "", {**document.table, "app": own})
    if path == ENGLISH:
        yield from _english(app, manifest, public=manifest.get("private", True) is False)


def check_translations(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the files below translations/."""
    for path in sorted(package.files):
        if path.startswith(FOLDER):
            yield from _name(path)
            if path.endswith(".json"):
                yield from _one(package, path, manifest)
