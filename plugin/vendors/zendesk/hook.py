"""Hear from Zendesk which ticket, user or organization changed.

https://developer.zendesk.com/api-reference/webhooks/event-types/webhook-event-types/
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from plugin.frame import SignedRequest
from plugin.hook import Hook, HookEvent, NewTicket, words
from plugin.incoming.json_body import at, email_at, object_of, text_at
from plugin.proofs.ages import check_age, read_iso_text
from plugin.proofs.base64_text import encode
from plugin.proofs.mac import keyed_hash, prove

DOCS = "https://developer.zendesk.com/documentation/webhooks/verifying/"
SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
MAX_AGE = timedelta(minutes=5)  # Zendesk sets none
PREFIX = "zen:event-type:"
READ = ("ticket", "user", "organization")
# Which id of an event's own the two values of a change are.
MOVED = ("organization_changed", "requester_changed")


def verify(request: SignedRequest, secrets: Sequence[str]) -> None:
    """Prove the time and the raw body, one behind the other."""
    signed_at = request.headers.get(TIMESTAMP, "")
    message = signed_at.encode("utf-8", "surrogatepass") + request.body
    given = request.headers.get(SIGNATURE)
    prove(given, secrets, lambda secret: encode(keyed_hash(secret, message)))
    check_age(read_iso_text(signed_at), request.received_at, MAX_AGE)


def _about(kind: str, change: str, body: Any) -> tuple[str, ...]:
    detail, event = at(body, "detail"), at(body, "event")
    moved = ("current", "previous") if change in MOVED else ()
    ids = ["organization_id", "requester_id"] if kind == "ticket" else ["id", "external_id"]
    more = [email_at(detail, "email"), text_at(detail, "organization_id")]
    found = [text_at(detail, name) for name in ids]
    return words(*found, *more, *(text_at(event, name) for name in moved))


def _is_gone(kind: str, change: str, body: Any) -> bool:
    """Tell whether a user was deleted: Zendesk then keeps them, but inactive."""
    is_inactive = change == "active_changed" and at(body, "event", "current") is False
    return kind == "user" and (is_inactive or change in ("deleted", "permanently_deleted"))


def read(body: Any) -> tuple[HookEvent, ...]:
    """Return whom an event is about; a body that is none of Zendesk's own concerns everybody."""
    told = object_of(body)
    name = text_at(told, "id") or ""
    said = (text_at(told, "type") or "").replace("/", ":")
    if not said.startswith(PREFIX):
        return (HookEvent(name),)
    kind, _, change = said.removeprefix(PREFIX).partition(".")
    if kind not in READ:
        return ()
    ticket = None
    if (kind, change) == ("ticket", "created"):
        detail = at(told, "detail")
        ticket = NewTicket(text_at(detail, "id"), text_at(detail, "requester_id"))
    is_gone = _is_gone(kind, change, told)
    return (HookEvent(name, _about(kind, change, told), ticket, erased=is_gone),)


zendesk = Hook(
    name="zendesk",
    title="Zendesk",
    docs_url=DOCS,
    verify=verify,
    read=read,
    time=lambda request: request.headers.get(TIMESTAMP, ""),
)
