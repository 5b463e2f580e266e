"""Read from Chargebee what an account pays: its own MRR and ARR, open invoices, plan and seats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from marshmallow import Schema, fields, validate

from plugin.errors import (
    Problem,
    UpstreamBroken,
    UpstreamError,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamUnset,
)
from plugin.proofs.basic import basic
from plugin.settings.secrets import Secret
from plugin.sources.billing.pages import MAX_EMAILS, MAX_PAGES, PAGE, Body, Listed, joined
from plugin.upstream import AccountRef, Facts, Identity, Link, Upstream
from plugin.vendors.chargebee.facts import ChargebeeAnswer, read

DOCS = "https://apidocs.chargebee.com/docs/api"
API = "/api/v2"
NEEDED = ("customers", "subscriptions", "invoices")
CUSTOMER = re.compile(r"[A-Za-z0-9_\-]{1,50}")
UNPAID = '["payment_due","not_paid"]'
SUPPLIES = frozenset(
    {
        "contract.plan",
        "contract.arr",
        "contract.mrr",
        "contract.billing_arr",
        "contract.renewal_at",
        "contract.billing_renewal_at",
        "contract.ends_at",
        "contract.started_at",
        "contract.trial_ends_at",
        "contract.seats_paid",
        "contract.billing_seats",
        "contract.payment_status",
        "contract.in_dunning",
        "contract.changes",
        "invoices",
    }
)


class ChargebeeOptions(Schema):
    """The settings of one connection of kind `chargebee`."""

    site = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
            error="write the site's name only: acme for acme.chargebee.com",
        ),
    )
    key = Secret(required=True)
    seat_prices = fields.List(fields.String(validate=validate.Length(min=1)), load_default=list)


def base_url(options: Mapping[str, Any]) -> str:
    """Return the site's address."""
    return f"https://{options['site']}.chargebee.com"


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the key as the user of basic authentication, with an empty password.

    https://apidocs.chargebee.com/docs/api/auth
    """
    return basic(options["key"], "")


def _rows(page: Any, what: str) -> list[Body]:
    """Return the records of a page, each of which stands in an entry beside others."""
    entries = page.get("list") if isinstance(page, Mapping) else None
    if not isinstance(entries, list):
        raise UpstreamBroken(f"Chargebee answered {what}s with something that is no list")
    rows = [entry.get(what) for entry in entries if isinstance(entry, Mapping)]
    found = [row for row in rows if isinstance(row, Mapping)]
    if len(found) != len(entries):
        raise UpstreamBroken(f"Chargebee listed something that is no {what}")
    return found


def _list_all(link: Link, what: str, params: list[tuple[str, str]]) -> Listed:
    """Return the records of all pages, at most MAX_PAGES of them; each id once.

    https://apidocs.chargebee.com/docs/api/list-ops
    """
    found: dict[str, Body] = {}
    offset: list[tuple[str, str]] = []
    for _ in range(MAX_PAGES):
        asked = [*params, ("limit", str(PAGE)), *offset]
        page = link.client.get(f"{API}/{what}s", asked)
        fresh = {str(row.get("id")): row for row in _rows(page, what)}
        is_new = bool(fresh.keys() - found.keys())
        found |= fresh
        following = page.get("next_offset")
        if not following:
            return Listed(tuple(found.values()))
        if not is_new:  # the offset does not move: asking on would never end
            break
        offset = [("offset", str(following))]
    return Listed(tuple(found.values()), is_partial=True)


def _of_customer(link: Link, what: str, key: str, more: list[tuple[str, str]]) -> Listed:
    listed = _list_all(link, what, [("customer_id[is]", key), *more])
    if any(row.get("customer_id") != key for row in listed.rows):
        raise UpstreamBroken("Chargebee answered with a record of another customer")
    return listed


def _customer(link: Link, key: str) -> Body | None:
    try:
        body = link.client.get(f"{API}/customers/{quote(key, safe='')}")
    except UpstreamNotFound:
        return None
    customer = body.get("customer") if isinstance(body, Mapping) else None
    if not isinstance(customer, Mapping) or customer.get("id") != key:
        raise UpstreamBroken("Chargebee answered with another customer than the one asked for")
    return None if customer.get("deleted") is True else customer


def _by_email(link: Link, email: str) -> list[Body]:
    found: dict[str, Body] = {}
    for spelling in dict.fromkeys((email, email.lower())):
        for row in _list_all(link, "customer", [("email[is]", spelling)]).rows:
            if str(row.get("email")).lower() != email.lower():
                raise UpstreamBroken("Chargebee answered with a customer of another address")
            if not isinstance(row.get("id"), str):
                raise UpstreamBroken("Chargebee answered with a customer that has no id")
            found[row["id"]] = row
    return list(found.values())


def _ids(ref: AccountRef, link: Link) -> list[str]:
    """Return the account's customer ids: as kept for this connection, else by its people."""
    named = [key for key in re.split(r"[\s,;]+", ref.external_ids.get(link.name, "")) if key]
    if not all(CUSTOMER.fullmatch(key) for key in named):
        raise UpstreamUnset("The account's billing id is no Chargebee customer id")
    if named:
        known = [_customer(link, key) for key in dict.fromkeys(named)]
        return [str(customer["id"]) for customer in known if customer is not None]
    people = [row for email in ref.emails[:MAX_EMAILS] for row in _by_email(link, email)]
    return list(dict.fromkeys(row["id"] for row in people))


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what Chargebee says of one account, over all of its customers."""
    ids = _ids(ref, link)
    if not ids:
        raise UpstreamNotFound("Chargebee has no customer for this account")
    unpaid = [("status[in]", UNPAID)]
    answer = ChargebeeAnswer(
        joined(_of_customer(link, "subscription", key, []) for key in ids),
        joined(_of_customer(link, "invoice", key, unpaid) for key in ids),
    )
    facts = read(answer, link.options.get("seat_prices") or (), link.now)
    return replace(facts, ids=frozenset(ids))


def _title(customer: Body) -> str:
    names = (customer.get("company"), customer.get("email"), customer.get("id"))
    return next(str(name) for name in names if name)


def _account(customers: list[Body], link: Link) -> tuple[AccountRef, ...]:
    """Return one account for these customers: its id names them all, as their sums are added."""
    if not customers:
        return ()
    key = ",".join(str(customer["id"]) for customer in customers)
    emails = dict.fromkeys(str(row["email"]) for row in customers if row.get("email"))
    named = _title(customers[0])
    return (AccountRef(key, named, emails=tuple(emails), external_ids={link.name: key}),)


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the account of customer ids or of an e-mail address."""
    if identity.by == "contact_email":
        return _account(_by_email(link, identity.value), link)
    ids = identity.value.split(",")
    if identity.by != "external_id" or not all(CUSTOMER.fullmatch(key) for key in ids):
        return ()
    known = [_customer(link, key) for key in ids]
    return _account([customer for customer in known if customer is not None], link)


def _problem(link: Link, what: str) -> Problem | None:
    key = f"upstreams.{link.name}"
    try:
        link.client.get(f"{API}/{what}", [("limit", "1")])
    except UpstreamRefused:
        hint = f"create a read-only key that may read {what}"
        return Problem(f"{key}.key", f"Chargebee refuses this key for {what}", hint)
    except UpstreamError as error:
        return Problem(f"{key}.site", f"Chargebee did not answer for {what}: {error}", "check it")
    return None


def check(link: Link) -> tuple[Problem, ...]:
    """Return what the key may not read, of all that is read."""
    found = (_problem(link, what) for what in NEEDED)
    return tuple(problem for problem in found if problem is not None)


chargebee = Upstream(
    name="chargebee",
    title="Chargebee",
    docs_url=DOCS,
    options=ChargebeeOptions,
    supplies=SUPPLIES,
    fetch=fetch,
    find=find,
    check=check,
    base_url=base_url,
    headers=headers,
    hosts=("chargebee.com",),
    rate=150 / 60,  # of the smallest plan: https://apidocs.chargebee.com/docs/api#error_handling
    per=60.0,
    hook="chargebee",
)
