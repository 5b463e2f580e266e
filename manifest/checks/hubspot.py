"""Check a HubSpot project: https://developers.hubspot.com/docs/apps/developer-platform/."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.imports import check_imports
from manifest.checks.shapes import check_shape
from manifest.checks.values import is_secure_url, is_text, split, table, texts
from manifest.package import AppPackage
from manifest.problem import Problem, warning

PROJECT = "hsproject.json"
SUFFIX = "-hsmeta.json"
PLATFORMS = frozenset({"2023.2", "2025.2", "2026.03", "2026.09", "2027.03"})
DEPRECATED = frozenset({"2025.1"})
LOCATIONS = frozenset({"helpdesk.sidebar", "crm.record.sidebar", "crm.record.tab", "crm.preview"})
NEEDED = ("@hubspot/ui-extensions", "react")
UID = re.compile(r"[a-zA-Z0-9_.-]{1,64}\Z")
FOLDERS = {"app": "app", "card": "app/cards"}  # below srcDir
# Which scopes open the records beside which a card stands: one of them is enough.
READS = {
    "tickets": ("tickets",),
    "contacts": ("crm.objects.contacts.read",),
    "companies": ("crm.objects.companies.read",),
    "deals": ("crm.objects.deals.read",),
}
ADDRESS = re.compile(r"['\"`](https?://[^'\"`\s]+)")


def _project(package: AppPackage) -> Iterator[Problem]:
    document = read_object(package, PROJECT)
    yield from document.problems
    if document.problems:
        return
    yield from check_shape(PROJECT, "hubspot_project", document.table)
    version, source = document.table.get("platformVersion"), document.table.get("srcDir")
    if not is_text(document.table.get("name")):
        yield Problem(PROJECT, "project-name", "name is missing")
    if isinstance(version, str) and version in DEPRECATED:
        yield warning(PROJECT, "platform-deprecated", f"platform version {version} is deprecated")
    elif not isinstance(version, str) or version not in PLATFORMS:
        message = f"platformVersion is {version!r}; known: {', '.join(sorted(PLATFORMS))}"
        yield Problem(PROJECT, "platform-version", message)
    if not is_text(source) or not any(path.startswith(f"{source}/") for path in package.files):
        yield Problem(PROJECT, "source-folder", f"srcDir is {source!r}, and holds no files")


def _urls(path: str, config: Mapping[str, Any]) -> Iterator[Problem]:
    permitted = config.get("permittedUrls", {})
    if not isinstance(permitted, dict):
        yield Problem(path, "permitted-urls", "permittedUrls must be an object")
    for kind, urls in table(permitted).items():
        if not isinstance(urls, list):
            yield Problem(path, "permitted-urls", f"permittedUrls.{kind} must be a list")
        for url in urls if isinstance(urls, list) else ():
            parts = split(url)
            if not is_secure_url(url) or (parts and parts.hostname in ("localhost", "127.0.0.1")):
                message = f"permittedUrls.{kind}: {url!r} must be https, and not this machine"
                yield Problem(path, "permitted-urls", message)


def _auth(path: str, auth: Any) -> Iterator[Problem]:
    given = table(auth)
    if given.get("type") not in ("static", "oauth"):
        yield Problem(path, "app-auth", 'auth.type must be "static" or "oauth"')
    if given.get("type") == "oauth" and not texts(given.get("redirectUrls")):
        yield Problem(path, "app-auth", "auth.redirectUrls is needed for oauth")
    for key in ("requiredScopes", "optionalScopes", "conditionallyRequiredScopes"):
        scopes = given.get(key, [])
        if not isinstance(scopes, list) or len(texts(scopes)) != len(scopes):
            yield Problem(path, "app-scopes", f"auth.{key} must be a list of texts")
    if not texts(given.get("requiredScopes")):
        yield Problem(path, "app-scopes", "auth.requiredScopes names no scope")


def _kind_of_auth(config: Mapping[str, Any]) -> Any:
    return table(config.get("auth")).get("type")


def _app(path: str, config: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("name", "description"):
        if not is_text(config.get(key)):
            yield Problem(path, "app-text", f"config.{key} is missing")
    if config.get("distribution") == "marketplace" and _kind_of_auth(config) != "oauth":
        message = 'an app of the marketplace needs auth.type "oauth"'
        yield Problem(path, "app-auth", message)
    if config.get("distribution") not in ("private", "marketplace"):
        yield Problem(path, "app-distribution", 'must be "private" or "marketplace"')
    yield from _auth(path, config.get("auth"))
    yield from _urls(path, config)
    support = config.get("support", {})
    if not isinstance(support, dict) or len(texts(list(support.values()))) != len(support):
        yield Problem(path, "app-support", "support must be an object of texts")


def _card(package: AppPackage, path: str, config: Mapping[str, Any]) -> Iterator[Problem]:
    if not is_text(config.get("name")):
        yield Problem(path, "card-name", "config.name is missing")
    entry = config.get("entrypoint")
    source = str(read_object(package, PROJECT).table.get("srcDir", "src"))
    if not isinstance(entry, str) or f"{source}{entry}" not in package.files:
        yield Problem(path, "card-entrypoint", f"entrypoint {entry!r} is not in the project")
    location = config.get("location")
    if not isinstance(location, str) or location not in LOCATIONS:
        message = f"{location!r} is no location; known: {', '.join(sorted(LOCATIONS))}"
        yield Problem(path, "card-location", message)
    if not texts(config.get("objectTypes")):
        yield Problem(path, "card-object-types", "objectTypes must name at least one")
    if location == "helpdesk.sidebar" and texts(config.get("objectTypes")) != ["tickets"]:
        message = 'the help desk only shows tickets: write "objectTypes": ["tickets"]'
        yield Problem(path, "card-object-types", message)
    yield from _libraries(package, f"{PurePosixPath(path).parent}/package.json")


def _libraries(package: AppPackage, path: str) -> Iterator[Problem]:
    document = read_object(package, path)
    yield from document.problems
    if document.problems:
        return
    given = table(document.table.get("dependencies"))
    for name in NEEDED:
        if not is_text(given.get(name)):
            yield Problem(path, "card-library", f"dependencies must name {name}")


def _folder(package: AppPackage, path: str, kind: str) -> Iterator[Problem]:
    source = str(read_object(package, PROJECT).table.get("srcDir", "src"))
    wanted = f"{source}/{FOLDERS[kind]}"
    if str(PurePosixPath(path).parent) != wanted:
        yield Problem(path, "meta-folder", f"HubSpot looks for a {kind} in {wanted}/ only")


def _scopes(found: Mapping[str, Mapping[str, Any]], auth: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the cards whose records no required scope opens."""
    given = set(texts(auth.get("requiredScopes")))
    for path, meta in found.items():
        for kind in texts(table(meta.get("config")).get("objectTypes")):
            reads = READS.get(kind.lower(), ())
            if meta.get("type") == "card" and reads and not given.intersection(reads):
                message = f"beside {kind}, auth.requiredScopes must name {reads[0]}"
                yield Problem(path, "card-scope", message)


