"""The account's tickets, from everybody who writes for it: open ones first."""

from __future__ import annotations

from plugin.account.tickets import about, is_open
from plugin.account.vocabulary import Ticket
from plugin.view.section import Scene, ViewSection
from widgets.widget import Component, More, Row, Section

SHOWN = 4
_STATUS = {"on_hold": "on hold", "pending": "waits for the customer"}


def _note(scene: Scene, ticket: Ticket) -> str:
    when = scene.wording.since(ticket.created_at) if ticket.created_at else ""
    status = _STATUS.get(ticket.status or "", ticket.status or "")
    marks = ["escalated" if ticket.escalated else "", "SLA missed" if ticket.sla_breached else ""]
    return " · ".join(word for word in (status, *marks, when) if word)


def _row(scene: Scene, ticket: Ticket) -> Row:
    tone = "warning" if is_open(ticket) and ticket.kind == "bug" else "normal"
    quote = f"“{ticket.sentiment_quote}”" if ticket.sentiment_quote else ""
    label = ticket.subject or ticket.id or "ticket without a subject"
    return Row(label, about(ticket) or "", _note(scene, ticket), tone, quote, ticket.url or "")


def _build(scene: Scene) -> Section | None:
    tickets = scene.context.tickets
    if not tickets or scene.who_may_see("tickets[].subject"):  # then "why they write" counts them
        return None
    ordered = sorted(tickets, key=lambda ticket: not is_open(ticket))
    rows: list[Component] = [_row(scene, ticket) for ticket in ordered]
    shown = rows[:SHOWN]
    if len(rows) > SHOWN:
        shown.append(More(f"+{len(rows) - SHOWN} more", tuple(rows[SHOWN : SHOWN + 20])))
    partly = scene.partly("tickets")
    shown += [partly] if partly else []
    some = "at least " if partly else ""
    waiting = sum(1 for ticket in tickets if is_open(ticket))
    return Section("tickets", f"Tickets, {some}{waiting} open", tuple(shown), folded=True)


tickets = ViewSection("tickets", "Tickets", ("tickets",), _build)
