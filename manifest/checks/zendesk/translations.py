"""The texts of a Zendesk app, one file a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.values import is_text, table
from manifest.checks.zendesk.top_level import LOCALE
from manifest.package import AppPackage
from manifest.problem import Problem

FOLDER = "translations/"
ENGLISH = "translations/en.json"
PUBLIC = ("short_description", "long_description", "installation_instructions")


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


def _english(app: Mapping[str, Any], *, public: bool) -> Iterator[Problem]:
    wanted = ("name", *PUBLIC) if public else ("name",)
    for key in wanted:
        if not _has_text(app.get(key)):
            yield Problem(ENGLISH, f"translation-{key.replace('_', '-')}", f"app.{key} is missing")


def _one(package: AppPackage, path: str, *, public: bool) -> Iterator[Problem]:
    document = read_object(package, path)
    yield from document.problems
    if document.problems:
        return
    app = table(document.table.get("app"))
    yield from _parameters(path, app)
    if path == ENGLISH:
        yield from _english(app, public=public)


def check_translations(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the files below translations/."""
    public = manifest.get("private", True) is False
    for path in sorted(package.files):
        if path.startswith(FOLDER):
            yield from _name(path)
            if path.endswith(".json"):
                yield from _one(package, path, public=public)
