"""The demo workspace as the tests read it: written once, connected as the demo connects."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from plugin.demo.workspace import demo_connections
from plugin.revenue.facts import with_revenue
from plugin.revenue.policy import P0
from plugin.upstream import AccountRef, Facts, Identity, Link
from plugin.vendors.files.source import files
from tests.vendors.files.files_folder import NoClient

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def links(folder: Path, now: datetime = NOW) -> dict[str, Link]:
    """Return the demo's connections, their options loaded as settings are."""
    return {
        name: Link("demo", name, files.options().load(dict(made.options)), NoClient(), now)
        for name, made in demo_connections(folder).items()
    }


def ask(folder: Path, by: str, value: str) -> tuple[AccountRef, ...]:
    """Return the accounts that answer one identity question in the CRM."""
    assert files.find is not None
    return files.find(Identity(by, value), links(folder)["crm"])


def facts(folder: Path, account_id: str, connection: str, now: datetime = NOW) -> Facts:
    """Return what one connection says of one account."""
    ref = AccountRef(account_id, "as known elsewhere")
    return with_revenue(files.fetch(ref, links(folder, now)[connection]), P0, now)
