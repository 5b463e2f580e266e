"""The settings that every connection to a ticket system has: what its own words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from plugin.account.words import TICKET_KIND
from plugin.sources.ticketing.raw import RawTicket

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z"
_TAG = fields.String(validate=validate.Length(min=1))


def subdomain(host: str) -> fields.String:
    """Return the setting for what stands before the host that all customers of a vendor share."""
    error = f'write what stands before .{host}, such as "acme"'
    return fields.String(required=True, validate=validate.Regexp(_LABEL, error=error))


class TicketOptions(Schema):
    """What tags and kinds mean in one company's ticket system."""

    escalated_tags = fields.List(_TAG, load_default=list)
    sla_breached_tags = fields.List(_TAG, load_default=list)
    automatic_tags = fields.List(_TAG, load_default=list)
    kinds = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.OneOf(TICKET_KIND)),
        load_default=dict,
    )


def kind_of(said: Any, usual: Mapping[str, str], options: Mapping[str, Any]) -> str | None:
    """Return our word for a system's kind of ticket, None where there is none for it.

    The connection's own `kinds` count before the usual ones; case does not matter.
    """
    if not isinstance(said, str):
        return None
    known = {theirs.casefold(): ours for theirs, ours in {**usual, **options["kinds"]}.items()}
    return known.get(said.strip().casefold())


def kind_by_tag(tags: Any, options: Mapping[str, Any]) -> str | None:
    """Return our word for the first tag that the connection's `kinds` names: its own words."""
    found = (kind_of(tag, {}, options) for tag in (tags if isinstance(tags, list) else ()))
    return next((kind for kind in found if kind is not None), None)


def _has(raw: RawTicket, tags: list[str]) -> bool | None:
    """Say whether a ticket carries one of `tags`; None where nothing can be said."""
    if not tags or not isinstance(raw.tags, list):
        return None
    wanted = {tag.casefold() for tag in tags}
    return any(isinstance(tag, str) and tag.casefold() in wanted for tag in raw.tags)


def is_escalated(raw: RawTicket, options: Mapping[str, Any]) -> Any:
    """Return what the system says of an escalation, else what the tags say."""
    return _has(raw, options["escalated_tags"]) if raw.escalated is None else raw.escalated


def is_breached(raw: RawTicket, options: Mapping[str, Any]) -> Any:
    """Return what the system says of its SLA, else what the tags say."""
    return _has(raw, options["sla_breached_tags"]) if raw.sla_breached is None else raw.sla_breached


def is_automatic(raw: RawTicket, options: Mapping[str, Any]) -> bool:
    """Say whether a machine opened the ticket, as the system or its tags say."""
    return raw.is_automatic or bool(_has(raw, options["automatic_tags"]))
