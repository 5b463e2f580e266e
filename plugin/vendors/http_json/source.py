"""Read facts from any JSON endpoint, as settings map it: what no other connector reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugin.account.domains import read_domain, read_domains
from plugin.account.ids import same_id
from plugin.errors import Problem, UpstreamBroken, UpstreamError, UpstreamNotFound
from plugin.settings.secrets import Secret
from plugin.sources.mapping.mapped import custom_of, paths_of
from plugin.sources.mapping.options import FieldMap, known_currency
from plugin.sources.mapping.placeholders import WORDS, check_path, filled
from plugin.sources.mapping.pointers import POINTER, at, pointing
from plugin.sources.mapping.reading import instant, place_of, read, read_items
from plugin.sources.mapping.targets import LISTS
from plugin.upstream import AccountRef, Facts, Identity, Link, Upstream

DOCS = "https://www.rfc-editor.org/rfc/rfc6901"
TITLE = "JSON endpoint"
MAX_PAGES = 10
# Identity question → the word that stands for it in a path.
QUESTIONS = {
    "external_id": "external_id",
    "organization": "organization",
    "contact_email": "email",
    "domain": "domain",
}
_POINTER = validate.Regexp(f"^{POINTER}$", error='write a JSON Pointer, such as "/data/0/id"')


class _Find(Schema):
    """How accounts are found: a path for each question, and pointers into what it answers."""

    external_id = fields.String(validate=check_path)
    organization = fields.String(validate=check_path)
    contact_email = fields.String(validate=check_path)
    domain = fields.String(validate=check_path)
    records = fields.String(load_default="", validate=_POINTER)
    id_at = fields.String(required=True, validate=_POINTER)
    name_at = fields.String(validate=_POINTER)
    domain_at = fields.String(validate=_POINTER)
    email_at = fields.String(validate=_POINTER)


class HttpJsonOptions(Schema):
    """The settings of one connection of kind `http_json`."""

    url = fields.String(required=True, validate=validate.Length(min=1))
    path = fields.String(required=True, validate=check_path)
    headers = fields.Dict(keys=fields.String(), values=Secret(spaces=True), load_default=dict)
    record = fields.String(load_default="", validate=_POINTER)
    items = fields.String(validate=validate.OneOf(list(LISTS)))
    mapping = fields.Raw(data_key="fields", required=True)
    id_at = fields.String(required=True, validate=_POINTER)
    id_is = fields.String(load_default="account_id", validate=validate.OneOf(WORDS))
    as_of = fields.String(validate=_POINTER)
    next_page = fields.String(validate=_POINTER)
    currency = fields.String(validate=known_currency)
    find = fields.Nested(_Find)
    sample = fields.Dict(keys=fields.String(validate=validate.OneOf(WORDS)), values=fields.String())

    @validates_schema
    def _check_mapping(self, data: dict[str, Any], **_: Any) -> None:
        """Type the mapping, which depends on whether items of a list are mapped."""
        mapping = FieldMap(root=data.get("items", ""), source=f"(?=.){POINTER}")
        try:
            data["mapping"] = mapping.deserialize(data.get("mapping"))
        except ValidationError as error:
            raise ValidationError({"fields": error.messages}) from error


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the headers of each call, as the settings say."""
    return dict(options["headers"])


def supplies_by(options: Mapping[str, Any]) -> frozenset[str]:
    """Return what the mapping of this connection fills."""
    return frozenset([options["items"]]) if "items" in options else paths_of(options["mapping"])


def _words(ref: AccountRef, link: Link) -> dict[str, str]:
    return {
        "account_id": ref.id,
        "external_id": ref.external_ids.get(link.name, ""),
        "email": next(iter(ref.people), ""),
        "domain": ref.domain or "",
    }


def _key(value: Any) -> str:
    is_key = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip().lower() if is_key else ""


def _pages(link: Link, path: str) -> Iterator[tuple[Any, bool]]:
    """Yield each page, and whether another one follows it."""
    pointer, asked = link.options.get("next_page"), path
    for _ in range(MAX_PAGES):
        page = link.client.get(asked)
        following = at(page, pointer) if pointer else None
        has_more = isinstance(following, str) and bool(following)
        yield page, has_more
        if not has_more:
            return
        asked = urljoin(f"{link.options['url'].rstrip('/')}{path}", following)


def _records(page: Any, pointer: str) -> list[Any]:
    """Return the records of a page: those of a list, or the only one."""
    found = at(page, pointer)
    if found is None or found == {}:
        raise UpstreamNotFound("its answer holds no record")
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, Mapping) for row in rows):
        raise UpstreamBroken(f"its answer holds no record at {pointer or 'its root'!r}")
    return rows


def _is_own(record: Any, link: Link, words: Mapping[str, str]) -> bool:
    asked = words.get(link.options["id_is"], "")
    key = at(record, link.options["id_at"])
    if link.options["id_is"] == "domain":
        return bool(asked) and read_domain(key) == read_domain(asked)
    return bool(asked and _key(key)) and same_id(str(key), asked)


