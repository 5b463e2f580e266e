"""What is being sold: open opportunities of the account."""

from __future__ import annotations

from plugin.account.vocabulary import Deal
from plugin.view.section import Scene, ViewSection
from widgets.widget import Component, Row, Section, Text


def _row(scene: Scene, deal: Deal) -> Row:
    amount = scene.wording.money(deal.amount) if deal.amount else ""
    closes = f"closes {scene.wording.near_day(deal.close_at)}" if deal.close_at else ""
    note = " · ".join(part for part in (deal.stage or deal.status or "", closes) if part)
    return Row(deal.name or deal.kind or "Deal", amount or (deal.status or ""), note)


def _build(scene: Scene) -> Section | None:
    seen_by = scene.who_may_see("deals")
    if seen_by is not None:
        return Section("deals", "Deals", (Text(f"Shown to {seen_by}.", "muted"),), folded=True)
    rows = [_row(scene, deal) for deal in scene.context.deals or () if deal.status != "lost"]
    unread, partly = scene.unread("deals"), scene.partly("deals")
    told = [Text(unread, "muted")] if scene.context.deals is None and unread else []
    lines: tuple[Component, ...] = (*rows, *told, *([partly] if partly else []))
    return Section("deals", "Deals", lines, folded=True) if lines else None


deals = ViewSection("deals", "Deals", ("deals",), _build)
