"""Check a Forge app's manifest: https://developer.atlassian.com/platform/forge/manifest/."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from manifest.checks.documents import Document, read_text
from manifest.checks.imports import check_imports
from manifest.checks.shapes import check_shape
from manifest.checks.values import is_secure_url, is_text, table, tables, texts
from manifest.package import AppPackage
from manifest.problem import Problem

FILE = "manifest.yml"
APP_ID = re.compile(r"ari:cloud:ecosystem::app/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
RUNTIMES = ("nodejs20.x", "nodejs22.x", "nodejs24.x")
SHOWN = frozenset(
    {
        "jira:issueContext",
        "jira:issuePanel",
        "jira:issueGlance",
        "jira:issueAction",
        "jira:issueActivity",
        "jira:projectPage",
        "jira:globalPage",
        "jira:adminPage",
        "jiraServiceManagement:organizationPanel",
        "jiraServiceManagement:queuePage",
        "jiraServiceManagement:portalRequestDetail",
    }
)
PARTS = frozenset({"endpoint", "function", "trigger", "scheduledTrigger", "webtrigger", "consumer"})
OPERATIONS = frozenset({"fetch", "compute", "storage", "other"})
SYSTEM_TOKEN = "read:app-system-token"  # noqa: S105 - the name of a scope, no secret
USER_TOKEN = "read:app-user-token"  # noqa: S105 - the name of a scope, no secret
# What code that asks Jira for issues needs: one of them.
ISSUE_SCOPES = ("read:jira-work", "read:issue:jira")
TOKENS = {"appSystemToken": SYSTEM_TOKEN, "appUserToken": USER_TOKEN}
ID_HINT = "write ari:cloud:ecosystem::app/… as forge register prints it"


def _wrong(rule: str, message: str) -> Problem:
    return Problem(FILE, rule, message)


def _load(package: AppPackage) -> Document:
    text = read_text(package, FILE)
    if text.value is None:
        return text
    try:
        value = YAML(typ="safe", pure=True).load(text.value)
    except (YAMLError, ValueError, TypeError, KeyError, RecursionError) as error:
        reason = str(error).splitlines() or ["unreadable"]
        return Document(None, (_wrong("not-yaml", f"is not YAML: {reason[0]}"),))
    if not isinstance(value, dict):
        return Document(None, (_wrong("not-an-object", "must be a map of app, modules, …"),))
    return Document(value)


def _keys(entries: Any) -> list[str]:
    return [str(one["key"]) for one in tables(entries) if is_text(one.get("key"))]


def _app(app: Any) -> Iterator[Problem]:
    given = table(app)
    if not isinstance(given.get("id"), str) or not APP_ID.match(given["id"]):
        yield _wrong("app-id", f"app.id is {given.get('id')!r}; {ID_HINT}")
    runtime = table(given.get("runtime")).get("name")
    if runtime not in RUNTIMES:
        yield _wrong("app-runtime", f"app.runtime.name is {runtime!r}; one of {RUNTIMES}")


def _resolver(where: str, resolver: Any, modules: Mapping[str, Any]) -> Iterator[Problem]:
    for part in ("endpoint", "function"):
        named = table(resolver).get(part)
        if named is not None and named not in _keys(modules.get(part)):
            yield _wrong("unresolved-key", f"{where}.resolver: no {part} is called {named!r}")


def _shown(
    name: str, one: Mapping[str, Any], modules: Mapping[str, Any], resources: list[str]
) -> Iterator[Problem]:
    where = f"modules.{name}.{one.get('key')}"
    if not is_text(one.get("title")):
        yield _wrong("module-title", f"{where} has no title")
    if name == "jira:issueContext" and not is_text(one.get("label")):
        yield _wrong("module-label", f"{where} has no label")
    if one.get("resource") not in resources:
        yield _wrong("unresolved-key", f"{where}: no resource is called {one.get('resource')!r}")
    yield from _resolver(where, one.get("resolver"), modules)


def _modules(modules: Mapping[str, Any], resources: list[str]) -> Iterator[Problem]:
    if not SHOWN.intersection(modules):
        yield _wrong("module-missing", f"no module shows anything; one of {sorted(SHOWN)}")
    for name, entries in modules.items():
        if name not in SHOWN | PARTS:
            yield _wrong("module-unknown", f"modules.{name} is no module that we know")
        if not isinstance(entries, list) or len(_keys(entries)) != len(entries):
            yield _wrong("module-key", f"modules.{name} must be a list, each entry with a key")
        for one in tables(entries) if name in SHOWN else ():
            yield from _shown(str(name), one, modules, resources)


def _scopes(manifest: Mapping[str, Any]) -> list[str]:
    given = table(manifest.get("permissions")).get("scopes")
    return [str(one) for one in given] if isinstance(given, dict) else texts(given)


def _asks(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the scope that the code's own questions to Jira need."""
    for path, content in sorted(package.files.items()):
        asks = path.startswith("src/") and b"requestJira(" in content
        if asks and b"/rest/api/" in content and not set(ISSUE_SCOPES) & set(_scopes(manifest)):
            yield _wrong("scope-missing", f"{path} asks Jira, which needs {ISSUE_SCOPES[0]}")


