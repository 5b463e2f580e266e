"""The settings that an admin fills in when a Zendesk app is installed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.values import is_text, tables
from manifest.problem import Problem, warning

MANIFEST = "manifest.json"
TYPES = ("text", "checkbox", "url", "number", "multiline", "hidden", "oauth", "mtls")
SCOPES = frozenset(
    [
        "header",
        "body",
        "url",
        "jwt_secret_key",
        "jwt_claim",
        "basic_auth_username",
        "basic_auth_password",
    ]
)
SECRET_NAME = re.compile(r"token|key|pwd|password", re.IGNORECASE)
MOST_MTLS = 3
LONGEST_DOMAIN = 253
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z", re.IGNORECASE | re.ASCII)
FEWEST_LABELS = 2


def _wrong(rule: str, message: str) -> Problem:
    return Problem(MANIFEST, rule, message)


def _type(one: Mapping[str, Any]) -> Any:
    return one.get("type", "text")


def _names(parameters: list[dict[str, Any]]) -> Iterator[Problem]:
    names = [one["name"] for one in parameters if isinstance(one.get("name"), str)]
    for name, times in Counter(names).items():
        if times > 1:
            yield _wrong("parameter-duplicate", f"the parameter {name!r} is declared {times} times")
    if "name" in names:
        yield _wrong("parameter-name-reserved", 'a parameter may not be called "name"')


def _booleans(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("required", "secure"):
        if key in one and not isinstance(one[key], bool):
            message = f"{name}: {key} must be true or false, without quotes"
            yield _wrong("parameter-boolean", message)


def _kind(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    kind = _type(one)
    if kind not in TYPES:
        message = f"{name}: {kind!r} is no type; known: {', '.join(TYPES)}"
        yield _wrong("parameter-type", message)
    if kind == "hidden" and one.get("required") is True:
        yield _wrong("parameter-hidden-required", f"{name}: nobody can fill a hidden parameter")
    if kind == "oauth" and one.get("secure"):
        yield _wrong("parameter-oauth-secure", f"{name}: an oauth parameter is never secure")


def _scopes(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    if "scopes" not in one or _type(one) == "mtls":
        return
    scopes = one["scopes"]
    if one.get("secure") is not True:
        yield _wrong("parameter-scopes-insecure", f"{name}: scopes only go with secure: true")
    if not isinstance(scopes, list) or not scopes:
        yield _wrong("parameter-scopes", f"{name}: scopes must be a list with something in it")
        return
    for scope in scopes:
        if not isinstance(scope, str) or scope not in SCOPES:
            known = ", ".join(sorted(SCOPES))
            yield _wrong("parameter-scopes", f"{name}: {scope!r} is no scope; known: {known}")


def _is_domain(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST_DOMAIN:
        return False
    labels = value.removeprefix("*.").split(".")
    return len(labels) >= FEWEST_LABELS and all(LABEL.match(label) for label in labels)


def _mtls(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    if _type(one) != "mtls":
        return
    for key in ("secure", "default", "scopes"):
        if key in one:
            yield _wrong("parameter-mtls", f"{name}: an mtls parameter has no {key}")
    if not _is_domain(one.get("allowed_domain")):
        message = f"{name}: allowed_domain must be a host name such as api.acme.com or *.acme.com"
        yield _wrong("parameter-mtls-domain", message)


def _advice(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    secure = one.get("secure") is True
    if _type(one) == "text" and not secure and SECRET_NAME.search(name):
        message = f"{name} sounds like a secret; write secure: true, so that browsers never see it"
        yield warning(MANIFEST, "parameter-not-secure", message)
    if secure and "scopes" not in one:
        message = f"{name}: name the scopes where this secret may be put in"
        yield warning(MANIFEST, "parameter-without-scopes", message)
    if "default" in one and (secure or _type(one) == "hidden"):
        message = f"{name}: everybody can read the default of a secure or hidden parameter"
        yield warning(MANIFEST, "parameter-default", message)


def _one(name: str, one: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _booleans(name, one)
    yield from _kind(name, one)
    yield from _scopes(name, one)
    yield from _mtls(name, one)
    yield from _advice(name, one)


def _counts(parameters: list[dict[str, Any]]) -> Iterator[Problem]:
    kinds = [_type(one) for one in parameters]
    if kinds.count("oauth") > 1:
        yield _wrong("parameter-oauth-once", "an app has at most one oauth parameter")
    if kinds.count("mtls") > MOST_MTLS:
        yield _wrong("parameter-mtls", f"an app has at most {MOST_MTLS} mtls parameters")


def check_parameters(table: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with `parameters`."""
    given = [] if table.get("parameters") is None else table["parameters"]
    if not isinstance(given, list):
        yield _wrong("parameters-type", "parameters must be a list of objects")
        return
    for place, one in enumerate(given):
        where = f"parameters[{place}]"
        if not isinstance(one, dict):
            yield _wrong("parameters-type", f"{where} must be an object")
        elif not is_text(one.get("name")):
            yield _wrong("parameter-name", f"{where} has no name")
            yield from _one(where, one)
        else:
            yield from _one(one["name"], one)
    yield from _names(tables(given))
    yield from _counts(tables(given))