def _meta(package: AppPackage, path: str, meta: Mapping[str, Any]) -> Iterator[Problem]:
    kind, config = meta.get("type"), meta.get("config")
    uid = meta.get("uid")
    if not isinstance(uid, str) or not UID.match(uid):
        message = f"uid is {uid!r}; write letters, digits, _ . and -, at most 64"
        yield Problem(path, "meta-uid", message)
    if not is_text(kind):
        yield Problem(path, "meta-type", "type is missing")
    if not isinstance(config, dict):
        yield Problem(path, "meta-config", "config is missing")
    elif kind == "app":
        yield from _app(path, config)
    elif kind == "card":
        yield from _card(package, path, config)
    if isinstance(kind, str) and kind in FOLDERS:
        yield from check_shape(path, f"hubspot_{kind}", meta)
        yield from _folder(package, path, kind)
    elif is_text(kind):
        known = ", ".join(FOLDERS)
        yield Problem(path, "meta-type", f"type is {kind!r}; this package holds only {known}")


def _is_permitted(address: str, permitted: list[str]) -> bool:
    return any(address == one or address.startswith(f"{one.rstrip('/')}/") for one in permitted)


def _code(package: AppPackage, permitted: list[str]) -> Iterator[Problem]:
    for path in sorted(package.files):
        source = package.files[path].decode("utf-8", "replace")
        if not path.endswith((".jsx", ".tsx")) or "hubspot.fetch" not in source:
            continue
        for address in sorted(set(ADDRESS.findall(source))):
            if not _is_permitted(address, permitted):
                message = f"{address} is not below an address of permittedUrls.fetch"
                yield Problem(path, "fetch-not-permitted", message)


def check_hubspot(package: AppPackage) -> Iterator[Problem]:
    """Yield what HubSpot would refuse, and what its cards could not do."""
    yield from _project(package)
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(package.files):
        if path.endswith(SUFFIX):
            document = read_object(package, path)
            yield from document.problems
            if not document.problems:
                found[path] = document.table
                yield from _meta(package, path, document.table)
    apps = [meta for meta in found.values() if meta.get("type") == "app"]
    if len(apps) != 1:
        yield Problem(PROJECT, "one-app", f"a project holds one app; there are {len(apps)}")
    uids = Counter(str(meta.get("uid")) for meta in found.values())
    for path, meta in found.items():
        if uids[str(meta.get("uid"))] > 1:
            yield Problem(path, "meta-uid", f"the uid {meta.get('uid')!r} is used twice")
    configs = [table(app.get("config")) for app in apps]
    for config in configs:
        yield from _scopes(found, table(config.get("auth")))
    yield from check_imports(package, (".jsx", ".tsx"))
    urls = [url for one in configs for url in texts(table(one.get("permittedUrls")).get("fetch"))]
    yield from _code(package, urls)