def _endpoints(manifest: Mapping[str, Any], modules: Mapping[str, Any]) -> Iterator[Problem]:
    remotes = _keys(manifest.get("remotes"))
    scopes = _scopes(manifest)
    for one in tables(modules.get("endpoint")):
        where = f"modules.endpoint.{one.get('key')}"
        if one.get("remote") not in remotes:
            yield _wrong("unresolved-key", f"{where}: no remote is called {one.get('remote')!r}")
        for token, scope in TOKENS.items():
            on = table(table(one.get("auth")).get(token)).get("enabled") is True
            if on and scope not in scopes:
                yield _wrong("scope-missing", f"{where} needs the scope {scope}")
            if on and not set(scopes) - set(TOKENS.values()):
                message = f"{where}: a token for a remote needs a scope of the app beside it"
                yield _wrong("scope-missing", message)


def _remotes(remotes: Any) -> Iterator[Problem]:
    for one in tables(remotes):
        where = f"remotes.{one.get('key')}"
        if not is_secure_url(one.get("baseUrl")):
            yield _wrong("remote-url", f"{where}.baseUrl must be an https address")
        operations = one.get("operations", [])
        if not isinstance(operations, list) or set(map(str, operations)) - OPERATIONS:
            yield _wrong("remote-operations", f"{where}: known: {sorted(OPERATIONS)}")


def _resources(package: AppPackage, resources: Any) -> Iterator[Problem]:
    for one in tables(resources):
        path = str(one.get("path") or "").strip("/")
        inside = any(name == path or name.startswith(f"{path}/") for name in package.files)
        if not path or not inside:
            message = f"resources.{one.get('key')}: {path!r} is not in the package"
            yield _wrong("resource-missing", message)


def _unique(manifest: Mapping[str, Any], modules: Mapping[str, Any]) -> Iterator[Problem]:
    groups = (
        [key for entries in modules.values() for key in _keys(entries)],
        _keys(manifest.get("resources")),
        _keys(manifest.get("remotes")),
    )
    for group in groups:
        for key, times in Counter(group).items():
            if times > 1:
                yield _wrong("duplicate-key", f"the key {key!r} is used {times} times")


def check_jira(package: AppPackage) -> Iterator[Problem]:
    """Yield what `forge lint` would refuse."""
    document = _load(package)
    yield from document.problems
    if document.problems:
        return
    manifest = document.table
    modules = table(manifest.get("modules"))
    yield from _app(manifest.get("app"))
    yield from _modules(modules, _keys(manifest.get("resources")))
    yield from _endpoints(manifest, modules)
    yield from _remotes(manifest.get("remotes"))
    yield from _resources(package, manifest.get("resources"))
    yield from _unique(manifest, modules)
    yield from _asks(package, manifest)
    yield from check_shape(FILE, "forge", manifest)
    yield from check_imports(package, (".js", ".jsx", ".ts", ".tsx"))
