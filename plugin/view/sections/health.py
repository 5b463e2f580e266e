"""How the health score comes about: its components, what each weighs, and what it costs."""

from __future__ import annotations

from dataclasses import fields

from plugin.account.context import HealthPart
from plugin.view.section import Scene, ViewSection
from widgets.widget import Bar, Section, Text

_RED, _YELLOW = 50, 75


def _tone(score: float) -> str:
    if score <= _RED:
        return "risk"
    return "warning" if score <= _YELLOW else "normal"


def _bar(scene: Scene, part: HealthPart) -> Bar:
    number = scene.wording.number
    cost = f"costs {number(part.drag)} points" if part.drag else "costs nothing"
    text = f"{part.name}: {number(part.score)} of 100, weight {number(part.weight)}, {cost}"
    name = part.name.capitalize()
    return Bar(name, number(round(part.score)), part.score / 100, text, cost, _tone(part.score))


def _left_out(scene: Scene) -> str:
    """Return the parts that have a weight and no value, which is not said of those without."""
    weights, known = scene.workspace.health, {part.name for part in scene.context.health_parts}
    missing = [
        field.name
        for field in fields(weights)
        if field.name not in known and getattr(weights, field.name) > 0
    ]
    return f" Left out, not known: {', '.join(missing)}." if missing else ""


def _build(scene: Scene) -> Section | None:
    parts = scene.context.health_parts
    if not parts:
        return None
    version = scene.context.health.version or ""
    how = Text(f"Mean of what is known, by weight.{_left_out(scene)} Formula {version}.", "muted")
    bars = tuple(_bar(scene, part) for part in parts)
    return Section("health", "How health is made up", (*bars, how), folded=True)


health = ViewSection("health", "Health", ("health.",), _build)