def _own(link: Link, words: Mapping[str, str], rows: list[Any]) -> list[Any]:
    """Return the account's records; UpstreamBroken where there are only those of others."""
    own = [row for row in rows if _is_own(row, link, words)]
    if (rows and not own) or ("items" in link.options and len(own) < len(rows)):
        raise UpstreamBroken("it answered with the record of another account")
    return own


def _as_of(page: Any, link: Link) -> datetime:
    pointer = link.options.get("as_of")
    if pointer is None:
        return link.now
    said = instant(at(page, pointer))
    if said is None:
        raise UpstreamBroken(f"its answer does not say at {pointer} for which time it holds")
    return min(said, link.now)


def _answer(link: Link, words: Mapping[str, str]) -> Facts:
    path = filled(link.options["path"], words)
    rows: list[Any] = []
    times, more = [], False
    for page, has_more in _pages(link, path):
        rows += _records(page, link.options["record"])
        times.append(_as_of(page, link))
        more = has_more
    return replace(_facts(link, _own(link, words, rows), is_cut=more), as_of=min(times))


def _facts(link: Link, own: list[Any], *, is_cut: bool) -> Facts:
    place, mapped = place_of(link, TITLE), link.options["mapping"]
    root = link.options.get("items")
    if root is not None:
        found = read_items(root, mapped, [pointing(row) for row in own], place)
        partial = found.partial | (frozenset([root]) if is_cut else frozenset())
        return Facts(found.values, link.now, found.fields, partial, found.bad, untold=found.untold)
    if not own:
        raise UpstreamNotFound("its list has no record of this account")
    if len(own) > 1:
        raise UpstreamBroken(f"it answered with {len(own)} records of one account")
    found = read(mapped, pointing(own[0]), place)
    return Facts(
        found.values, link.now, found.fields, found.partial, found.bad, untold=found.untold
    )


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what the endpoint says of one account."""
    return _answer(link, _words(ref, link))


def _text(record: Any, how: Mapping[str, Any], word: str) -> str:
    value = at(record, how[word]) if word in how else None
    return str(value).strip() if _key(value) else ""


def _ref(record: Any, how: Mapping[str, Any], link: Link) -> AccountRef:
    key, domains = _text(record, how, "id_at"), read_domains([_text(record, how, "domain_at")])
    first = next(iter(domains), None)
    name = _text(record, how, "name_at") or first or key
    return AccountRef(key, name, first, domains, external_ids={link.name: key})


def _answers(record: Any, how: Mapping[str, Any], identity: Identity) -> bool:
    """Say whether a record is about the address or domain that was asked for."""
    pointer = {"contact_email": "email_at", "domain": "domain_at"}.get(identity.by, "")
    said = at(record, how[pointer]) if pointer in how else None
    if identity.by == "domain":
        return pointer not in how or read_domain(said) == read_domain(identity.value)
    return pointer not in how or _key(said) == identity.value.lower()


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the accounts that the endpoint knows under an identity."""
    how = link.options.get("find") or {}
    if identity.by not in QUESTIONS or identity.by not in how:
        return ()
    try:
        path = filled(how[identity.by], {QUESTIONS[identity.by]: identity.value})
        rows = _records(link.client.get(path), how["records"])
    except UpstreamNotFound:
        return ()
    found = [_ref(row, how, link) for row in rows if _answers(row, how, identity)]
    return tuple({ref.id: ref for ref in found if ref.id}.values())


def _checked(link: Link, key: str) -> Iterator[Problem]:
    facts = _answer(link, link.options["sample"])
    for bad in facts.bad:
        yield Problem(f"{key}.fields.{bad.field}", f"{bad.where}: {bad.message}", "map it anew")
    for one in () if "items" in link.options else link.options["mapping"]:
        state = "filled" if one.path in facts.values else "empty"
        said = f"{one.source} is {state} in the sampled record"
        yield Problem(f"{key}.fields.{one.path}", said, is_note=True)


def check(link: Link) -> tuple[Problem, ...]:
    """Return what is wrong with the answer about the sample account."""
    key = f"upstreams.{link.name}"
    if not link.options.get("sample"):
        hint = 'name an account to try: sample = { account_id = "…" }'
        return (Problem(f"{key}.sample", "is not set: nothing was asked", hint, is_note=True),)
    try:
        return tuple(_checked(link, key))
    except UpstreamError as error:
        return (Problem(key, f"no answer about the sample account: {error}", "check its url"),)


http_json = Upstream(
    name="http_json",
    title=TITLE,
    docs_url=DOCS,
    options=HttpJsonOptions,
    supplies=frozenset(),
    supplies_by=supplies_by,
    custom_by=lambda options: {} if "items" in options else custom_of(options["mapping"]),
    fetch=fetch,
    find=find,
    check=check,
    base_url=lambda options: str(options["url"]),
    headers=headers,
    personal=lambda options: "{email}" in options["path"],
    budget=3600.0,
)
