"""What stands out: at most three lamps, each with its numbers, its play and why it is lit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from plugin.account.context import Gap
from plugin.account.fact import Field
from plugin.account.money import Money
from plugin.account.vocabulary import FIELDS
from plugin.account.words import FEEDBACK
from plugin.rules.rules import Notes
from plugin.view.section import Scene, ViewSection, source_name
from plugin.view.signal_view import Reason, Seen
from widgets.widget import Action, Component, More, Notice, Row, Section, SignalCard, Text
from widgets.widget import Link as WidgetLink
from widgets.widget import Reason as ShownReason

_OWNERS = {
    "agent": "agent",
    "csm": "CSM",
    "ae": "account executive",
    "finance": "finance",
    "cs_ops": "CS operations",
    "admin": "admin",
}
_WARNING = ("medium", "low", "info")


def _lamp(seen: Seen) -> tuple[str, str]:
    """Return the tone of a lamp and the word that says the same."""
    signal = seen.signal
    if signal.kind == "expansion":
        return "growth", "Room to grow"
    if signal.kind == "hygiene":
        return "warning", "Data to mend"
    name = "Competitor" if signal.kind == "competitive" else f"{signal.severity.capitalize()} risk"
    return ("warning" if signal.severity in _WARNING else "risk"), name


def _label(path: str) -> str:
    field: Field | None = FIELDS.get(path)
    if path.startswith("params."):
        return path.removeprefix("params.").replace("_", " ").capitalize() + " (setting)"
    return field.meaning.label if field else path.replace("[].", " ").replace("_", " ")


def _value(scene: Scene, value: Any) -> str:
    words = scene.wording
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return words.exact_money(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, (int, float)):
        return words.number(round(value, 2))
    return str(value)


def _fact(scene: Scene, path: str, value: Any) -> Row:
    source = scene.context.sources.get(path)
    note = f"{source_name(source.upstream)}, {scene.wording.age(source.as_of)}" if source else ""
    return Row(_label(path), _value(scene, value), note)


def _item(scene: Scene, item_id: str) -> WidgetLink | Text:
    """Return an item that decided: a ticket by its subject and link, a mention by its words."""
    for ticket in scene.context.tickets or ():
        if ticket.id == item_id:
            text = f"{item_id} · {ticket.subject}" if ticket.subject else item_id
            return WidgetLink(text, ticket.url) if ticket.url else Text(text)
    for mention in scene.context.mentions or ():
        if mention.id == item_id:
            words = f"“{mention.quote}”" if mention.quote else (mention.kind or "mention")
            return Text(f"{mention.ticket_id} · {words}" if mention.ticket_id else words)
    return Text(item_id)


def _gap(gap: Gap) -> Text:
    source, reason = source_name(gap.upstream), gap.reason.replace("_", " ")
    return Text(f"Missing: {_label(gap.field)} ({source}, {reason})")


def _reason(scene: Scene, reason: Reason) -> ShownReason:
    # A named part of the rule reads as words; code is for `sidelight rules explain`.
    text = (reason.definition or "what decided").replace("_", " ").capitalize()
    return ShownReason(
        text,
        tuple(_fact(scene, path, value) for path, value in reason.read.items()),
        (*(_item(scene, item) for item in reason.items), *(_gap(gap) for gap in reason.missing)),
    )


def _reasons(scene: Scene, seen: Seen) -> tuple[ShownReason, ...]:
    """Return the reasons, the conditions of one named definition together."""
    found: dict[str, ShownReason] = {}
    for part in seen.because:
        new = _reason(scene, part)
        old = found.get(new.text, ShownReason(new.text))
        facts = tuple(dict.fromkeys((*old.facts, *new.facts)))
        items = tuple(dict.fromkeys((*old.items, *new.items)))
        found[new.text] = ShownReason(new.text, facts, items)
    return tuple(found.values())


def _since(scene: Scene, seen: Seen) -> str:
    """Return for how long the signal is lit, as far as anybody looked."""
    since = seen.signal.since
    if since is None:
        return ""
    days = -scene.wording.days_until(since)
    if days <= 0:
        return "new today"
    return "lit since yesterday" if days == 1 else f"lit for {scene.wording.number(days)} days"


def _actions(scene: Scene, seen: Seen) -> tuple[Action, ...]:
    """Return what this viewer may say of the signal, where it can be kept."""
    if scene.rules is None or not seen.signal.tracked:
        return ()
    rule, name = scene.rules.rule(seen.signal.rule), seen.signal.rule
    said = [Action("feedback", word.capitalize(), f"{name}:{word}") for word in FEEDBACK]
    notes = rule.notes if rule else Notes()
    if notes.snooze_roles and scene.viewer.role not in notes.snooze_roles:
        return tuple(said)
    days = [
        days
        for days in (1, 7, 30)
        if notes.snooze_max is None or timedelta(days=days) <= notes.snooze_max
    ]
    labels = {1: "1 day", 7: "7 days", 30: "30 days"}
    return (*said, *(Action("snooze", labels[one], f"{name}:{one}") for one in days))


def _card(scene: Scene, seen: Seen) -> SignalCard:
    tone, word = _lamp(seen)
    owner = seen.text.owner
    play_for = "" if owner == scene.viewer.role else _OWNERS.get(owner, owner)
    return SignalCard(
        rule=seen.signal.rule,
        tone=tone,
        word=word,
        headline=seen.text.headline,
        detail=seen.text.detail,
        play=seen.text.play,
        owner=play_for,
        since=_since(scene, seen),
        reasons=_reasons(scene, seen),
        actions=_actions(scene, seen),
    )


def _not_judged(scene: Scene) -> Notice | None:
    named = scene.signals.unknown
    if not named:
        return None
    count = scene.signals.not_judged
    many = "check" if count == 1 else "checks"
    return Notice(f"{count} {many} could not run. {named[0].text.headline}", "muted")


def _build(scene: Scene) -> Section:
    signals = scene.signals
    components: list[Component] = [_card(scene, seen) for seen in signals.shown]
    if signals.more:
        rest = tuple(_card(scene, seen) for seen in signals.more)
        components.append(More(f"+{len(rest)} more", rest))
    if not components:
        components.append(Text(signals.summary(), "muted"))
    return Section("signals", "", tuple(components), _not_judged(scene))


signals = ViewSection("signals", "Signals", ("account.tier",), _build)
