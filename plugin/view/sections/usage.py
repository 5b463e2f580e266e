"""How they use it: seats, trend, and an adoption bar for each module."""

from __future__ import annotations

from plugin.account.vocabulary import Limit, Module
from plugin.view.section import Scene, ViewSection
from widgets.widget import Bar, Component, Figure, Figures, Row, Section, Sparkline, Text

_SHRINKS = 0.85
_STEADY = 0.03
_NEAR_LIMIT = 0.9
_NEAR_SEATS = 0.8


def _seats(scene: Scene) -> Component | None:
    active, paid = scene.context.usage.seats_active, scene.context.contract.seats_paid
    if active is None:
        return None
    number = scene.wording.number
    if not paid:
        return Row("Active seats", number(active))
    tone = "growth" if active >= _NEAR_SEATS * paid else "normal"
    text = f"{number(active)} of {number(paid)} seats active"
    return Bar(
        "Seats", f"{number(active)} of {number(paid)}", min(1.0, active / paid), text, "", tone
    )


def _change(scene: Scene, ratio: float) -> str:
    arrow = "▲" if ratio > 1 else "▼"
    share = scene.wording.percent(abs(ratio - 1))
    return "steady for 4 weeks" if abs(ratio - 1) < _STEADY else f"{arrow} {share} in 4 weeks"


def _trend(scene: Scene) -> Component | None:
    """Return the people a week as a figure with its line."""
    usage = scene.context.usage
    if not usage.weekly_active:
        return None
    ratio, weeks = usage.change_ratio, usage.weekly_active
    now = scene.wording.number(weeks[-1])
    falls = ratio is not None and ratio < _SHRINKS
    note = _change(scene, ratio) if ratio is not None else ""
    label = f"People a week over {len(weeks)} weeks, now {now}"
    line = Sparkline(tuple(float(week) for week in weeks), label, "risk" if falls else "normal")
    tone = "risk" if falls else "muted"
    return Figures((Figure("People a week", now, note, tone, spark=line),))


def _module(scene: Scene, module: Module, most: int) -> Bar:
    name = module.name or "unnamed module"
    events = module.events_90d
    if events is None:
        return Bar(name, "unknown", 0.0, f"{name}: events unknown", "", "muted")
    note = "not in the plan" if module.entitled is False else ""
    text = f"{name}: {scene.wording.number(events)} events in 90 days"
    if module.entitled:
        text += ", in the plan" if events else ", paid for and unused"
    tone = "growth" if module.entitled and not events else "normal"
    return Bar(name, scene.wording.number(events), events / most if most else 0.0, text, note, tone)


def _limit(scene: Scene, limit: Limit) -> Bar:
    name, ratio = limit.name or "limit", limit.ratio
    if ratio is None:
        return Bar(name, "unknown", 0.0, f"{name}: use unknown", "", "muted")
    tone = "growth" if ratio >= _NEAR_LIMIT else "normal"
    share = scene.wording.percent(ratio)
    return Bar(name, share, min(1.0, ratio), f"{name}: {share} of the limit", "of limit", tone)


def _build(scene: Scene) -> Section:
    usage = scene.context.usage
    components = [part for part in (_trend(scene), _seats(scene)) if part is not None]
    modules = usage.modules or ()
    most = max((module.events_90d or 0 for module in modules), default=0)
    components += [_module(scene, module, most) for module in modules]
    components += [_limit(scene, limit) for limit in usage.limits or ()]
    if usage.last_seen_at is not None:
        components.append(Row("Last seen", scene.wording.since(usage.last_seen_at)))
    unread = scene.unread("usage.modules") if usage.modules is None else ""
    partly = scene.partly("usage.modules")
    components += [Row("Modules", "unknown", unread)] if unread and components else []
    components += [partly] if partly else []
    if not components:
        components = [Text(scene.why_unknown("usage.modules"), "muted")]
    return Section("usage", "Usage, 90 days", tuple(components))


usage = ViewSection("usage", "Usage", ("usage.", "contract.seats"), _build)
