"""Ask Stripe: all pages of a list, expanded where the version can, and whose records they are.

https://docs.stripe.com/api/pagination
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from plugin.errors import UpstreamBroken, UpstreamNotFound, UpstreamUnset
from plugin.sources.billing.pages import MAX_EMAILS, MAX_PAGES, PAGE, Body, Listed
from plugin.upstream import AccountRef, Client, Link

CUSTOMER = re.compile(r"cus_[A-Za-z0-9_]{1,64}")

Params = Sequence[tuple[str, str]]


def _expanded(names: Iterable[str]) -> list[tuple[str, str]]:
    return [("expand[]", name) for name in names]


def ask(client: Client, path: str, params: Params, expand: Sequence[str]) -> Any:
    """Return an answer with its parts expanded, or without where the version refuses to."""
    try:
        return client.get(path, [*params, *_expanded(expand)])
    except UpstreamBroken:  # a 400: this version has no such part
        if not expand:
            raise
        return client.get(path, params)


def _rows(page: Any, path: str) -> list[Body]:
    rows = page.get("data") if isinstance(page, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UpstreamBroken(f"Stripe answered {path} with something that is no list")
    return rows


def list_all(client: Client, path: str, params: Params = (), expand: Sequence[str] = ()) -> Listed:
    """Return the records of all pages, at most MAX_PAGES of them; each id once."""
    found: dict[str, Body] = {}
    cursor: list[tuple[str, str]] = []
    for _ in range(MAX_PAGES):
        page = ask(client, path, [*params, ("limit", str(PAGE)), *cursor], expand)
        rows = _rows(page, path)
        fresh = {str(row.get("id")): row for row in rows if str(row.get("id")) not in found}
        found |= fresh
        if page.get("has_more") is not True:
            return Listed(tuple(found.values()))
        if not fresh:  # the cursor does not move: asking on would never end
            break
        cursor = [("starting_after", str(rows[-1].get("id")))]
    return Listed(tuple(found.values()), is_partial=True)


def retrieve(client: Client, path: str, key: str, expand: Sequence[str] = ()) -> Body:
    """Return one record; what answers with another id is refused, not shown."""
    body = ask(client, f"{path}/{quote(key, safe='')}", (), expand)
    if not isinstance(body, Mapping) or body.get("id") != key:
        raise UpstreamBroken(f"Stripe answered {path} with another record than the one asked for")
    return body


def customer_by_id(link: Link, key: str) -> Body | None:
    """Return a customer, None for one that was deleted or never was."""
    try:
        body = retrieve(link.client, "/v1/customers", key, ["discount.source.coupon"])
    except UpstreamNotFound:
        return None
    return None if body.get("deleted") is True else body


def customers_by_email(link: Link, email: str) -> list[Body]:
    """Return every customer of an address: Stripe compares it letter by letter, in its case.

    https://docs.stripe.com/api/customers/list#list_customers-email
    """
    found: dict[str, Body] = {}
    for spelling in dict.fromkeys((email, email.lower())):
        expand = ["data.discount.source.coupon"]
        for row in list_all(link.client, "/v1/customers", [("email", spelling)], expand).rows:
            if str(row.get("email")).lower() != email.lower():
                raise UpstreamBroken("Stripe answered with a customer of another address")
            if not isinstance(row.get("id"), str):
                raise UpstreamBroken("Stripe answered with a customer that has no id")
            found[row["id"]] = row
    return list(found.values())


def _named(ref: AccountRef, link: Link) -> list[str]:
    """Return the customer ids that the system of record keeps for this connection."""
    ids = re.split(r"[\s,;]+", ref.external_ids.get(link.name, "").strip())
    unusable = [key for key in ids if key and not CUSTOMER.fullmatch(key)]
    if unusable:
        raise UpstreamUnset("The account's billing id is no Stripe customer id (cus_…)")
    return [key for key in ids if key]


def customers_of(ref: AccountRef, link: Link) -> list[Body]:
    """Return the account's customers: by their ids where known, else by its people's addresses."""
    ids = _named(ref, link)
    if ids:
        known = [customer_by_id(link, key) for key in dict.fromkeys(ids)]
        return [customer for customer in known if customer is not None]
    found: dict[str, Body] = {}
    for email in ref.emails[:MAX_EMAILS]:
        found |= {str(row.get("id")): row for row in customers_by_email(link, email)}
    return list(found.values())


def owned(listed: Listed, customer: str) -> Listed:
    """Return the list if all of it belongs to this customer; refuse it otherwise."""
    for row in listed.rows:
        owner = row.get("customer")
        if (owner.get("id") if isinstance(owner, Mapping) else owner) != customer:
            raise UpstreamBroken("Stripe answered with a record of another customer")
    return listed
