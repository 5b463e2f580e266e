"""Find companies in HubSpot: by id, by a property, by domain, by the address of a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plugin.account.domains import spellings
from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.sources.crm import domains_of, reference, text
from plugin.upstream import AccountRef, Identity, Link
from plugin.vendors.hubspot.api import Record, associated, batch, ids_of, one, properties, search
from plugin.vendors.hubspot.facts import is_merged_into, person

ID = re.compile(r"[0-9]{1,20}", re.ASCII)


def _keys(link: Link) -> tuple[str, ...]:
    """Return the properties by which a company is known: here, to helpdesks, to other systems."""
    options = link.options
    more = (options.get("organization"), options["external_id"], *options["links"].values())
    named = ("name", "domain", "hs_additional_domains", "hs_merged_object_ids", *more)
    return tuple(dict.fromkeys(name for name in named if name))


def all_domains(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a company's domains, the primary one first."""
    return domains_of((said.get("domain"), said.get("hs_additional_domains")))


def _ref(link: Link, company: Record) -> AccountRef:
    said = properties(company)
    return reference(link, text(company["id"]), said.get, all_domains(said))


def company_by_id(link: Link, key: str, more: Sequence[str], associations: str) -> Record | None:
    """Return a company by its id; another one than the one asked for is refused."""
    if not ID.fullmatch(key):
        return None
    params = {"associations": associations} if associations else {}
    names = tuple(dict.fromkeys((*_keys(link), *more)))
    company = one(link, "companies", key, names, params)
    if company is None or text(company["id"]) == key or is_merged_into(company, key):
        return company
    raise UpstreamBroken("HubSpot answered with another company than the one asked for")


def _by_property(link: Link, name: str | None, value: str) -> tuple[AccountRef, ...]:
    """Return the companies whose property is exactly `value`."""
    if name is None or not value:
        return ()
    if name == "hs_object_id":
        company = company_by_id(link, value, (), "")
        return () if company is None else (_ref(link, company),)
    rows = search(link, "companies", [(name, "EQ", value)], _keys(link))
    same = [row for row in rows if text(row["properties"].get(name)).lower() == value.lower()]
    return tuple(_ref(link, row) for row in same)


def _by_domain(link: Link, domain: str) -> tuple[AccountRef, ...]:
    """Return the companies of a domain; the search for additional ones is by words of it."""
    if not domain:
        return ()
    names = (("domain", "EQ"), ("hs_additional_domains", "CONTAINS_TOKEN"))
    groups = [(name, how, spelt) for spelt in spellings(domain) for name, how in names]
    rows = search(link, "companies", groups, _keys(link))
    own = [row for row in rows if domain.lower() in all_domains(properties(row))]
    return tuple(_ref(link, row) for row in own)


def _has_address(contact: Record, email: str) -> bool:
    said = contact["properties"]
    known = f"{text(said.get('email'))};{text(said.get('hs_additional_emails'))}".lower()
    return email.lower() in (address.strip() for address in known.split(";"))


def _contact(link: Link, email: str) -> Record | None:
    """Return the contact of an address, be it the first or an additional one."""
    names = ("email", "hs_additional_emails", "firstname", "lastname", "associatedcompanyid")
    more = {"idProperty": "email", "associations": "companies"}
    contact = one(link, "contacts", email, names, more)
    if contact is not None:
        if not _has_address(contact, email):
            raise UpstreamBroken("HubSpot answered with a contact of another address")
        return contact
    groups = [("hs_additional_emails", "CONTAINS_TOKEN", email)]
    rows = [row for row in search(link, "contacts", groups, names) if _has_address(row, email)]
    if len(rows) != 1:
        return None
    return one(link, "contacts", text(rows[0]["id"]), names, {"associations": "companies"})


def _companies_of(link: Link, contact: Record) -> list[str]:
    """Return the ids of a contact's companies: the primary one alone, where there is one.

    The association without a label is each company's; the one called contact_to_company is the
    primary one's, as is the property:
    https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide
    """
    rows, _ = associated(link, contact, "companies")
    ids = ids_of(rows)
    named = text(contact["properties"].get("associatedcompanyid"))
    if named in ids or (named and not ids):
        return [named]
    primary = ids_of([row for row in rows if row.get("type") == "contact_to_company"])
    return primary if len(primary) == 1 else ids


def _by_email(link: Link, email: str) -> tuple[AccountRef, ...]:
    if "@" not in email:
        return ()
    contact = _contact(link, email)
    if contact is None:
        return ()
    ids = _companies_of(link, contact)
    if not ids:
        name = text(person(properties(contact))["sidelight:name"]) or email
        return (AccountRef("", name, emails=(email,)),)
    companies = batch(link, "companies", ids, _keys(link)).records
    return tuple(_ref(link, company) for company in companies)


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the accounts that HubSpot knows under an identity."""
    if identity.by == "contact_email":
        return _by_email(link, identity.value)
    if identity.by == "domain":
        return _by_domain(link, identity.value)
    if identity.by in ("external_id", "organization"):
        return _by_property(link, link.options.get(identity.by), identity.value)
    return ()


def company_id(ref: AccountRef, link: Link) -> str:
    """Return the company's id: as known for this connection, else by domain, else by e-mail."""
    if link.name in ref.external_ids:
        return ref.external_ids[link.name]
    domains = dict.fromkeys(filter(None, (ref.domain, *ref.domains)))
    asked = [("domain", domain) for domain in domains][:3]
    for by, value in [*asked, *(("contact_email", email) for email in ref.emails[:1])]:
        found = {each.id for each in find(Identity(by, value), link) if each.id}
        if len(found) == 1:
            return found.pop()
        if found:  # several companies claim it, so another key would only hide that
            break
    raise UpstreamNotFound("HubSpot has no single company for this account")
