"""Break a good package in one place: what the checker's tests begin with."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from manifest.build import build
from manifest.check import check
from manifest.facts import Facts
from manifest.package import AppPackage

FACTS = Facts(
    "acme",
    "https://ctx.acme.test",
    options={"subdomain": "acme", "account_id": "3", "signed": True},
)
GONE = object()  # stands for a key or a file that is taken away


@functools.cache
def good(helpdesk: str) -> AppPackage:
    """Return the package as it is built."""
    return build(helpdesk, FACTS)


def _merged(value: Any, changes: Any) -> Any:
    if not isinstance(changes, Mapping) or not isinstance(value, Mapping):
        return changes
    kept = {**value, **{name: _merged(value.get(name), new) for name, new in changes.items()}}
    return {name: one for name, one in kept.items() if one is not GONE}


def with_files(package: AppPackage, files: Mapping[str, Any]) -> AppPackage:
    """Return the package with these files: bytes, text, or GONE."""
    made = {**package.files, **files}
    encoded = {path: one.encode() if isinstance(one, str) else one for path, one in made.items()}
    return AppPackage(package.kind, {p: one for p, one in encoded.items() if one is not GONE})


def with_json(package: AppPackage, path: str, changes: Any) -> AppPackage:
    """Return the package with keys of one JSON file changed, or taken away by GONE."""
    old = json.loads(package.files.get(path, b"{}"))
    return with_files(package, {path: json.dumps(_merged(old, changes))})


def found(package: AppPackage) -> set[tuple[str, str]]:
    """Return file and rule of each finding."""
    return {(one.path, one.rule) for one in check(package)}
