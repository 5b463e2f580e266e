"""Check a Zendesk app (ZAF v2) whole, as Zendesk does when an admin uploads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from manifest.checks.documents import read_object
from manifest.checks.zendesk.files import check_files
from manifest.checks.zendesk.locations import check_locations
from manifest.checks.zendesk.oauth import check_oauth
from manifest.checks.zendesk.parameters import check_parameters
from manifest.checks.zendesk.requirements import check_special
from manifest.checks.zendesk.top_level import check_top_level
from manifest.checks.zendesk.translations import check_translations
from manifest.checks.zendesk.whitelist import check_whitelist
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"


def _misplaced(package: AppPackage) -> Iterator[Problem]:
    if MANIFEST in package.files:
        return
    for path in sorted(package.files):
        if PurePosixPath(path).name == MANIFEST:
            message = "manifest.json must lie at the root of the zip, not in a folder"
            yield Problem(path, "manifest-not-at-root", message)


def check_zendesk(package: AppPackage) -> Iterator[Problem]:
    """Yield all that Zendesk would refuse, and as warnings what it would point out."""
    yield from _misplaced(package)
    manifest = read_object(package, MANIFEST)
    yield from manifest.problems
    if not manifest.problems:
        table = manifest.table
        yield from check_top_level(package, table)
        yield from check_special(package, table)
        yield from check_locations(package, table)
        yield from check_parameters(table)
        yield from check_oauth(table)
        yield from check_whitelist(table)
    yield from check_translations(package, manifest.table)
    yield from check_files(package, manifest.table)
