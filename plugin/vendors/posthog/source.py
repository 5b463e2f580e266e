"""Read an account's activity, its people and its group's properties from PostHog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from plugin.errors import UpstreamError, UpstreamNotFound
from plugin.sources.analytics import is_asked, key_of, reference
from plugin.sources.mapping.mapped import custom_of
from plugin.sources.mapping.queries import QueryResult, as_of, check_own, found_in, queries_of
from plugin.sources.mapping.reading import instant, place_of, read
from plugin.sources.tabular.found import RowFindings, merge
from plugin.upstream import AccountRef, BadValue, Facts, Identity, Link, Upstream
from plugin.vendors.posthog.activity_facts import is_idle, people_of, usage_of
from plugin.vendors.posthog.activity_query import activity_sql, people_sql
from plugin.vendors.posthog.activity_spec import MOST_PEOPLE, values_of
from plugin.vendors.posthog.api import ask, group
from plugin.vendors.posthog.check import check
from plugin.vendors.posthog.hogql import binds_of
from plugin.vendors.posthog.options import PostHogOptions, spec_of, supplies_by

DOCS = "https://posthog.com/docs/api/queries"
TITLE = "PostHog"
Part = tuple[RowFindings, datetime]


def custom_by(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the custom fields that the group and the queries fill."""
    mapped = [one.mapped for one in queries_of(options) if one.root is None]
    every = (*mapped, options["mapping"])
    return {name: kind for each in every for name, kind in custom_of(each).items()}


def _values(ref: AccountRef, link: Link) -> dict[str, Any]:
    return {
        "account_id": ref.external_ids.get(link.name, ref.id) or None,
        "domain": ref.domain,
        "email": next(iter(ref.people), None),
        "own_domains": sorted(link.own_domains),
    }


def _named(one: QueryResult, ref: AccountRef, link: Link) -> Part:
    """Return what a query of the workspace's own says."""
    values, wanted = _values(ref, link), binds_of(one.sql)
    lacking = [name for name in sorted(wanted) if values[name] is None]
    if lacking:
        raise UpstreamNotFound(f"the account has no {lacking[0]}, which the query wants")
    bound = {name: values[name] for name in wanted}
    answer = ask(link, one.name, one.sql, bound, link.options["rows"])
    check_own(answer.rows, wanted - {"own_domains"}, values)
    found = found_in(one, answer.rows, place_of(link, TITLE))
    return found, min(answer.as_of, as_of(one, answer.rows, link.now))


def _is_lasting(error: UpstreamError) -> bool:
    """Say whether asking again soon would come to the same: an answer without it may be kept."""
    is_refused_text = error.status == HTTPStatus.BAD_REQUEST
    return is_refused_text or (isinstance(error, UpstreamNotFound) and error.status is None)


def _asked(one: QueryResult, ref: AccountRef, link: Link) -> Part:
    """Return what a query says, or gaps where it is a wrong one."""
    try:
        return _named(one, ref, link)
    except UpstreamError as error:
        if not _is_lasting(error):
            raise
        gaps = (BadValue(path, one.name, str(error), error.reason) for path in sorted(one.paths))
        return RowFindings(bad=tuple(gaps)), link.now


def _group(ref: AccountRef, link: Link) -> Mapping[str, Any] | None:
    """Return the account's group; None where there are none, or this one was never described."""
    if link.options["group_type"] is None:
        return None
    try:
        return group(link, key_of(ref, link))
    except UpstreamNotFound as error:
        if error.status is None:  # the account has no key
            raise
        return None


def _properties(own: Mapping[str, Any], link: Link) -> Part:
    said = own["group_properties"].get
    return read(link.options["mapping"], said, place_of(link, TITLE)), link.now


def _activity(own: Mapping[str, Any] | None, ref: AccountRef, link: Link) -> Part:
    """Return how the account uses the product: the silence of a group that is known is a fact."""
    spec = spec_of(ref, link)
    answer = ask(link, "activity", activity_sql(spec), values_of(spec), 1)
    if own is None and is_idle(answer.rows):
        raise UpstreamNotFound("PostHog has no such group, and no activity of half a year")
    since = instant(own.get("created_at")) if own else None
    return usage_of(answer.rows, spec, since), min(answer.as_of, spec.until)


def _people(ref: AccountRef, link: Link) -> Part:
    spec = spec_of(ref, link)
    answer = ask(link, "people", people_sql(spec), values_of(spec), MOST_PEOPLE)
    return people_of(answer.rows, spec, place_of(link, TITLE)), min(answer.as_of, spec.until)


def _parts(own: Mapping[str, Any] | None, ref: AccountRef, link: Link) -> Iterator[Part]:
    """Yield each part of what PostHog says; the first that fails for now ends it all."""
    if own is not None:
        yield _properties(own, link)
    if link.options["activity"]:
        yield _activity(own, ref, link)
    if link.options["contacts"]:
        yield _people(ref, link)
    for one in queries_of(link.options):
        yield _asked(one, ref, link)


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what PostHog says of one account."""
    own = _group(ref, link)
    parts = list(_parts(own, ref, link))
    whole = merge(found for found, _ in parts)
    if own is None and not any(whole.values.values()):
        raise UpstreamNotFound("PostHog knows nothing of this account")
    times = [link.now, *(time for _, time in parts)]
    return Facts(
        whole.values, min(times), whole.fields, whole.partial, whole.bad, untold=whole.untold
    )


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the account whose group has this key: an external id, or a domain."""
    if link.options["group_type"] is None or not is_asked(identity, link):
        return ()
    try:
        own = group(link, identity.value)
    except UpstreamNotFound:
        return ()
    return (reference(identity.value, link, own["group_properties"].get),)


posthog = Upstream(
    name="posthog",
    title=TITLE,
    docs_url=DOCS,
    options=PostHogOptions,
    supplies=supplies_by({}),
    supplies_by=supplies_by,
    custom_by=custom_by,
    fetch=fetch,
    find=find,
    check=check,
    base_url=lambda options: str(options["url"]),
    headers=lambda options: {"Authorization": f"Bearer {options['key']}"},
    personal=lambda options: any("email" in binds_of(one.sql) for one in queries_of(options)),
    budget=86_400.0,
    deadline=4.0,
    rate=4.0,  # 240 a minute: https://posthog.com/docs/api#rate-limiting
)
