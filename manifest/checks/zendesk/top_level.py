"""The keys at the top of a Zendesk manifest: author, locale, version, booleans, the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.values import is_web_url
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"
LOCALE = re.compile(r"[a-z]{2,3}(-\w{2,3})?\Z", re.ASCII)
FRAMEWORK = "2.0"
BOOLEANS = ("signedUrls", "singleInstall", "requirementsOnly", "marketingOnly", "private")
EXPERIMENTS = frozenset({"hashParams", "newCssCompiler"})
TEXTS = ("gaID", "remoteInstallationURL", "version", "name", "termsConditionsURL")


def _wrong(rule: str, message: str) -> Problem:
    return Problem(MANIFEST, rule, message)


def _author(author: Any) -> Iterator[Problem]:
    if author is None:
        yield _wrong("author-required", "author is missing: an object with name, email, url")
    elif not isinstance(author, dict):
        yield _wrong("author-type", "author must be an object with name, email, url")
    else:
        for key in ("name", "email", "url"):
            if not isinstance(author.get(key), str | None):
                yield _wrong("author-type", f"author.{key} must be a text")
        if isinstance(author.get("url"), str) and not is_web_url(author["url"]):
            yield _wrong("author-url", "author.url must be an http or https address with a host")


def _locale(package: AppPackage, locale: Any) -> Iterator[Problem]:
    if locale is None:
        yield _wrong("default-locale-required", 'defaultLocale is missing; write one such as "en"')
    elif not isinstance(locale, str) or not LOCALE.match(locale):
        yield _wrong("default-locale-format", f'defaultLocale is {locale!r}; write "en" or "en-gb"')
    elif f"translations/{locale}.json" not in package.files:
        message = f"defaultLocale is {locale}, so translations/{locale}.json must exist"
        yield _wrong("default-locale-translation", message)


def _framework(table: Mapping[str, Any]) -> Iterator[Problem]:
    version = table.get("frameworkVersion")
    without = table.get("requirementsOnly") is True or table.get("marketingOnly") is True
    if without:
        for key in ("frameworkVersion", "location"):
            if key in table:
                message = f"{key} is forbidden with requirementsOnly or marketingOnly"
                yield _wrong("forbidden-key", message)
    elif version is None:
        yield _wrong("framework-version-required", f'write "frameworkVersion": "{FRAMEWORK}"')
    elif version != FRAMEWORK:
        message = f'frameworkVersion is {version!r}; only the text "{FRAMEWORK}" is accepted'
        yield _wrong("framework-version", message)


def _experiments(value: Any) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _wrong("experiments-type", "experiments must be an object")
        return
    for name in value:
        if name not in EXPERIMENTS:
            known = ", ".join(sorted(EXPERIMENTS))
            yield _wrong("experiments-unknown", f"{name!r} is no experiment; known: {known}")


def _types(table: Mapping[str, Any]) -> Iterator[Problem]:
    for key in BOOLEANS:
        # Zendesk takes null for false, but knows no default for a `private` that is there.
        is_null = table.get(key) is None and key != "private"
        if key in table and not is_null and not isinstance(table[key], bool):
            yield _wrong("boolean-type", f"{key} must be true or false, without quotes")
    for key in TEXTS:
        if not isinstance(table.get(key), str | None):
            yield _wrong("text-type", f"{key} must be a text")
    terms = table.get("termsConditionsURL")
    if isinstance(terms, str) and not is_web_url(terms):
        yield _wrong("terms-url", "termsConditionsURL must be an http or https address")


def check_top_level(package: AppPackage, table: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the keys that every manifest has."""
    yield from _author(table.get("author"))
    yield from _locale(package, table.get("defaultLocale"))
    yield from _framework(table)
    yield from _types(table)
    if table.get("noTemplate"):
        yield _wrong("no-template", "noTemplate is no longer accepted; take it out")
    if table.get("experiments") is not None:
        yield from _experiments(table["experiments"])
