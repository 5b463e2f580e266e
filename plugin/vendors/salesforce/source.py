"""Read accounts, their contacts and their opportunities from Salesforce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugin.errors import Problem, UpstreamBroken, UpstreamError, UpstreamNotFound, UpstreamRefused
from plugin.settings.secrets import Secret
from plugin.sources.crm import check_links, text
from plugin.sources.mapping.claims import claimed_domains
from plugin.sources.mapping.mapped import Entries, Mapped, custom_of, laid_over, paths_of
from plugin.sources.mapping.options import FieldMap, known_currency
from plugin.sources.mapping.reading import place_of, read
from plugin.sources.mapping.sampling import SAMPLE, fill_rates, missing
from plugin.sources.tabular.found import RowFindings, merge
from plugin.upstream import AccountRef, BadValue, Facts, Link, Upstream
from plugin.vendors.salesforce.accounts import ID, account_id, domains, find, keys, same_id
from plugin.vendors.salesforce.facts import (
    ACCOUNT,
    CONTACT,
    DEAL,
    MOST,
    RELATIONS,
    read_list,
    wanted,
    with_currency,
)
from plugin.vendors.salesforce.soql import NAME, Record, ask, dotted, literal, select, unknown_field
from plugin.vendors.salesforce.token import authorise

DOCS = "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/"
LISTS: Mapping[str, tuple[str, Entries, str]] = {
    "contacts": ("contact_fields", CONTACT, "Contact"),
    "deals": ("deal_fields", DEAL, "Opportunity"),
}
MOST_UNKNOWN = 5  # fields that Salesforce may lack before it counts as broken
_NAME = validate.Regexp(f"^{NAME}$", error="write the API name of a field, such as ARR__c")


class SalesforceOptions(Schema):
    """The settings of one connection of kind `salesforce`."""

    domain = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.(sandbox|develop|scratch))?$",
            error="write the My Domain name: acme for acme.my.salesforce.com",
        ),
    )
    client_id = Secret(required=True)
    client_secret = Secret()
    username = fields.String(validate=validate.Length(min=1))
    private_key = Secret()
    version = fields.String(
        load_default="v66.0", validate=validate.Regexp(r"^v[0-9]{2,3}\.0$", error="write v66.0")
    )
    external_id = fields.String(load_default="Id", validate=_NAME)
    organization = fields.String(validate=_NAME)
    websites = fields.List(
        fields.String(validate=_NAME),
        load_default=lambda: ["Website"],
        validate=validate.Length(1, 5),
    )
    emails = fields.List(
        fields.String(validate=_NAME),
        load_default=lambda: ["Email"],
        validate=validate.Length(1, 5),
    )
    links = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=_NAME),
        load_default=dict,
        validate=check_links,
    )
    contacts = fields.Boolean(load_default=True)
    deals = fields.Boolean(load_default=True)
    multi_currency = fields.Boolean(load_default=False)
    currency = fields.String(validate=known_currency)
    mapping = FieldMap(data_key="fields", source=NAME, load_default=())
    contact_fields = FieldMap(root="contacts", source=NAME, load_default=())
    deal_fields = FieldMap(root="deals", source=NAME, load_default=())

    @validates_schema
    def _check_credentials(self, data: dict[str, Any], **_: Any) -> None:
        """Want one way to a token: a secret, or a user with a key."""
        has_key = "private_key" in data and "username" in data
        if ("client_secret" in data) == has_key:
            raise ValidationError(
                "write client_secret, or username and private_key", "client_secret"
            )


def _account_map(options: Mapping[str, Any]) -> Entries:
    return laid_over(ACCOUNT, options.get("mapping") or ())


def _list_map(options: Mapping[str, Any], root: str) -> Entries:
    name, usual, _ = LISTS[root]
    return laid_over(usual, options.get(name) or ())


def _chosen(options: Mapping[str, Any]) -> list[str]:
    return [root for root in LISTS if options.get(root, True)]


def supplies_by(options: Mapping[str, Any]) -> frozenset[str]:
    """Return what the mapping of this connection fills."""
    own = {"account.domain", "account.domains", *_chosen(options)}
    return paths_of(_account_map(options)) | own


def _maps(link: Link) -> dict[str, Entries]:
    """Return every mapping of the connection: "" is the account's own."""
    options = link.options
    lists = {root: with_currency(_list_map(options, root), link) for root in _chosen(options)}
    return {"": with_currency(_account_map(options), link), **lists}


def _soql(link: Link, key: str, maps: Mapping[str, Entries]) -> str:
    """Return one query for all: the account, its people and its opportunities."""
    inner = [
        f"({select(wanted(root, mapped), RELATIONS[root], '', f' LIMIT {MOST}')})"
        for root, mapped in maps.items()
        if root
    ]
    names = (*keys(link), *wanted("", maps[""]), *inner)
    return select(names, "Account", f"Id = {literal(key)}")


def _without(maps: Mapping[str, Entries], name: str) -> dict[str, Entries]:
    return {
        root: tuple(one for one in mapped if name not in (one.source, one.currency_from))
        for root, mapped in maps.items()
    }


