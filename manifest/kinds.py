"""Which rules a package must meet, and how to tell from its files alone."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

SHEET = "sheet"  # pages to read, values to paste, calls to send
# One file that only this kind has; a folder named by it may lie around all the rest.
MARKS = {
    "hubspot": ("hsproject.json",),
    "salesforce": ("sfdx-project.json",),
    "jira": ("manifest.yml", "manifest.yaml"),
    "kustomer": ("app.json",),
}
FRESHWORKS = ("app/", "config/", "server/")
MANIFEST = "manifest.json"


def kind_of(helpdesk: str) -> str:
    """Return the kind of a helpdesk's package: its own, or `sheet`."""
    return helpdesk if helpdesk in (*MARKS, "zendesk", "freshdesk") else SHEET


def _is_freshworks(paths: Collection[str]) -> bool:
    return any(path.startswith(FRESHWORKS) for path in paths)


def recognise(paths: Collection[str]) -> str | None:
    """Return the kind of the package with these paths, None where it is none that we know."""
    names = {PurePosixPath(path).name for path in paths}
    for kind, marks in MARKS.items():
        if names.intersection(marks):
            return kind
    if MANIFEST in names:
        return "freshdesk" if _is_freshworks(paths) else "zendesk"
    return SHEET if names.intersection(("install.html", "setup.json")) else None
