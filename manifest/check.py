"""Check a package by the rules of its helpdesk; every problem at once, never only the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from manifest.checks.freshworks.app import check_freshworks
from manifest.checks.hubspot import check_hubspot
from manifest.checks.javascript import check_javascript
from manifest.checks.jira import check_jira
from manifest.checks.kustomer import check_kustomer
from manifest.checks.liquid import check_liquid
from manifest.checks.salesforce import check_salesforce
from manifest.checks.setup import check_setup
from manifest.checks.sheet import check_sheet
from manifest.checks.zendesk.app import check_zendesk
from manifest.kinds import SHEET, recognise
from manifest.package import AppPackage
from manifest.problem import Problem
from manifest.reading import Reading

Check = Callable[[AppPackage], Iterator[Problem]]
CHECKS: Mapping[str, Check] = {
    "zendesk": check_zendesk,
    "freshdesk": check_freshworks,
    "hubspot": check_hubspot,
    "salesforce": check_salesforce,
    "jira": check_jira,
    "kustomer": check_kustomer,
    SHEET: check_sheet,
}
# Files that a package of any kind may carry beside its own.
BESIDE: Mapping[str, Check] = {"install.html": check_sheet, "setup.json": check_setup}


def check(package: AppPackage) -> list[Problem]:
    """Return all that is wrong with a package; an empty list where all is well."""
    found = list(CHECKS[package.kind](package))
    for path, more in BESIDE.items():
        if path in package.files:
            found += more(package)
    found += check_liquid(package)
    found += check_javascript(package)
    return list(dict.fromkeys(found))


def check_reading(reading: Reading, kind: str | None = None) -> list[Problem]:
    """Return all that is wrong with what was read, be it that nobody knows what it is.

    Without a `kind` the files tell it.
    """
    known = kind or recognise(reading.files)
    if known is not None:
        return [*reading.problems, *check(reading.package(known))]
    if reading.problems:
        return list(reading.problems)
    message = "this is no package that Sidelight knows: there is no manifest at its root"
    return [Problem(".", "unknown-package", message)]
