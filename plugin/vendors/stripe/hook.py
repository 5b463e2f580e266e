"""Hear from Stripe which customer changed: https://docs.stripe.com/api/events/object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.frame import SignedRequest
from plugin.hook import Hook, HookEvent, words
from plugin.incoming.json_body import at, email_at, object_of, text_at
from plugin.proofs.timestamped import prove_timestamped, time_of

DOCS = "https://docs.stripe.com/webhooks"
SIGNATURE = "stripe-signature"
SECRET = "whsec_"  # noqa: S105  how Stripe's endpoint secrets begin, not a secret
# What the connector reads: without a customer, a change of these may concern every account.
THIN = "v1."  # before the type where an event is sent without its object
READ = ("customer.", "invoice.", "subscription_schedule.", "price.", "product.", "plan.", "coupon.")


def verify(request: SignedRequest, secrets: Sequence[str]) -> None:
    """Prove time and raw body."""
    prove_timestamped(request.headers.get(SIGNATURE), request, secrets)


def _customer(thing: Any) -> str | None:
    """Return the customer's id: of itself, or as another object names it, expanded or not."""
    if text_at(thing, "object") == "customer":
        return text_at(thing, "id")
    return text_at(thing, "customer") or text_at(thing, "customer", "id")


def _about(body: Mapping[str, Any]) -> tuple[str, ...]:
    thing, before = at(body, "data", "object"), at(body, "data", "previous_attributes")
    thin = at(body, "related_object")
    of_thin = text_at(thin, "id") if text_at(thin, "type") == "customer" else None
    if text_at(thing, "object") != "customer":
        return words(_customer(thing), of_thin)
    # An address leads to accounts that no id is kept for.
    return words(_customer(thing), email_at(thing, "email"), email_at(before, "email"))


def read(body: Any) -> tuple[HookEvent, ...]:
    """Return whose customer an event is about; catalogue changes concern everybody."""
    told = object_of(body)
    kind, about = (text_at(told, "type") or "").removeprefix(THIN), _about(told)
    if kind and not about and not kind.startswith(READ):
        return ()  # a payout, a dispute, …: nothing that is read here
    return (HookEvent(text_at(told, "id") or "", about),)


def fault(secret: str) -> str | None:
    """Return what is wrong where another of Stripe's keys was copied."""
    return None if secret.startswith(SECRET) else "is no signing secret of a Stripe endpoint"


stripe = Hook(
    name="stripe",
    title="Stripe",
    docs_url=DOCS,
    verify=verify,
    read=read,
    fault=fault,
    time=lambda request: time_of(request.headers.get(SIGNATURE)),
)
