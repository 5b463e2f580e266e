"""What Salesforce's fields mean: the usual mapping, and what follows from several of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from plugin.sources.mapping.mapped import Entries, Mapped
from plugin.sources.mapping.options import entries
from plugin.sources.mapping.reading import place_of, read_items
from plugin.sources.tabular.found import RowFindings
from plugin.upstream import Link
from plugin.vendors.salesforce.soql import Record, all_records, dotted

ACCOUNT = entries(
    {
        "account.name": "Name",
        "account.industry": "Industry",
        "account.country": "BillingCountry",
        "account.region": "BillingState",
        "account.city": "BillingCity",
        "account.employees": "NumberOfEmployees",
        "account.annual_revenue": "AnnualRevenue",
        "account.parent_id": "ParentId",
        "account.ae.name": "Owner.Name",
        "account.ae.email": "Owner.Email",
    }
)
CONTACT = entries({"id": "Id", "name": "Name", "email": "Email", "title": "Title"}, "contacts")
DEAL = entries(
    {
        "id": "Id",
        "name": "Name",
        "stage": "StageName",
        "amount": "Amount",
        "close_at": "CloseDate",
        "kind": "sidelight:kind",
        "status": "sidelight:status",
    },
    "deals",
)
RELATIONS = {"contacts": "Contacts", "deals": "Opportunities"}
BEHIND = {"deals": ("Type", "IsClosed", "IsWon")}
MOST = 101  # one more than is kept, so that a longer list is known to be longer
# The values that an org starts with; deal_fields translates its own.
_KINDS = {
    "New Business": "new",
    "New Customer": "new",
    "Existing Business": "expansion",
    "Existing Customer - Upgrade": "expansion",
    "Existing Customer - Replacement": "expansion",
    "Renewal": "renewal",
}


def wanted(root: str, mapped: Sequence[Mapped]) -> tuple[str, ...]:
    """Return the fields to ask for, so that every entry of the mapping can be read."""
    named = [name for one in mapped for name in (one.source, one.currency_from) if name]
    real = [name for name in named if not name.startswith("sidelight:")]
    return tuple(dict.fromkeys(("Id", *real, *BEHIND.get(root, ()))))


def _status(record: Record) -> str | None:
    if record.get("IsWon") is True:
        return "won"
    closed = record.get("IsClosed")
    return ("lost" if closed else "open") if isinstance(closed, bool) else None


def deal(record: Record) -> Callable[[str], Any]:
    """Return an opportunity's fields with its kind and status."""
    kind = record.get("Type")
    made: Mapping[str, Any] = {
        "sidelight:kind": _KINDS.get(kind) if isinstance(kind, str) else None,
        "sidelight:status": _status(record),
    }
    said = dotted(record)
    return lambda name: made[name] if name in made else said(name)


def with_currency(mapped: Entries, link: Link) -> Entries:
    """Return the entries whose amounts are in the record's own currency, where orgs have many."""
    if not link.options["multi_currency"]:
        return mapped
    return tuple(
        Mapped(one.path, one.source, one.column, currency_from="CurrencyIsoCode")
        if one.column.kind == "money" and one in (*ACCOUNT, *DEAL)
        else one
        for one in mapped
    )


def read_list(link: Link, account: Record, root: str, mapped: Entries) -> RowFindings:
    """Return the people or the opportunities that came with an account."""
    page = account.get(RELATIONS[root])
    rows, is_cut = all_records(link, page) if page is not None else ([], False)
    said = [deal(row) if root == "deals" else dotted(row) for row in rows]
    found = read_items(root, mapped, said, place_of(link, "Salesforce"))
    partial = found.partial | (frozenset([root]) if is_cut else frozenset())
    return replace(found, partial=partial)
