"""Why they write: what is open, and what the last 90 days were about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from plugin.account.tickets import about, is_open, recent
from plugin.account.vocabulary import Ticket
from plugin.view.section import Scene, ViewSection
from widgets.widget import Badge, Badges, Section, Text

WINDOW = timedelta(days=90)
SHOWN = 4


def _counts(tickets: Sequence[Ticket]) -> list[tuple[str, int, bool]]:
    """Return each subject with its count and whether one of it is open, open and frequent first."""
    count = Counter(topic for ticket in tickets if (topic := about(ticket)))
    waiting = {about(ticket) for ticket in tickets if is_open(ticket)}
    rows = [(topic, number, topic in waiting) for topic, number in count.items()]
    return sorted(rows, key=lambda row: (-row[1], not row[2], row[0]))


def _build(scene: Scene) -> Section | None:
    if scene.context.tickets is None:
        return Section("topics", "Writes about", (Text(scene.why_unknown("tickets"), "muted"),))
    tickets = recent(scene.context.tickets, scene.wording.now, WINDOW)
    least = "at least " if "tickets" in scene.context.partial else ""
    some = "+" if "tickets" in scene.context.partial else ""
    if not tickets:
        read = " among those that could be read" if some else ""
        return Section("topics", "Writes about", (Text(f"No tickets in 90 days{read}", "muted"),))
    waiting = sum(1 for ticket in tickets if is_open(ticket))
    badges = [
        Badge(topic, "warning" if is_waiting else "normal", count, f"{count}{some} in 90 days")
        for topic, count, is_waiting in _counts(tickets)[:SHOWN]
    ]
    badges.append(Badge(f"{least}{waiting} open of {least}{len(tickets)}", "muted"))
    return Section("topics", "Writes about, 90 days", (Badges(tuple(badges)),))


topics = ViewSection("topics", "Why they write", ("tickets", "mentions"), _build)
