"""Check a package by the rules of its helpdesk; every problem at once, never only the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from manifest.checks.zendesk.app import check_zendesk
from manifest.package import AppPackage
from manifest.problem import Problem

Check = Callable[[AppPackage], Iterator[Problem]]
CHECKS: Mapping[str, Check] = {
    "zendesk": check_zendesk,
}


def check(package: AppPackage) -> list[Problem]:
    """Return all that is wrong with a package; an empty list where all is well."""
    return list(dict.fromkeys(CHECKS[package.kind](package)))
