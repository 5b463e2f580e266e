"""What a viewer may see, as the texts of signals ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from plugin.account.context import AccountContext
from plugin.account.money import Money
from plugin.account.support import Ticket
from plugin.account.tickets import about
from plugin.rules.binding import Binding
from plugin.rules.conversion import Moment
from plugin.rules.formats import Hidden
from plugin.rules.rendering import Shown, Values
from plugin.rules.schema import FieldSpec, Schema, spec_at


def _natural(value: Any, spec: FieldSpec | None) -> Shown:
    """Return a bound value as people count it: a date is a day, not its midnight."""
    if isinstance(value, datetime) and spec is not None and spec.unit == "date":
        return value.date()
    return value


def binding_values(binding: Binding, moment: Moment) -> Values:
    """Return everything that is bound: for tests, where nobody is kept from anything."""
    schema = binding.schema

    def field(path: str) -> Shown:
        return _natural(binding.values.get(path), schema.get(path))

    def item(path: str, record: Mapping[str, object], name: str) -> Shown:
        return _natural(record.get(name), spec_at(schema, f"{path}[].{name}"))

    zone = ZoneInfo(moment.zone)
    return Values(field, item, binding.today.date(), zone, moment.currency)


def _attribute(context: AccountContext, path: str) -> Shown:
    root, _, name = path.partition(".")
    value: Any = context.custom.get(name) if root == "custom" else context
    for part in () if root == "custom" else path.split("."):
        value = getattr(value, part, None)
    return value


def _original(
    context: AccountContext, path: str, record: Mapping[str, object], name: str
) -> Money | None:
    """Return an item's amount as its source gave it: rules read it in the workspace's currency."""
    items = _attribute(context, path)
    for item in items if isinstance(items, tuple) else ():
        amount = getattr(item, name, None)
        if isinstance(amount, Money) and getattr(item, "id", None) == record.get("id"):
            return amount
    return None


def _topic(path: str, record: Mapping[str, object]) -> str | None:
    """Return what stands for a ticket's subject that is withheld: what it is about, in a word."""
    if path != "tickets[].subject":
        return None
    component, topics = record.get("component"), record.get("topics")
    return about(
        Ticket(
            component=component if isinstance(component, str) else None,
            topics=tuple(map(str, topics)) if isinstance(topics, list | tuple) else None,
        )
    )


def is_withheld(path: str, withheld: frozenset[str]) -> bool:
    """Return whether a path, or the record that it belongs to, is kept from this viewer."""
    outer = path.partition("[]")[0]
    return path in withheld or outer in withheld or outer.rpartition(".")[0] in withheld


def viewer_values(
    context: AccountContext,
    schema: Schema,
    moment: Moment,
    bands: Mapping[str, str] | None = None,
) -> Values:
    """Return what the viewer of a redacted context may see.

    `context.withheld` names what was taken out, fields of items as `invoices[].amount`; an
    amount among them reads as its band, from `bands` or from the context.
    """
    withheld = frozenset(entry.field for entry in context.withheld)
    named = {entry.field: entry.band for entry in context.withheld if entry.band is not None}
    shown_bands = {**named, **(bands or {})}

    def field(path: str) -> Shown:
        if is_withheld(path, withheld):
            return Hidden(shown_bands.get(path))
        return _attribute(context, path)

    def item(path: str, record: Mapping[str, object], name: str) -> Shown:
        inner = f"{path}[].{name}"
        if is_withheld(inner, withheld):
            return Hidden(shown_bands.get(inner) or _topic(inner, record))
        spec = spec_at(schema, inner)
        if spec is not None and spec.unit == "money":
            return _original(context, path, record, name) or record.get(name)
        return _natural(record.get(name), spec)

    return Values(field, item, moment.today().date(), ZoneInfo(moment.zone), moment.currency)


def visible_read(read: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """Return what a condition read as this viewer may see it: a band where it is withheld."""
    return {path: _visible(path, value, values) for path, value in read.items()}


def _visible(path: str, value: Any, values: Values) -> Any:
    seen = values.field(path) if "." in path and not path.startswith("params.") else value
    if isinstance(seen, Hidden):
        return seen.band or "withheld"
    return value
