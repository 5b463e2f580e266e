"""Hear from any system that signs as docs/hooks.md says: which account changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugin.frame import Requester, SignedRequest
from plugin.hook import Hook, HookEvent, NewTicket, words
from plugin.incoming.json_body import email_at, object_of, text_at
from plugin.proofs.timestamped import prove_timestamped, time_of

SIGNATURE = "x-sidelight-signature"
TICKET_CREATED = "ticket.created"
SHORTEST = 32  # bytes: https://www.rfc-editor.org/rfc/rfc2104#section-3


def verify(request: SignedRequest, secrets: Sequence[str]) -> None:
    """Prove time and raw body, in the scheme that Stripe uses."""
    prove_timestamped(request.headers.get(SIGNATURE), request, secrets)


def read(body: Any) -> tuple[HookEvent, ...]:
    """Return the account that an event names by id or address; without either, all of them."""
    told = object_of(body)
    account, email = text_at(told, "account_id"), email_at(told, "email")
    ticket = None
    if email and text_at(told, "kind") == TICKET_CREATED:
        ticket = NewTicket(text_at(told, "ticket_id"), requester=Requester(email=email))
    return (HookEvent(text_at(told, "id") or "", words(account, email), ticket),)


def fault(secret: str) -> str | None:
    """Return what is wrong with a secret that is made by hand."""
    short = len(secret.encode()) < SHORTEST
    return f"is short: use {SHORTEST} random characters or more" if short else None


generic = Hook(
    name="generic",
    title="any other system",
    docs_url="https://docs.stripe.com/webhooks#verify-manually",
    verify=verify,
    read=read,
    fault=fault,
    time=lambda request: time_of(request.headers.get(SIGNATURE)),
)
