"""Read companies, their people and their deals from HubSpot's CRM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from plugin.errors import Problem, UpstreamBroken, UpstreamError, UpstreamNotFound, UpstreamRefused
from plugin.settings.secrets import Secret
from plugin.sources.crm import check_links, text
from plugin.sources.mapping.claims import claimed_domains
from plugin.sources.mapping.mapped import Entries, custom_of, laid_over, paths_of
from plugin.sources.mapping.options import FieldMap, known_currency
from plugin.sources.mapping.reading import place_of, read
from plugin.sources.mapping.sampling import SAMPLE, fill_rates, missing
from plugin.sources.tabular.found import RowFindings, merge
from plugin.upstream import AccountRef, BadValue, Facts, Link, Upstream
from plugin.vendors.hubspot.accounts import all_domains, company_by_id, company_id, find
from plugin.vendors.hubspot.api import (
    Read,
    Record,
    associated,
    batch,
    ids_of,
    listed,
    path,
    properties,
)
from plugin.vendors.hubspot.facts import COMPANY, CONTACT, DEAL, read_list, wanted
from plugin.vendors.hubspot.writer import whose

DOCS = "https://developers.hubspot.com/docs/api-reference/crm-objects"
BASE = "https://api.hubapi.com"
PROPERTY = r"[a-z][a-z0-9_]{0,99}"
LISTS: Mapping[str, tuple[str, Entries]] = {
    "contacts": ("contact_fields", CONTACT),
    "deals": ("deal_fields", DEAL),
}
_PROPERTY = validate.Regexp(
    f"^{PROPERTY}$", error='write the internal name of a property, such as "account_id"'
)


class HubSpotOptions(Schema):
    """The settings of one connection of kind `hubspot`."""

    token = Secret(required=True)
    version = fields.String(
        load_default="2026-09",
        validate=validate.Regexp(
            r"^20[0-9]{2}-[0-9]{2}$", error='write a year and a month, such as "2026-03"'
        ),
    )
    external_id = fields.String(load_default="hs_object_id", validate=_PROPERTY)
    organization = fields.String(validate=_PROPERTY)
    links = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=_PROPERTY),
        load_default=dict,
        validate=check_links,
    )
    contacts = fields.Boolean(load_default=True)
    deals = fields.Boolean(load_default=True)
    currency = fields.String(validate=known_currency)
    mapping = FieldMap(data_key="fields", source=PROPERTY, load_default=())
    contact_fields = FieldMap(root="contacts", source=PROPERTY, load_default=())
    deal_fields = FieldMap(root="deals", source=PROPERTY, load_default=())


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call."""
    return {"Authorization": f"Bearer {options['token']}"}


def _company_map(options: Mapping[str, Any]) -> Entries:
    return laid_over(COMPANY, options.get("mapping") or ())


def _list_map(options: Mapping[str, Any], root: str) -> Entries:
    name, usual = LISTS[root]
    return laid_over(usual, options.get(name) or ())


def _chosen(options: Mapping[str, Any]) -> list[str]:
    return [root for root in LISTS if options.get(root, True)]


def supplies_by(options: Mapping[str, Any]) -> frozenset[str]:
    """Return what the mapping of this connection fills."""
    return paths_of(_company_map(options)) | {"account.domains", *_chosen(options)}


def _list(link: Link, company: Record, root: str) -> tuple[RowFindings, list[str]]:
    """Return a list of the company's, and HubSpot's ids of what is in it."""
    mapped = _list_map(link.options, root)
    try:
        rows, is_cut = associated(link, company, root)
        ids = ids_of(rows)
        found = batch(link, root, ids, wanted(root, mapped))
    except UpstreamRefused:
        bad = BadValue(root, root, f"the token may not read {root}", "refused")
        return RowFindings(bad=(bad,)), []
    whole = Read(found.records, found.is_partial or is_cut)
    return read_list(root, mapped, whole, place_of(link, "HubSpot")), ids


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what HubSpot says of one account: the company, its people, its deals."""
    mapped = _company_map(link.options)
    chosen = _chosen(link.options)
    company = company_by_id(link, company_id(ref, link), wanted("", mapped), ",".join(chosen))
    if company is None:
        raise UpstreamNotFound("HubSpot has no such company")
    said = properties(company)
    own = read(mapped, said.get, place_of(link, "HubSpot"))
    domains = all_domains(said)
    all_ = {"account.domains": domains} if domains else {}
    told = RowFindings({**all_, **own.values}, {"account.domains": "domain", **own.fields}, own.bad)
    lists = [_list(link, company, root) for root in chosen]
    found = merge([told, *(one for one, _ in lists)])
    ids = frozenset([text(company["id"]), *(id_ for _, own in lists for id_ in own)])
    return Facts(
        found.values, link.now, found.fields, found.partial, found.bad, ids=ids, untold=found.untold
    )


def _known(link: Link, kind: str) -> set[str]:
    body = link.client.get(f"/crm/properties/{link.options['version']}/{kind}")
    rows = body.get("results") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        raise UpstreamBroken("HubSpot answered with something that is no list of properties")
    return {text(row.get("name")) for row in rows if isinstance(row, Mapping)}


def _sample(link: Link, kind: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    params = [("limit", str(SAMPLE)), ("properties", ",".join(names))]
    return [properties(row) for row in listed(link.client.get(path(link, kind), params))]


def _mapping(link: Link, kind: str, name: str, own: Entries) -> Iterator[Problem]:
    """Yield what is wrong with one mapping, and how full its properties are."""
    key = f"upstreams.{link.name}.{name}"
    known = _known(link, kind)
    yield from missing(key, own, known)
    there = tuple(one for one in own if {one.source, one.currency_from or one.source} <= known)
    if there:
        rows = [said.get for said in _sample(link, kind, wanted("", there))]
        place = place_of(link, "HubSpot")
        yield from fill_rates(key, there, rows, place)
        yield from claimed_domains(key, there, rows, place, link.unusable)


def _checked(link: Link, kind: str, name: str, own: Entries) -> Iterator[Problem]:
    try:
        yield from _mapping(link, kind, name, own)
    except UpstreamRefused:
        hint = f"give it the scopes crm.objects.{kind}.read and crm.schemas.{kind}.read"
        yield Problem(f"upstreams.{link.name}.token", f"HubSpot refuses it for {kind}", hint)
    except UpstreamError as error:
        said = f"HubSpot did not answer for {kind}: {error}"
        yield Problem(f"upstreams.{link.name}", said, "see status.hubspot.com")


def check(link: Link) -> tuple[Problem, ...]:
    """Return missing scopes, mapped properties that HubSpot lacks, and how full they are."""
    found = list(_checked(link, "companies", "fields", link.options["mapping"]))
    for root in _chosen(link.options):
        name = LISTS[root][0]
        found += _checked(link, root, name, link.options[name])
    return tuple(found)


hubspot = Upstream(
    name="hubspot",
    title="HubSpot",
    docs_url=DOCS,
    options=HubSpotOptions,
    supplies=supplies_by({}),
    supplies_by=supplies_by,
    custom_by=lambda options: custom_of(options["mapping"]),
    fetch=fetch,
    find=find,
    check=check,
    whose=whose,
    base_url=lambda _options: BASE,
    headers=headers,
    hosts=("api.hubapi.com",),
    hook="hubspot",
    rate=10.0,  # https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
)
