"""Find accounts in Salesforce: by id, by a field, by domain, by the address of a contact."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plugin.account import ids
from plugin.account.domains import spellings
from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.sources.crm import domains_of, reference, text
from plugin.upstream import AccountRef, Identity, Link
from plugin.vendors.salesforce.soql import Record, ask, containing, dotted, literal, select

ID = re.compile(r"001[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?", re.ASCII)
ROWS = " LIMIT 50"


def same_id(first: str, second: str) -> bool:
    """Say whether two ids are one: the long form is the short one with a checksum behind it."""
    return bool(first) and ids.same_id(first, second)


def keys(link: Link) -> tuple[str, ...]:
    """Return the fields by which an account is known: here, to helpdesks, to other systems."""
    options = link.options
    more = (options.get("organization"), options["external_id"], *options["links"].values())
    return tuple(
        dict.fromkeys(name for name in ("Id", "Name", *options["websites"], *more) if name)
    )


def domains(link: Link, account: Record) -> tuple[str, ...]:
    """Return the domains of an account's websites."""
    return domains_of(dotted(account)(name) for name in link.options["websites"])


def _ref(link: Link, account: Record) -> AccountRef:
    said = dotted(account)
    key = text(account.get("Id"))
    if not ID.fullmatch(key):
        raise UpstreamBroken("Salesforce answered with an account that has no id")
    named = {"name": "Name"}
    return reference(link, key, lambda name: said(named.get(name, name)), domains(link, account))


def _where(link: Link, where: str) -> list[Record]:
    return ask(link, select(keys(link), "Account", where, ROWS))


def _by_field(link: Link, name: str | None, value: str) -> tuple[AccountRef, ...]:
    """Return the accounts whose field is exactly `value`."""
    if name is None or not value or (name == "Id" and not ID.fullmatch(value)):
        return ()
    rows = _where(link, f"{name} = {literal(value)}")
    if name == "Id":
        own = [row for row in rows if same_id(text(row.get("Id")), value)]
    else:
        own = [row for row in rows if text(dotted(row)(name)).lower() == value.lower()]
    if len(own) < len(rows):
        raise UpstreamBroken("Salesforce answered with another account than the one asked for")
    return tuple(_ref(link, row) for row in own)


def _by_domain(link: Link, domain: str) -> tuple[AccountRef, ...]:
    """Return the accounts whose website is on the domain; LIKE finds more, which are left out."""
    if not domain:
        return ()
    where = " OR ".join(
        f"{name} LIKE {containing(spelt)}"
        for name in link.options["websites"]
        for spelt in spellings(domain)
    )
    rows = [row for row in _where(link, where) if domain.lower() in domains(link, row)]
    return tuple(_ref(link, row) for row in rows)


def _addresses(link: Link, contact: Record) -> set[str]:
    said = dotted(contact)
    return {text(said(name)).lower() for name in link.options["emails"]} - {""}


def _by_ids(link: Link, keys_: Iterable[str]) -> tuple[AccountRef, ...]:
    asked = list(dict.fromkeys(keys_))
    if not asked:
        return ()
    rows = _where(link, f"Id IN ({', '.join(map(literal, asked))})")
    if not all(any(same_id(text(row.get("Id")), key) for key in asked) for row in rows):
        raise UpstreamBroken("Salesforce answered with another account than the one asked for")
    return tuple(_ref(link, row) for row in rows)


def _by_email(link: Link, email: str) -> tuple[AccountRef, ...]:
    """Return the accounts of the contacts with this address, or the person who has none."""
    if "@" not in email:
        return ()
    names = ("Id", "Name", "AccountId", *link.options["emails"])
    where = " OR ".join(f"{name} = {literal(email)}" for name in link.options["emails"])
    people = ask(link, select(names, "Contact", where, ROWS))
    if not all(email.lower() in _addresses(link, person) for person in people):
        raise UpstreamBroken("Salesforce answered with a contact of another address")
    owners = [text(person.get("AccountId")) for person in people]
    if any(owners):
        return _by_ids(link, filter(ID.fullmatch, owners))
    named = [text(person.get("Name")) or email for person in people]
    return tuple(AccountRef("", name, emails=(email,)) for name in named[:1])


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the accounts that Salesforce knows under an identity."""
    if identity.by == "contact_email":
        return _by_email(link, identity.value)
    if identity.by == "domain":
        return _by_domain(link, identity.value)
    if identity.by in ("external_id", "organization"):
        return _by_field(link, link.options.get(identity.by), identity.value)
    return ()


def account_id(ref: AccountRef, link: Link) -> str:
    """Return the account's id: as known for this connection, else by domain, else by e-mail."""
    if link.name in ref.external_ids:
        return ref.external_ids[link.name]
    known = dict.fromkeys(filter(None, (ref.domain, *ref.domains)))
    asked = [("domain", domain) for domain in known][:3]
    for by, value in [*asked, *(("contact_email", email) for email in ref.emails[:1])]:
        found = {each.id for each in find(Identity(by, value), link) if each.id}
        if len(found) == 1:
            return found.pop()
        if found:  # several companies claim it, so another key would only hide that
            break
    raise UpstreamNotFound("Salesforce has no single account for this one")
