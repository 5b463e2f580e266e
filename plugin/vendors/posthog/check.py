"""What `sidelight check` says of a connection to PostHog: rights, names, queries, properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plugin.errors import Problem, UpstreamBroken, UpstreamError, did_you_mean
from plugin.sources.mapping.mapped import sources_of
from plugin.sources.mapping.queries import QueryResult, queries_of
from plugin.sources.mapping.reading import place_of
from plugin.sources.mapping.sampling import missing, sampled
from plugin.upstream import Link
from plugin.vendors.posthog.activity_query import activity_sql, people_sql
from plugin.vendors.posthog.activity_spec import DAY, Spec, values_of
from plugin.vendors.posthog.api import ask, detail, explained, group_types, groups
from plugin.vendors.posthog.hogql import binds_of
from plugin.vendors.posthog.options import hour_of

TITLE = "PostHog"
MOST_NAMES = 5000
_NAMES_SQL = """SELECT event FROM events
WHERE timestamp > fromUnixTimestamp({since}) GROUP BY event ORDER BY event LIMIT 5000"""
_SINCE = 28 * DAY


def _group_type(link: Link) -> Iterator[Problem]:
    kind, known = link.options["group_type"], group_types(link)
    if kind in known:
        return
    has = ", ".join(f"{index} = {name}" for index, name in sorted(known.items())) or "none"
    hint = f"its group types: {has}; without group_type, accounts are people by e-mail domain"
    yield Problem(f"upstreams.{link.name}.group_type", f"PostHog has no group type {kind}", hint)


def _properties(link: Link) -> Iterator[Problem]:
    """Yield mapped properties that no sampled group has, and how full the others are."""
    key, mapped = f"upstreams.{link.name}.fields", link.options["mapping"]
    if not mapped:
        return
    said = [each["group_properties"] for each in groups(link)]
    yield from sampled(key, mapped, said, place_of(link, TITLE))


def _unseen(key: str, name: str, known: Sequence[str]) -> Problem:
    hint = did_you_mean(name, known, "what is not sent is not counted")
    return Problem(key, f"no event of the last 28 days is called {name}", hint)


def _events(link: Link) -> Iterator[Problem]:
    """Yield names of events that nobody has sent lately: what they count is always 0."""
    key, options = f"upstreams.{link.name}", link.options
    named = [("active", name) for name in options.get("active") or ()]
    named += [("exports", name) for name in options.get("exports") or ()]
    modules = options.get("modules") or {}
    if not named and not modules:
        return
    values = {"since": int(link.now.timestamp()) - _SINCE}
    answer = ask(link, "event names", _NAMES_SQL, values, MOST_NAMES)
    known = [str(row.get("event")) for row in answer.rows.rows]
    if len(known) >= MOST_NAMES:
        return  # there are more, so what is not among them may still be sent
    yield from (_unseen(f"{key}.{word}", name, known) for word, name in named if name not in known)
    for module, prefixes in modules.items():
        for prefix in prefixes:
            if not any(name.startswith(prefix) for name in known):
                said = f"no event of the last 28 days begins with {prefix}"
                yield Problem(f"{key}.modules.{module}", said, "take it out, or mend it")


def _nobody(link: Link) -> Spec:
    options = link.options
    return Spec(
        options["group_type"],
        ("",),
        tuple(options.get("active") or ()),
        options.get("modules") or {},
        tuple(options.get("exports") or ()),
        tuple(sorted(link.own_domains)),
        hour_of(link.now),
        link.time_zone,
    )


def _built_in(link: Link) -> Iterator[Problem]:
    """Yield nothing: PostHog either takes our own queries, asked for nobody, or raises."""
    spec = _nobody(link)
    if link.options["activity"]:
        ask(link, "check activity", activity_sql(spec), values_of(spec), 1)
    if link.options["contacts"]:
        ask(link, "check people", people_sql(spec), values_of(spec), 1)
    yield from ()


def _query(one: QueryResult, link: Link) -> Iterator[Problem]:
    """Yield what is wrong with a query of the workspace's own, asked for nobody."""
    key = f"upstreams.{link.name}.queries.{one.name}"
    values: dict[str, Any] = dict.fromkeys(binds_of(one.sql), "")
    if "own_domains" in values:
        values["own_domains"] = sorted(link.own_domains)
    try:
        answer = ask(link, f"check {one.name}", one.sql, values, 1)
    except UpstreamBroken as error:
        yield Problem(key, detail(error) or str(error), "try it in PostHog's SQL editor")
        return
    columns = set(answer.rows.columns)
    known = columns | {name for name in sources_of(one.mapped) if name.lower() in columns}
    yield from missing(f"{key}.fields", one.mapped, known)


def _checks(link: Link) -> Iterator[Iterator[Problem]]:
    if link.options["group_type"] is not None:
        yield _group_type(link)
        yield _properties(link)
    yield _events(link)
    yield _built_in(link)
    yield from (_query(one, link) for one in queries_of(link.options))


def check(link: Link) -> tuple[Problem, ...]:
    """Return a wrong key, project or region, missing scopes, names and properties that are not."""
    found: list[Problem] = []
    for each in _checks(link):
        try:
            found += each
        except UpstreamError as error:
            found.append(explained(link, error))
    return tuple(dict.fromkeys(found))
