"""Zendesk apps without a page of their own: marketing only, requirements only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.zendesk.required import check_requirements
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"
CHAT = {"chat", "zopim"}
REQUIREMENTS = "requirements.json"
SOURCE = frozenset({".js", ".html", ".css", ".hdbs", ".hbs", ".jsx", ".ts", ".tsx"})


def _source(package: AppPackage) -> Iterator[Problem]:
    for path in sorted(package.files):
        if PurePosixPath(path).suffix.lower() in SOURCE:
            message = "an app that is requirementsOnly or marketingOnly carries no source files"
            yield Problem(path, "source-forbidden", message)


def _marketing(table: Mapping[str, Any]) -> Iterator[Problem]:
    if table.get("parameters"):
        message = "a marketingOnly app has no parameters"
        yield Problem(MANIFEST, "marketing-parameters", message)
    if table.get("private", True) is not False:
        message = 'a marketingOnly app is public: write "private": false'
        yield Problem(MANIFEST, "marketing-private", message)


def _brought(
    package: AppPackage, manifest: Mapping[str, Any], *, marketing: bool
) -> Iterator[Problem]:
    location = manifest.get("location")
    if marketing or (isinstance(location, dict) and set(location) <= CHAT and location):
        message = "an app that only sells, or only lives in Chat, brings no requirements"
        yield Problem(REQUIREMENTS, "requirements-not-supported", message)
    document = read_object(package, REQUIREMENTS)
    yield from document.problems
    yield from check_requirements(document.table)


def check_special(package: AppPackage, table: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with an app that only sells, or only brings requirements."""
    marketing = table.get("marketingOnly") is True
    only = table.get("requirementsOnly") is True
    if marketing:
        yield from _marketing(table)
    if only and REQUIREMENTS not in package.files:
        message = "a requirementsOnly app needs requirements.json"
        yield Problem(MANIFEST, "requirements-missing", message)
    if marketing or only:
        yield from _source(package)
    if REQUIREMENTS in package.files:
        yield from _brought(package, table, marketing=marketing)
