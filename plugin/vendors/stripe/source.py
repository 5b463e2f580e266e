"""Read from Stripe what an account pays: subscriptions, open invoices, plan and seats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from plugin.errors import Problem, UpstreamError, UpstreamNotFound, UpstreamRefused
from plugin.settings.secrets import Secret
from plugin.sources.billing.pages import Body, Listed, joined
from plugin.upstream import AccountRef, BadValue, Facts, Identity, Link, Upstream
from plugin.vendors.stripe.facts import StripeAnswer, read
from plugin.vendors.stripe.pages import (
    CUSTOMER,
    customer_by_id,
    customers_by_email,
    customers_of,
    list_all,
    owned,
)
from plugin.vendors.stripe.parts import complete

DOCS = "https://docs.stripe.com/api"
BASE = "https://api.stripe.com"
VERSION = "2026-09-30.endive"  # pinned on every call: https://docs.stripe.com/api/versioning
NEEDED = ("customers", "subscriptions", "invoices", "prices", "products", "coupons")
EXPAND = ("data.discounts.source.coupon", "data.items.data.discounts", "data.schedule")
OF_INVOICES = ("invoices", "contract.in_dunning", "contract.payment_status")
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
        "contract.is_usage_based",
        "contract.changes",
        "invoices",
    }
)


class StripeOptions(Schema):
    """The settings of one connection of kind `stripe`."""

    key = Secret(
        required=True,
        validate=validate.Regexp(
            r"^(rk|sk)_", error="write a restricted key (rk_…): its rights are read only"
        ),
    )
    account = fields.String(
        validate=validate.Regexp(r"^acct_\w+$", error="write a connected account (acct_…)")
    )
    seat_prices = fields.List(
        fields.String(
            validate=validate.Regexp(
                r"^(price|prod|plan)_\w+$", re.ASCII, error="write price_… or prod_…"
            )
        ),
        load_default=list,
    )


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials and the pinned version, which every call carries."""
    plain = {"Authorization": f"Bearer {options['key']}", "Stripe-Version": VERSION}
    return plain | ({"Stripe-Account": options["account"]} if options.get("account") else {})


def _with_customer(body: Body, customer: Body) -> Body:
    """Return a subscription with its customer's discount, which may reach it."""
    if customer.get("discount") is None:
        return body
    return {**body, "customer": {"id": customer["id"], "discount": customer["discount"]}}


def _subscriptions(link: Link, customer: Body) -> Listed:
    key = str(customer["id"])
    params = [("customer", key), ("status", "all")]
    listed = owned(list_all(link.client, "/v1/subscriptions", params, EXPAND), key)
    rows = [_with_customer(body, customer) for body in listed.rows]
    return Listed(complete(rows, link.client), listed.is_partial)


def _invoices(link: Link, customer: Body) -> Listed:
    key = str(customer["id"])
    params = [("customer", key), ("status", "open")]
    return owned(list_all(link.client, "/v1/invoices", params), key)


def _without_invoices(facts: Facts) -> Facts:
    """Return the facts of a key that may not read invoices: what they tell is refused."""
    told = [path for path in OF_INVOICES if path not in facts.values]
    why = "the key may not read invoices"
    return replace(facts, bad=tuple(BadValue(path, "invoices", why, "refused") for path in told))


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what Stripe says of one account, over all of its customers."""
    customers = customers_of(ref, link)
    if not customers:
        raise UpstreamNotFound("Stripe has no customer for this account")
    ids = frozenset(str(customer["id"]) for customer in customers)
    return replace(_paid(customers, link), ids=ids)


def _paid(customers: Sequence[Body], link: Link) -> Facts:
    subscriptions = joined([_subscriptions(link, customer) for customer in customers])
    seats = link.options.get("seat_prices") or ()
    try:
        invoices = joined([_invoices(link, customer) for customer in customers])
    except UpstreamRefused:
        return _without_invoices(read(StripeAnswer(subscriptions, None), seats, link.now))
    return read(StripeAnswer(subscriptions, invoices), seats, link.now)


def _account(customers: list[Body], link: Link) -> tuple[AccountRef, ...]:
    """Return one account for these customers: its id names them all, as their sums are added."""
    if not customers:
        return ()
    ordered = sorted(customers, key=lambda body: (str(body.get("created")), str(body.get("id"))))
    key = ",".join(str(body.get("id")) for body in ordered)
    emails = dict.fromkeys(str(body["email"]) for body in ordered if body.get("email"))
    title = next((str(body["name"]) for body in ordered if body.get("name")), None)
    named = title or next(iter(emails), key)
    return (AccountRef(key, named, emails=tuple(emails), external_ids={link.name: key}),)


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the account of customer ids or of an e-mail address; Stripe knows no others."""
    if identity.by == "contact_email":
        return _account(customers_by_email(link, identity.value), link)
    ids = identity.value.split(",")
    if identity.by != "external_id" or not all(CUSTOMER.fullmatch(key) for key in ids):
        return ()
    known = [customer_by_id(link, key) for key in ids]
    return _account([customer for customer in known if customer is not None], link)


def _problem(link: Link, what: str) -> Problem | None:
    key = f"upstreams.{link.name}"
    try:
        link.client.get(f"/v1/{what}", [("limit", "1")])
    except UpstreamRefused:
        hint = f"give the restricted key the right to read {what}"
        return Problem(f"{key}.key", f"Stripe refuses this key for {what}", hint)
    except UpstreamError as error:
        return Problem(key, f"Stripe did not answer for {what}: {error}", "see status.stripe.com")
    return None


def check(link: Link) -> tuple[Problem, ...]:
    """Return what the key may not read, of all that is read."""
    found = (_problem(link, what) for what in NEEDED)
    return tuple(problem for problem in found if problem is not None)


stripe = Upstream(
    name="stripe",
    title="Stripe",
    docs_url=DOCS,
    options=StripeOptions,
    supplies=SUPPLIES,
    fetch=fetch,
    find=find,
    check=check,
    base_url=lambda _options: BASE,
    headers=headers,
    hosts=("api.stripe.com",),
    rate=25.0,  # of one endpoint: https://docs.stripe.com/rate-limits
    hook="stripe",
)
