"""The request templates of a Freshworks app: what its proxy may call, and how."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.shapes import check_shape
from manifest.checks.values import is_host_name, is_secure_url, is_text, table
from manifest.package import AppPackage
from manifest.problem import Problem

FILE = "config/requests.json"
IPARAMS = "config/iparams.json"
MANIFEST = "manifest.json"
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH"})
MOST_TEMPLATES = 100
MOST_ATTEMPTS = 5
LONGEST_DELAY = 1500  # ms
DELAY_STEP = 100
FILLED_IN = re.compile(r"<%=.*?%>")
KNOWN = re.compile(r"\b(context\.\w+|iparam\.\w+|oauth_iparams\.\w+|access_token)\b")
IPARAM = re.compile(r"iparam\.(\w+)")


def _wrong(rule: str, message: str) -> Problem:
    return Problem(FILE, rule, message)


def _is_whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _address(name: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    method, host, path = (schema.get(key) for key in ("method", "host", "path"))
    if not isinstance(method, str) or method not in METHODS:
        yield _wrong("request-method", f"{name}: {method!r} is none of {sorted(METHODS)}")
    if schema.get("protocol", "https") != "https":
        yield _wrong("request-protocol", f"{name}: the protocol must be https")
    if not is_text(host) or not is_host_name(FILLED_IN.sub("x.example", str(host))):
        message = f"{name}: host {host!r} must be a full host name: no scheme, slash, port, address"
        yield _wrong("request-host", message)
    if not isinstance(path, str) or not path.startswith("/"):
        yield _wrong("request-path", f"{name}: path must start with /")
    elif not is_secure_url(f"https://x.example{FILLED_IN.sub('x', path)}") or "?" in path:
        message = f"{name}: path {path!r} holds a space or a query; that stands in query"
        yield _wrong("request-path", message)
    for key in ("headers", "query"):
        if key in schema and not isinstance(schema[key], dict):
            yield _wrong("request-type", f"{name}: {key} must be an object")


def _options(name: str, options: Any) -> Iterator[Problem]:
    given = table(options)
    if options is not None and not isinstance(options, dict):
        yield _wrong("request-type", f"{name}: options must be an object")
    attempts = given.get("maxAttempts", 1)
    if not _is_whole(attempts, 1, MOST_ATTEMPTS):
        yield _wrong("request-attempts", f"{name}: maxAttempts must be 1 to {MOST_ATTEMPTS}")
    delay = given.get("retryDelay", 0)
    if not _is_whole(delay, 0, LONGEST_DELAY) or delay % DELAY_STEP:
        message = f"{name}: retryDelay must be a multiple of {DELAY_STEP}, at most {LONGEST_DELAY}"
        yield _wrong("request-delay", message)


def _secrets(package: AppPackage, name: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    iparams = read_object(package, IPARAMS).table
    secure = {key for key, one in iparams.items() if table(one).get("secure") is True}
    for place in ("host", "path", "query"):
        for key in sorted(secure.intersection(IPARAM.findall(str(schema.get(place, ""))))):
            message = f"{name}: the secure setting {key} may stand in headers only, not in {place}"
            yield _wrong("request-secret-outside-headers", message)


def _placeholders(package: AppPackage, name: str, template: Any) -> Iterator[Problem]:
    """Yield what the template wants filled in and nobody can."""
    written = json.dumps(template)
    inside = FILLED_IN.findall(written)
    rest = FILLED_IN.sub("", written)
    if "<%" in rest or "%>" in rest or "{{" in rest:
        yield _wrong("request-placeholder", f"{name}: write <%= context.name %>, and close it")
    known = read_object(package, IPARAMS).table
    for one in sorted(set(inside)):
        if not KNOWN.search(one):
            message = f"{name}: {one} names none of context, iparam, access_token"
            yield _wrong("request-placeholder", message)
        for key in IPARAM.findall(one) if IPARAMS in package.files else ():
            if key not in known:
                yield _wrong("request-iparam", f"{name}: {IPARAMS} has no setting {key!r}")


def _template(package: AppPackage, name: str, template: Any) -> Iterator[Problem]:
    schema = table(template).get("schema")
    if not isinstance(schema, dict):
        yield _wrong("request-schema", f"{name} has no schema")
        return
    yield from _address(name, schema)
    yield from _options(name, table(template).get("options"))
    yield from _secrets(package, name, schema)
    yield from _placeholders(package, name, template)


def _match(declared: set[str], present: set[str]) -> Iterator[Problem]:
    for name in sorted(declared - present):
        message = f"Request template '{name}' is declared but not found in {FILE}"
        yield Problem(MANIFEST, "request-not-found", message)
    for name in sorted(present - declared):
        message = f"Request template '{name}' is not defined in manifest.json"
        yield _wrong("request-not-declared", message)


def check_requests(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the request templates."""
    common = table(table(manifest.get("modules")).get("common"))
    declared = set(table(common.get("requests")))
    if FILE not in package.files:
        yield from _match(declared, set())
        return
    templates = read_object(package, FILE)
    yield from templates.problems
    if templates.problems:
        return
    yield from _match(declared, set(templates.table))
    yield from check_shape(FILE, "freshworks_requests", templates.table)
    if len(templates.table) > MOST_TEMPLATES:
        yield _wrong("request-count", f"an app has at most {MOST_TEMPLATES} templates")
    for name, template in templates.table.items():
        yield from _template(package, name, template)
