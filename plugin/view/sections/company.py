"""Who they are: the firm, the tools it uses, and who looks after it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from plugin.account.money import Money
from plugin.view.section import Scene, ViewSection
from widgets.widget import Component, Row, Section

_CUSTOM_MAX = 12


def _place(scene: Scene) -> str:
    account = scene.context.account
    return ", ".join(part for part in (account.city, account.country) if part)


def _owner(label: str, owner: object) -> Row | None:
    name = getattr(owner, "name", None) or getattr(owner, "email", None)
    return Row(label, name, title=getattr(owner, "email", None) or "") if name else None


def _rows(scene: Scene) -> list[Component]:
    account, words = scene.context.account, scene.wording
    pairs = (
        ("Industry", account.vertical or account.industry),
        ("Employees", words.number(account.employees) if account.employees is not None else None),
        ("Based in", _place(scene)),
        ("Segment", account.segment),
        ("Stage", account.stage),
        ("Customer since", words.day(account.customer_since) if account.customer_since else None),
        ("Uses", ", ".join(account.tech_stack or ())),
        ("Rivals noted", ", ".join(account.competitors or ())),
        ("Goals", "; ".join(account.goals or ())),
        ("Pain points", "; ".join(account.pain_points or ())),
        ("Parent account", account.parent_id),
        ("Child accounts", words.number(account.children) if account.children else None),
    )
    return [Row(label, value) for label, value in pairs if value]


def _custom(scene: Scene) -> list[Component]:
    """Return the workspace's own facts under the names that it gave them."""
    known = ((name, _said(scene, value)) for name, value in scene.context.custom.items())
    rows = [Row(name.replace("_", " ").capitalize(), text) for name, text in known if text]
    return list(rows[:_CUSTOM_MAX])


def _said(scene: Scene, value: object) -> str:
    words = scene.wording
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Money):
        return words.money(value)
    if isinstance(value, int | float | Decimal):
        return words.number(value)
    parts = value if isinstance(value, tuple | list) else (value,)
    return ", ".join(str(part) for part in parts if part is not None)


def _revenue(scene: Scene) -> list[Component]:
    revenue, path = scene.context.account.annual_revenue, "account.annual_revenue"
    if revenue:
        return [Row("Their revenue", scene.wording.money(revenue))]
    band, seen_by = scene.band(path), scene.who_may_see(path)
    return [Row("Their revenue", band, title=f"Exact amount: {seen_by}")] if band else []


def _build(scene: Scene) -> Section | None:
    account = scene.context.account
    owners = (_owner("CSM", account.csm), _owner("Account executive", account.ae))
    rows = _rows(scene) + _revenue(scene) + [row for row in owners if row] + _custom(scene)
    return Section("company", "Company", tuple(rows), folded=True) if rows else None


company = ViewSection("company", "Company", ("account.", "custom."), _build)
