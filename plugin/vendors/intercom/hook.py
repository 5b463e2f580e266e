"""Hear from Intercom which conversation, ticket, contact or company changed.

https://developers.intercom.com/docs/references/webhooks/webhook-models
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plugin.frame import Requester, SignedRequest
from plugin.hook import Hook, HookEvent, NewTicket, words
from plugin.incoming.json_body import at, email_at, items_at, object_of, text_at
from plugin.proofs.mac import keyed_hash, prove

DOCS = "https://developers.intercom.com/docs/webhooks/webhook-notifications"
SIGNATURE = "x-hub-signature"
READ = ("conversation", "ticket", "contact", "company", "user", "lead")
WRITTEN = ("conversation.user.created", "conversation.contact.created", "ticket.created")
DELETED = ("contact.deleted", "user.deleted", "lead.deleted")
# What an item of a topic may be, or hold.
PARTS = ("conversation", "ticket", "contact", "company", "user", "lead")
PEOPLE = ("contacts", "data", "companies")


def verify(request: SignedRequest, secrets: Sequence[str]) -> None:
    """Prove the raw body; no time is signed, so a repetition is known by its id."""
    given = request.headers.get(SIGNATURE)
    prove(given, secrets, lambda secret: f"sha1={keyed_hash(secret, request.body, 'sha1').hex()}")


def _people(thing: Any) -> Iterator[Any]:
    for holder in ("contacts", "companies"):
        for name in PEOPLE:
            yield from items_at(thing, holder, name)


def _named(thing: Any) -> Iterator[str | None]:
    """Yield the ids and addresses that one thing is known by, or names."""
    for name in ("id", "company_id", "external_id", "user_id"):
        yield text_at(thing, name)
    yield email_at(thing, "email")
    yield text_at(thing, "source", "author", "id")
    yield email_at(thing, "source", "author", "email")
    for person in _people(thing):
        yield text_at(person, "id")


def _ticket(item: Any) -> NewTicket:
    row = at(item, "ticket") or at(item, "conversation") or item
    people = [text_at(person, "id") for person in _people(row)]
    email = email_at(row, "source", "author", "email")
    requester = Requester(email=email) if email else None
    return NewTicket(text_at(row, "id"), people[0] if people else None, requester)


def read(body: Any) -> tuple[HookEvent, ...]:
    """Return whom a notification is about; a topic that is not read is of no concern."""
    told = object_of(body)
    topic, item = text_at(told, "topic") or "", at(told, "data", "item")
    if topic and not topic.startswith(READ):
        return ()
    things = (item, *(at(item, name) for name in PARTS))
    about = words(*(word for thing in things for word in _named(thing)))
    ticket = _ticket(item) if topic in WRITTEN else None
    return (HookEvent(text_at(told, "id") or "", about, ticket, erased=topic in DELETED),)


intercom = Hook(name="intercom", title="Intercom", docs_url=DOCS, verify=verify, read=read)
