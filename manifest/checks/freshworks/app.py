"""Check a Freshworks app whole, as `fdk validate` does."""

from __future__ import annotations

from collections.abc import Iterator

from manifest.checks.documents import read_object
from manifest.checks.freshworks.code import check_code
from manifest.checks.freshworks.iparams import check_iparams
from manifest.checks.freshworks.modules import check_modules
from manifest.checks.freshworks.requests import check_requests
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"


def check_freshworks(package: AppPackage) -> Iterator[Problem]:
    """Yield all that Freshworks would refuse."""
    manifest = read_object(package, MANIFEST)
    yield from manifest.problems
    if not manifest.problems:
        yield from check_modules(package, manifest.table)
        yield from check_requests(package, manifest.table)
        yield from check_code(package, manifest.table)
    yield from check_iparams(package)
