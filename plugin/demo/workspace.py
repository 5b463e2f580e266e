"""Write the demo workspace into a folder, and connect to it as a small firm would."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from plugin.demo.dates import Calendar
from plugin.demo.guard import claim, is_made_by_demo
from plugin.settings.records import Connection

OWN_DOMAINS = ("lanternworks.example",)  # whom the demo's customers buy from
COMPETITORS = ("Tabulon", "Gridlark")
COMPONENTS = (
    "reporting",
    "dashboards",
    "scheduled reports",
    "export",
    "integrations",
    "alerts",
    "SSO",
)
PARTS = {
    "crm": ("accounts", "contacts", "deals", "health"),
    "billing": ("subscriptions", "invoices", "changes"),
    "analytics": ("usage", "modules", "limits", "milestones", "interest", "offboarding"),
    "helpdesk": ("tickets",),
    "survey": ("survey",),
}
_DAY = ".day"
_TEMPLATES = files("plugin.demo") / "workspace"


@dataclass(frozen=True, slots=True)
class PlaygroundTicket:
    """One ticket of the playground's inbox; `shows` says what it is there for."""

    ticket_id: str
    subject: str
    requester_name: str
    requester_email: str
    preview: str
    minutes_ago: int
    shows: str


def _templates() -> Iterator[tuple[str, str]]:
    for template in sorted(_TEMPLATES.iterdir(), key=lambda entry: entry.name):
        yield template.name, template.read_text(encoding="utf-8")


def _put(path: Path, text: str, at: datetime) -> None:
    """Write a file under a temporary name and rename it, so that nobody reads half of it."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, suffix=".part", delete=False
    ) as file:
        file.write(text)
    os.utime(file.name, (at.timestamp(), at.timestamp()))
    Path(file.name).replace(path)


def write_demo(folder: Path, today: date, now: datetime) -> None:
    """Write every table of the demo, its dates counted from `today` and `now` (UTC).

    Raises ConfigurationError where the folder holds anything that the demo has not made.
    """
    claim(folder)
    calendar = Calendar(today, now)
    for name, text in _templates():
        _put(folder / name, calendar.fill(text), now)
    _put(folder / _DAY, today.isoformat(), now)


def refresh_demo(folder: Path, today: date, now: datetime) -> bool:
    """Write the demo anew where it was written on another day; say whether it was.

    Never into a folder that is not the demo's.
    """
    if not is_made_by_demo(folder):
        return False
    try:
        if (folder / _DAY).read_text(encoding="utf-8") == today.isoformat():
            return False
    except OSError:
        pass
    write_demo(folder, today, now)
    return True


def demo_connections(folder: Path) -> dict[str, Connection]:
    """Return the five connections of the demo: one folder, each reading its own tables."""
    return {
        name: Connection(
            name,
            "files",
            options={"folder": str(folder), "parts": list(parts), "as_of": "read"},
        )
        for name, parts in PARTS.items()
    }


def playground_tickets() -> tuple[PlaygroundTicket, ...]:
    """Return the tickets of the playground's inbox, newest first."""
    text = (files("plugin.demo") / "playground.json").read_text(encoding="utf-8")
    tickets = [
        PlaygroundTicket(
            ticket_id=item["ticket_id"],
            subject=item["subject"],
            requester_name=item["requester"]["name"],
            requester_email=item["requester"]["email"],
            preview=item["preview"],
            minutes_ago=item["minutes_ago"],
            shows=item["shows"],
        )
        for item in json.loads(text)
    ]
    return tuple(sorted(tickets, key=lambda ticket: ticket.minutes_ago))
