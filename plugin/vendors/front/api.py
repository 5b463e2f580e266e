"""Ask Front: accounts, their contacts, what these write.

https://dev.frontapp.com/reference/introduction
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.sources.ticketing.answers import (
    Record,
    check_owner,
    inner,
    lowered,
    record_of,
    records,
    text,
    under,
)
from plugin.upstream import Link

TITLE = "Front"
IDS = {
    "accounts": re.compile(r"acc_[a-z0-9]{1,32}", re.ASCII),
    "contacts": re.compile(r"crd_[a-z0-9]{1,32}", re.ASCII),
    "conversations": re.compile(r"cnv_[a-z0-9]{1,32}", re.ASCII),
}
PAGE = 100  # records of one page, the most that Front gives
PAGES = 2  # of one contact's conversations
LATEST = (("sort_by", "updated_at"), ("sort_order", "desc"))
_CONTACT = re.compile(r"/contacts/(crd_[a-z0-9]{1,32})\Z", re.ASCII)
Params = Sequence[tuple[str, str]]


def _found(link: Link, path: str) -> Record | None:
    """Return a record, None where Front has none, or says that no such name can be."""
    try:
        return record_of(link.client.get(path), TITLE)
    except UpstreamNotFound:
        return None
    except UpstreamBroken as error:
        if error.status == HTTPStatus.BAD_REQUEST:
            return None
        raise


def one(link: Link, kind: str, key: str) -> Record | None:
    """Return an account, contact or conversation by its id, None where there is none."""
    if not IDS[kind].fullmatch(key):
        return None
    row = _found(link, f"/{kind}/{key}")
    check_owner([] if row is None else [row], "id", key, TITLE)
    return row


def _by_alias(link: Link, kind: str, name: str, value: str) -> Record | None:
    """Return what Front knows under another name: https://dev.frontapp.com/docs/resource-aliases-1."""
    return _found(link, f"/{kind}/alt:{name}:{quote(value, safe='@')}")


def account_with_domain(link: Link, domain: str) -> list[Record]:
    """Return the account that lists a domain among its own."""
    row = _by_alias(link, "accounts", "domain", domain.lower())
    return [row] if row is not None and domain.lower() in domains(row) else []


def account_with_external_id(link: Link, value: str) -> list[Record]:
    """Return the account that has an id of yours."""
    row = _by_alias(link, "accounts", "ext_id", value)
    return [row] if row is not None and text(row.get("external_id")) == value else []


def contact_with_email(link: Link, email: str) -> list[Record]:
    """Return the contact who writes from an address."""
    row = _by_alias(link, "contacts", "email", email.lower())
    return [row] if row is not None and email.lower() in addresses(row) else []


def _next(body: Any) -> str | None:
    """Return the token of the next page, None on the last one.

    Front's link names the company's own host, where no proof is sent: the token is enough.
    """
    said = under(body, "_pagination").get("next")
    if not isinstance(said, str) or not said:
        return None
    try:
        return parse_qs(urlsplit(said).query).get("page_token", [""])[0]
    except ValueError:
        return ""


def _pages(link: Link, path: str, asked: Params, most: int) -> tuple[list[Record], bool]:
    """Return the records of the first pages, and whether some are left unread.

    A page may be short, or empty, and yet not the last: https://dev.frontapp.com/docs/pagination
    """
    found: list[Record] = []
    paging: list[tuple[str, str]] = []
    for _ in range(most):
        body = link.client.get(path, [("limit", str(PAGE)), *asked, *paging])
        found += records(body, "_results", TITLE)
        token = _next(body)
        if not token:
            return found, token is not None
        paging = [("page_token", token)]
    return found, True


def people(link: Link, account: str) -> tuple[list[Record], bool]:
    """Return the contacts of an account, the last changed first, and whether some are unread."""
    return _pages(link, f"/accounts/{account}/contacts", LATEST, 1)


def conversations(link: Link, contact: str) -> tuple[list[Record], bool]:
    """Return what a contact takes part in, the last changed first, and whether some are unread."""
    return _pages(link, f"/contacts/{contact}/conversations", (), PAGES)


def addresses(contact: Record) -> list[str]:
    """Return the e-mail addresses of a contact in lower case."""
    rows = (row for row in inner(contact.get("handles")) if row.get("source") == "email")
    found = (text(row.get("handle")).lower() for row in rows)
    return [email for email in found if email]


def domains(account: Record) -> tuple[str, ...]:
    """Return the domains that Front counts as an account's own."""
    return lowered(account.get("domains"))


def writer_id(conversation: Record) -> str:
    """Return the id of a conversation's main recipient, who stands in a link; "" without one."""
    related = under(under(under(conversation, "recipient"), "_links"), "related")
    found = _CONTACT.search(text(related.get("contact")))
    return found[1] if found else ""


def writer_email(conversation: Record) -> str:
    """Return the address of the main recipient, "" for a phone number or another handle."""
    handle = text(under(conversation, "recipient").get("handle"))
    return handle if "@" in handle.strip("@") else ""
