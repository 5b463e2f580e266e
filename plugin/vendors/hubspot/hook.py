"""Hear from HubSpot which company, contact or deal changed: a list of events in each delivery.

https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin.errors import BadRequest
from plugin.frame import SignedRequest
from plugin.hook import Hook, HookEvent, words
from plugin.incoming.json_body import items_at, object_of, text, text_at
from plugin.vendors.hubspot.signature import TIMESTAMP, prove_hubspot

DOCS = "https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide"
# What the connector reads, by name or by HubSpot's number of the object.
READ = frozenset({"company", "contact", "deal", "0-1", "0-2", "0-3"})
ERASURE = "contact.privacyDeletion"
# A change of these may lead from somebody to an account that does not know them yet.
IDENTITY = frozenset(
    {"email", "hs_additional_emails", "associatedcompanyid", "domain", "hs_additional_domains"}
)
# Repetitions differ in what is left out here: HubSpot's own id need not be unique.
NAMED = ("eventId", "subscriptionId", "subscriptionType", "objectId", "occurredAt", "fromObjectId")
WHOM = ("objectId", "fromObjectId", "toObjectId", "primaryObjectId", "newObjectId")


def verify(request: SignedRequest, secrets: Sequence[str]) -> None:
    """Prove method, our own address, raw body and time."""
    prove_hubspot(request, secrets)


def _is_read(told: Mapping[str, Any]) -> bool:
    kind, _, change = (text_at(told, "subscriptionType") or "").partition(".")
    if kind in {"", "object"}:  # the newer form tells the kind apart
        kind = text_at(told, "objectTypeId") or ""
    return not kind or kind in READ or "association" in change.lower()


def _event(told: Mapping[str, Any]) -> HookEvent:
    merged = (text(each) for each in items_at(told, "mergedObjectIds"))
    about = words(*(text_at(told, name) for name in WHOM), *merged)
    is_erasure = text_at(told, "subscriptionType") == ERASURE
    if is_erasure or text_at(told, "propertyName") in IDENTITY:
        about = ()
    name = "/".join(text_at(told, name) or "" for name in NAMED)
    return HookEvent(name if text_at(told, "eventId") else "", about, erased=is_erasure)


def read(body: Any) -> tuple[HookEvent, ...]:
    """Return the records that events are about, whatever happened to them."""
    if not isinstance(body, list):
        raise BadRequest("the body is no list of events")
    return tuple(_event(told) for told in map(object_of, body) if _is_read(told))


hubspot = Hook(
    name="hubspot",
    title="HubSpot",
    docs_url=DOCS,
    verify=verify,
    read=read,
    time=lambda request: request.headers.get(TIMESTAMP, ""),
)
