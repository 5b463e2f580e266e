"""A folder of files for the tests of the `files` upstream, and a connection to it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from plugin.upstream import AccountRef, Facts, Identity, Link, Mined
from plugin.vendors.files.source import files

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DATA = Path(__file__).parent / "source"


class NoClient:
    """A client that must not be used: this upstream calls nobody."""

    def get(self, path: str, *_: object, **__: object) -> Any:
        """Refuse to call."""
        raise AssertionError(path)

    def post(self, path: str, *_: object, **__: object) -> Any:
        """Refuse to call."""
        raise AssertionError(path)


def mine(ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
    """Mine as a lexicon of one word would."""
    said = " ".join([subject, *texts]).lower()
    if "vat" not in said:
        return Mined()
    return Mined(
        ("billing",),
        "invoices",
        -0.2,
        "VAT",
        ((f"{ticket_id}-vat", "frustration", None, "VAT", "sure"),),
    )


def connect(folder: Path, now: datetime = NOW, **options: Any) -> Link:
    """Return a connection to `folder`, its options loaded as settings are."""
    loaded = files.options().load({"folder": str(folder), **options})
    return Link("acme", "crm", loaded, NoClient(), now, mine=mine)


def write(folder: Path, at: datetime = NOW - timedelta(hours=1), **tables: str) -> Path:
    """Write each table (`accounts_csv="…"`) by renaming, changed last at `at`."""
    for name, text in tables.items():
        path = folder / ".".join(name.rsplit("_", 1))
        part = folder / f"{path.name}.part"
        part.write_text(text, encoding="utf-8")
        os.utime(part, (at.timestamp(), at.timestamp()))
        part.replace(path)
    return folder


def find(link: Link, by: str, value: str) -> list[str]:
    """Return the ids of the accounts that answer one identity question."""
    assert files.find is not None
    return [ref.id for ref in files.find(Identity(by, value), link)]


def fetch(link: Link, account_id: str) -> Facts:
    """Return what the files say of one account."""
    return files.fetch(AccountRef(account_id, "as known elsewhere"), link)


def problems(link: Link) -> list[str]:
    """Return what `sidelight check` would say of the folder."""
    assert files.check is not None
    return [str(problem) for problem in files.check(link)]
