"""Hear from Chargebee which customer changed: https://apidocs.chargebee.com/docs/api/events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.frame import SignedRequest
from plugin.hook import Hook, HookEvent, words
from plugin.incoming.json_body import at, email_at, object_of, text_at
from plugin.proofs.base64_text import encode
from plugin.proofs.mac import prove

DOCS = "https://www.chargebee.com/docs/billing/2.0/site-configuration/webhook_settings"
AUTHORIZATION = "authorization"
BASIC = "basic"
# What the connector reads: without a customer, a change of these may concern every account.
READ = ("customer_", "subscription_", "invoice_", "payment_", "plan_", "item_", "addon_", "coupon_")


def verify(request: SignedRequest, secrets: Sequence[str]) -> None:
    """Prove the user and password of the address; the body is signed by nobody, so only ids count.

    https://www.rfc-editor.org/rfc/rfc7617
    """
    scheme, _, given = request.headers.get(AUTHORIZATION, "").partition(" ")
    found = given.strip() if scheme.lower() == BASIC else None
    prove(found, secrets, lambda secret: encode(secret.encode()))


def _about(content: Any) -> tuple[str, ...]:
    """Return the customer, as each object of the content names it, and its address."""
    things = list(content.values()) if isinstance(content, Mapping) else []
    named = (text_at(thing, "customer_id") for thing in things)
    customer = at(content, "customer")
    return words(text_at(customer, "id"), email_at(customer, "email"), *named)


def read(body: Any) -> tuple[HookEvent, ...]:
    """Return whose customer an event is about; catalogue changes concern everybody."""
    told = object_of(body)
    kind, about = text_at(told, "event_type") or "", _about(at(told, "content"))
    if kind and not about and not kind.startswith(READ):
        return ()
    return (HookEvent(text_at(told, "id") or "", about),)


def fault(secret: str) -> str | None:
    """Return what is wrong where user and password are not both there."""
    user, colon, password = secret.partition(":")
    return None if user and colon and password else "is not USER:PASSWORD"


chargebee = Hook(
    name="chargebee", title="Chargebee", docs_url=DOCS, verify=verify, read=read, fault=fault
)
