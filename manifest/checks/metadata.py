"""The elements of Salesforce's metadata: which there are, which occur once, what they may hold.

https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_connectedapp.htm
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from xml.etree import ElementTree as ET

from manifest.checks.values import is_local_url, is_secure_url
from manifest.problem import Problem

SPACE = "{http://soap.sforce.com/2006/04/metadata}"
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+\Z")
VERSION = re.compile(r"[1-9]\d\.0\Z", re.ASCII)
_TYPES = json.loads(
    files("manifest").joinpath("schemas/salesforce_metadata.json").read_text("utf-8")
)
SCOPES = frozenset(_TYPES["scopes"])
KNOWN: Mapping[str, frozenset[str]] = {
    kind: frozenset(names) for kind, names in _TYPES["elements"].items()
}
OFTEN = frozenset(_TYPES["several"])
TRUTH = re.compile(r"is[A-Z]\w+|availableInTouch|confirmationTokenRequired")
LONGEST = {"label": 80, "description": 256}


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(SPACE)


def _said(element: ET.Element) -> str:
    return (element.text or "").strip()


def _value(path: str, name: str, said: str) -> Iterator[Problem]:
    if TRUTH.fullmatch(name) and said not in ("true", "false"):
        yield Problem(path, "wrong-type", f"{name} is {said!r}; write true or false")
    if len(said) > LONGEST.get(name, len(said)):
        yield Problem(path, "wrong-size", f"{name} is longer than {LONGEST[name]} characters")
    if name == "contactEmail" and said and not MAIL.match(said):
        yield Problem(path, "app-text", f"contactEmail is {said!r}, which is no e-mail address")
    if name == "apiVersion" and not VERSION.match(said):
        yield Problem(path, "api-version", f"apiVersion is {said!r}; write one such as 62.0")


def _address(path: str, name: str, said: str) -> Iterator[Problem]:
    if name == "callbackUrl":
        for one in said.split() or [""]:
            if not is_secure_url(one) and not is_local_url(one):
                yield Problem(path, "callback-url", f"callbackUrl {one!r} must be https")
    elif name.endswith("Url") and name != "canvasUrl" and not is_secure_url(said):
        yield Problem(path, "app-url", f"{name} {said!r} must be an https address")


def check_elements(path: str, root: ET.Element) -> Iterator[Problem]:
    """Yield elements that the type does not have, that occur twice, or that hold what they may not.

    A type that is not listed here is left alone.
    """
    kind = _name(root)
    known = KNOWN.get(kind)
    if known is None:
        return
    for name, count in Counter(_name(one) for one in root).items():
        if name not in known:
            yield Problem(path, "unknown-key", f"{kind} has no element {name}")
        elif count > 1 and name not in OFTEN:
            yield Problem(path, "duplicate-key", f"{kind} holds {name} {count} times")
    for one in root:
        name, said = _name(one), _said(one)
        yield from _value(path, name, said)
        yield from _address(path, name, said)
        if name == "scopes" and said not in SCOPES:
            yield Problem(path, "oauth-scope", f"{said!r} is no scope of a connected app")
        if name in KNOWN:
            yield from check_elements(path, one)