def _account(link: Link, key: str) -> tuple[Record, dict[str, Entries]]:
    """Return the account with its lists, and the mappings without fields that do not exist."""
    maps = _maps(link)
    for _ in range(MOST_UNKNOWN):
        try:
            rows = ask(link, _soql(link, key, maps))
        except UpstreamBroken as error:
            lacking = unknown_field(error)
            fewer = _without(maps, lacking) if lacking else maps
            if fewer == maps:
                raise
            maps = fewer
            continue
        if not rows:
            raise UpstreamNotFound("Salesforce has no such account")
        if len(rows) > 1 or not same_id(text(rows[0].get("Id")), key):
            raise UpstreamBroken("Salesforce answered with another account than the one asked for")
        return rows[0], maps
    raise UpstreamBroken("Salesforce does not have many of the mapped fields")


def _lost(link: Link, maps: Mapping[str, Entries]) -> Iterator[BadValue]:
    """Yield a gap for each fact whose field Salesforce does not have, or does not show."""
    why = "Salesforce has no such field, or hides it from this user"
    for root, whole in _maps(link).items():
        for one in set(whole) - set(maps[root]):
            path = f"{root}[].{one.path}" if root else one.path
            yield BadValue(path, f"Salesforce, {one.source}", why)


def _own(link: Link, account: Record, mapped: Entries) -> RowFindings:
    found = read(mapped, dotted(account), place_of(link, "Salesforce"))
    known = domains(link, account)
    made = {"account.domain": known[0], "account.domains": known} if known else {}
    named = dict.fromkeys(made, link.options["websites"][0])
    return RowFindings({**made, **found.values}, {**named, **found.fields}, found.bad)


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what Salesforce says of one account."""
    key = account_id(ref, link)
    if not ID.fullmatch(key):
        raise UpstreamNotFound("The account's id is no Salesforce account id")
    account, maps = _account(link, key)
    lists = [read_list(link, account, root, mapped) for root, mapped in maps.items() if root]
    found = merge([_own(link, account, maps[""]), *lists])
    lost = tuple(sorted(_lost(link, maps), key=lambda bad: bad.field))
    cut = {bad.field.partition("[]")[0] for bad in lost if "[]" in bad.field}
    return Facts(
        found.values,
        link.now,
        found.fields,
        found.partial | cut,
        (*found.bad, *lost),
        untold=found.untold,
    )


def _known(link: Link, kind: str) -> set[str]:
    """Return the fields of an object, and the names of its parents."""
    path = f"/services/data/{link.options['version']}/sobjects/{kind}/describe"
    body = link.client.get(path)
    rows = body.get("fields") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        raise UpstreamBroken("Salesforce answered with something that is no list of fields")
    named = [row for row in rows if isinstance(row, Mapping)]
    return {text(row.get(word)) for row in named for word in ("name", "relationshipName")} - {""}


def _top(one: Mapped, known: set[str]) -> bool:
    return {name.partition(".")[0] for name in (one.source, one.currency_from) if name} <= known


def _checked(link: Link, kind: str, name: str, own: Entries) -> Iterator[Problem]:
    key = f"upstreams.{link.name}"
    try:
        known = _known(link, kind)
        there = tuple(one for one in own if _top(one, known))
        yield from missing(f"{key}.{name}", [one for one in own if one not in there], known)
        soql = select(
            wanted("", there), kind, "", f" ORDER BY LastModifiedDate DESC LIMIT {SAMPLE}"
        )
        rows = [dotted(row) for row in ask(link, soql)] if there else []
        place = place_of(link, "Salesforce")
        yield from fill_rates(f"{key}.{name}", there, rows, place)
        yield from claimed_domains(f"{key}.{name}", there, rows, place, link.unusable)
    except UpstreamRefused:
        hint = f"let the integration user use the API and read {kind}"
        yield Problem(f"{key}.client_id", f"Salesforce refuses this app for {kind}", hint)
    except UpstreamError as error:
        said = f"Salesforce did not answer for {kind}: {error}"
        yield Problem(key, said, "see status.salesforce.com")


def check(link: Link) -> tuple[Problem, ...]:
    """Return missing rights, mapped fields that Salesforce lacks, and how full they are."""
    found = list(_checked(link, "Account", "fields", link.options["mapping"]))
    for root in _chosen(link.options):
        name, _, kind = LISTS[root]
        found += _checked(link, kind, name, link.options[name])
    return tuple(found)


salesforce = Upstream(
    name="salesforce",
    title="Salesforce",
    docs_url=DOCS,
    options=SalesforceOptions,
    supplies=supplies_by({}),
    supplies_by=supplies_by,
    custom_by=lambda options: custom_of(options["mapping"]),
    fetch=fetch,
    find=find,
    check=check,
    base_url=lambda options: f"https://{options['domain']}.my.salesforce.com",
    hosts=("my.salesforce.com",),
    authorise=authorise,
)
