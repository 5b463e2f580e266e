"""What HubSpot's properties mean: the usual mapping, and what follows from several of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from plugin.sources.crm import text
from plugin.sources.mapping.mapped import Mapped
from plugin.sources.mapping.options import entries
from plugin.sources.mapping.reading import PropertyPlace, read_items
from plugin.sources.tabular.found import RowFindings
from plugin.vendors.hubspot.api import Read, Record, properties

COMPANY = entries(
    {
        "account.name": "name",
        "account.domain": "domain",
        "account.industry": "industry",
        "account.country": "country",
        "account.region": "state",
        "account.city": "city",
        "account.employees": "numberofemployees",
        "account.annual_revenue": "annualrevenue",
        "account.parent_id": "hs_parent_company_id",
        "account.children": "hs_num_child_companies",
        "outreach.last_csm_touch_at": "notes_last_contacted",
    }
)
CONTACT = entries(
    {
        "id": "hs_object_id",
        "email": "email",
        "title": "jobtitle",
        "name": "sidelight:name",
        "role": "sidelight:role",
        "is_champion": "sidelight:champion",
        "bounced": "sidelight:bounced",
    },
    "contacts",
)
DEAL = entries(
    {
        "id": "hs_object_id",
        "name": "dealname",
        "stage": "dealstage",
        "close_at": "closedate",
        "amount": {"from": "amount", "currency_from": "sidelight:currency"},
        "kind": "sidelight:kind",
        "status": "sidelight:status",
    },
    "deals",
)
# What the properties that start with "sidelight:" are made of.
BEHIND = {
    "contacts": ("firstname", "lastname", "hs_buying_role", "hs_email_hard_bounce_reason_enum"),
    "deals": ("dealtype", "deal_currency_code", "hs_is_closed", "hs_is_closed_won"),
}
# https://knowledge.hubspot.com/properties/hubspots-default-contact-properties
_ROLES = {
    "EXECUTIVE_SPONSOR": "executive_sponsor",
    "BUDGET_HOLDER": "economic_buyer",
    "DECISION_MAKER": "economic_buyer",
    "END_USER": "user",
}
_KINDS = {"newbusiness": "new", "existingbusiness": "expansion"}


def wanted(kind: str, mapped: Sequence[Mapped]) -> tuple[str, ...]:
    """Return the properties to ask for, so that every entry of the mapping can be read."""
    named = [name for one in mapped for name in (one.source, one.currency_from) if name]
    real = [name for name in named if not name.startswith("sidelight:")]
    return tuple(dict.fromkeys((*real, *BEHIND.get(kind, ()))))


def person(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contact's properties with name, role and bounce made of several of them."""
    name = " ".join(
        part for part in (text(said.get("firstname")), text(said.get("lastname"))) if part
    )
    roles = text(said.get("hs_buying_role")).split(";")
    return {
        **said,
        "sidelight:name": name,
        "sidelight:role": next((_ROLES[role] for role in roles if role in _ROLES), None),
        "sidelight:champion": True if "CHAMPION" in roles else None,
        "sidelight:bounced": True if said.get("hs_email_hard_bounce_reason_enum") else None,
    }


def _status(said: Mapping[str, Any]) -> str | None:
    if text(said.get("hs_is_closed_won")) == "true":
        return "won"
    return {"true": "lost", "false": "open"}.get(text(said.get("hs_is_closed")))


def deal(said: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return a deal's properties with its status, kind and currency."""
    return {
        **said,
        "sidelight:status": _status(said),
        "sidelight:kind": _KINDS.get(text(said.get("dealtype"))),
        "sidelight:currency": text(said.get("deal_currency_code")) or currency,
    }


def read_list(root: str, mapped: Sequence[Mapped], rows: Read, place: PropertyPlace) -> RowFindings:
    """Return contacts or deals, typed."""
    plain = [properties(row) for row in rows.records]
    full = [person(said) if root == "contacts" else deal(said, place.currency) for said in plain]
    found = read_items(root, mapped, [said.get for said in full], place)
    more = frozenset([root] if rows.is_partial else [])
    return replace(found, partial=found.partial | more)


def is_merged_into(record: Record, key: str) -> bool:
    """Say whether the record is what became of `key`: HubSpot answers a merged id so."""
    merged = text(record["properties"].get("hs_merged_object_ids"))
    return key in merged.split(";")
