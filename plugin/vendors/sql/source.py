"""Read facts from a database with queries that an admin wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from plugin.account.domains import read_domains
from plugin.errors import Problem, UpstreamBroken, UpstreamError, UpstreamNotFound
from plugin.sources.mapping.claims import claimed_domains
from plugin.sources.mapping.mapped import custom_of, sources_of
from plugin.sources.mapping.queries import (
    QueryResult,
    Rows,
    as_of,
    check_own,
    column_of,
    found_in,
    queries_of,
)
from plugin.sources.mapping.reading import Properties, place_of
from plugin.sources.mapping.sampling import fill_rates, missing
from plugin.sources.tabular.found import RowFindings, merge
from plugin.upstream import AccountRef, BadValue, Facts, Identity, Link, Upstream
from plugin.vendors.sql.engines import Warehouse
from plugin.vendors.sql.options import SqlOptions
from plugin.vendors.sql.queries import binds_of, run

DOCS = "https://docs.sqlalchemy.org/en/21/core/engines.html#database-urls"
TITLE = "SQL"
# Identity question → the value that its query wants.
QUESTIONS = {
    "external_id": "account_id",
    "organization": "organization",
    "contact_email": "email",
    "domain": "domain",
}


def supplies_by(options: Mapping[str, Any]) -> frozenset[str]:
    """Return what the queries of this connection fill."""
    return frozenset(path for one in queries_of(options) for path in one.paths)


def custom_by(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the custom fields that the queries fill."""
    queries = [one for one in queries_of(options) if one.root is None]
    return {name: kind for one in queries for name, kind in custom_of(one.mapped).items()}


def _run(link: Link, sql: str, values: Mapping[str, Any]) -> Rows:
    database = Warehouse(link.options["url"], link.options["seconds"])
    return run(database, sql, values, link.options["rows"])


def _values(ref: AccountRef, link: Link) -> dict[str, str | None]:
    return {
        "account_id": ref.external_ids.get(link.name, ref.id) or None,
        "domain": ref.domain,
        "email": next(iter(ref.people), None),
        "organization": None,
    }


def _ask(one: QueryResult, ref: AccountRef, link: Link) -> tuple[RowFindings, datetime, int]:
    """Return what one query says, for which time, and in how many rows."""
    values = _values(ref, link)
    lacking = [name for name in sorted(binds_of(one.sql)) if values[name] is None]
    if lacking:
        raise UpstreamNotFound(f"the account has no {lacking[0]}, which the query wants")
    rows = _run(link, one.sql, values)
    check_own(rows, binds_of(one.sql), values)
    return found_in(one, rows, place_of(link, TITLE)), as_of(one, rows, link.now), len(rows.rows)


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what the queries say of one account; a query that fails leaves a gap."""
    parts, times, errors, count = [], [link.now], [], 0
    asked = queries_of(link.options)
    for one in asked:
        try:
            found, time, rows = _ask(one, ref, link)
        except UpstreamError as error:
            errors.append(error)
            gaps = (BadValue(path, one.name, str(error), error.reason) for path in one.paths)
            found, time, rows = RowFindings(bad=tuple(gaps)), link.now, 0
        parts.append(found)
        times.append(time)
        count += rows
    if len(errors) == len(asked):
        raise errors[0]
    if not count and any(one.root is None for one in asked):
        raise UpstreamNotFound("the database has no row of this account")
    whole = merge(parts)
    return Facts(
        whole.values, min(times), whole.fields, whole.partial, whole.bad, untold=whole.untold
    )


def _ref(row: Mapping[str, Any], link: Link) -> AccountRef:
    key, name, domain = (str(row.get(word) or "").strip() for word in ("id", "name", "domain"))
    domains = read_domains([domain])
    first = next(iter(domains), None)
    return AccountRef(key, name or domain or key, first, domains, external_ids={link.name: key})


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the accounts that the query for this identity answers."""
    sql = (link.options.get("find") or {}).get(identity.by)
    if sql is None or identity.by not in QUESTIONS:
        return ()
    values = dict.fromkeys(("account_id", "domain", "email", "organization"))
    rows = _run(link, sql, {**values, QUESTIONS[identity.by]: identity.value})
    if rows.rows and "id" not in rows.columns:
        raise UpstreamBroken(f"the query find.{identity.by} answers no column id")
    refs = [_ref(row, link) for row in rows.rows]
    return tuple({ref.id: ref for ref in refs if ref.id}.values())


def _checked(one: QueryResult, link: Link, key: str) -> Iterator[Problem]:
    """Yield what is wrong with a query: asked for nobody, then for the sample."""
    rows = _run(link, one.sql, {})
    columns = set(rows.columns)
    known = columns | {name for name in sources_of(one.mapped) if name.lower() in columns}
    yield from missing(f"{key}.fields", one.mapped, known)
    there = [entry for entry in one.mapped if set(sources_of([entry])) <= known]
    said: list[Properties] = []
    for account in link.options.get("sample") or ():
        if binds_of(one.sql) <= {"account_id"}:
            said += [column_of(row) for row in _run(link, one.sql, {"account_id": account}).rows]
    place = place_of(link, TITLE)
    yield from fill_rates(f"{key}.fields", there, said, place)
    yield from claimed_domains(f"{key}.fields", there, said, place, link.unusable)


def check(link: Link) -> tuple[Problem, ...]:
    """Return queries that fail, columns that they lack, and how full the others are."""
    key = f"upstreams.{link.name}"
    found: list[Problem] = []
    for one in queries_of(link.options):
        try:
            found += _checked(one, link, f"{key}.queries.{one.name}")
        except UpstreamError as error:
            hint = "try it with the same user in your database's own client"
            found.append(Problem(f"{key}.queries.{one.name}", str(error), hint))
    for by, sql in (link.options.get("find") or {}).items():
        try:
            _run(link, sql, {})
        except UpstreamError as error:
            found.append(Problem(f"{key}.find.{by}", str(error), "see docs/vendors/sql.md"))
    return tuple(found)


sql = Upstream(
    name="sql",
    title=TITLE,
    docs_url=DOCS,
    options=SqlOptions,
    supplies=frozenset(),
    supplies_by=supplies_by,
    custom_by=custom_by,
    fetch=fetch,
    find=find,
    check=check,
    personal=lambda options: any("email" in binds_of(one.sql) for one in queries_of(options)),
    budget=3600.0,
    deadline=4.0,
)
