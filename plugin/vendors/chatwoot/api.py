"""Ask Chatwoot: people by address or id, and conversations.

https://developers.chatwoot.com/api-reference/introduction
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.sources.ticketing.answers import (
    Record,
    check_owner,
    record,
    record_of,
    records,
    text,
    under,
)
from plugin.upstream import Link

TITLE = "Chatwoot"
ID = re.compile(r"[0-9]{1,20}", re.ASCII)


def _path(link: Link, rest: str) -> str:
    return f"/api/v1/accounts/{link.options['account_id']}/{rest}"


def _checked(row: Record, key: str) -> Record:
    check_owner([row], "id", key, TITLE)
    return row


def conversation(link: Link, key: str) -> Record | None:
    """Return the conversation of exactly this id and account, None where there is none."""
    if not ID.fullmatch(key):
        return None
    try:
        body = link.client.get(_path(link, f"conversations/{key}"))
    except UpstreamNotFound:
        return None
    row = _checked(record_of(body, TITLE), key)
    check_owner([row], "account_id", text(link.options["account_id"]), TITLE)
    return row


def person(link: Link, key: str) -> Record | None:
    """Return the contact of exactly this id, None where there is none."""
    if not ID.fullmatch(key):
        return None
    try:
        return _checked(
            record(link.client.get(_path(link, f"contacts/{key}")), "payload", TITLE), key
        )
    except UpstreamNotFound:
        return None


def people(link: Link, email: str) -> list[Record]:
    """Return the contacts of exactly this address; Chatwoot searches for a part of it."""
    body = link.client.get(_path(link, "contacts/search"), [("q", email)])
    rows = records(body, "payload", TITLE)
    return [row for row in rows if text(row.get("email")).lower() == email.lower()]


def conversations(link: Link, contact: Record) -> list[Record]:
    """Return the contact's latest conversations, at most the 20 that Chatwoot lists."""
    key = text(contact["id"])
    body = link.client.get(_path(link, f"contacts/{key}/conversations"))
    rows = records(body, "payload", TITLE)
    for row in rows:
        check_owner([sender(row)], "id", key, TITLE)
    return rows


def sender(row: Record) -> Record:
    """Return the contact who writes in a conversation."""
    return under(under(row, "meta"), "sender")


def account_roles(link: Link) -> Mapping[str, str]:
    """Return the accounts that the token's owner belongs to, and the role in each."""
    body: Any = link.client.get("/api/v1/profile")
    rows = body.get("accounts") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        raise UpstreamBroken(f"{TITLE} does not say whose token it is")
    return {text(row.get("id")): text(row.get("role")) for row in rows if isinstance(row, Mapping)}
