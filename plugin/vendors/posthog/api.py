"""Ask PostHog: a HogQL query with bound values, a group by its key, a sample of groups.

https://posthog.com/docs/api/queries and https://posthog.com/docs/api/groups
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from plugin.errors import Problem, UpstreamBroken, UpstreamError
from plugin.sources.mapping.queries import Rows
from plugin.sources.mapping.reading import instant
from plugin.upstream import Link

_SCOPE = re.compile(r"scope '([a-z_]{1,40}:[a-z]{1,10})'")
SAID_MOST = 160  # characters of PostHog's own words that `sidelight check` repeats


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What a query answered, and the time for which PostHog says that it holds."""

    rows: Rows
    as_of: datetime


def _path(link: Link, rest: str) -> str:
    return f"/api/projects/{quote(str(link.options['project']), safe='')}/{rest}"


def _named(columns: Any, results: Any) -> tuple[Mapping[str, Any], ...]:
    """Return the rows by the lower-case names of their columns."""
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise UpstreamBroken("its answer names no columns")
    if not isinstance(results, list):
        raise UpstreamBroken("its answer holds no rows")
    if not all(isinstance(row, list) and len(row) == len(columns) for row in results):
        raise UpstreamBroken("its answer holds rows that do not fit their columns")
    names = [name.lower() for name in columns]
    return tuple(dict(zip(names, row, strict=True)) for row in results)


def ask(link: Link, name: str, sql: str, values: Mapping[str, Any], most: int) -> QueryAnswer:
    """Return at most `most` rows of a query; `name` shows in PostHog's own log of queries."""
    query = {"kind": "HogQLQuery", "query": sql, "values": dict(values)}
    body = link.client.post(_path(link, "query/"), {"query": query, "name": f"sidelight {name}"})
    if not isinstance(body, Mapping) or body.get("error"):
        raise UpstreamBroken("its answer is none to a query")
    rows = _named(body.get("columns"), body.get("results"))
    is_cut = len(rows) > most or body.get("hasMore") is True
    columns = tuple(name.lower() for name in body["columns"])
    refreshed = instant(body.get("last_refresh")) or link.now
    return QueryAnswer(Rows(columns, rows[:most], is_cut), min(refreshed, link.now))


def _group(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, Mapping) or not isinstance(body.get("group_properties"), Mapping):
        raise UpstreamBroken("it answered with something that is no group")
    return body


def group(link: Link, key: str) -> Mapping[str, Any]:
    """Return a group by its key; another one than the one asked for is refused.

    Without `skip_create_notebook` PostHog would write a notebook for the group.
    """
    kind = link.options["group_type"]
    params = [
        ("group_type_index", str(kind)),
        ("group_key", key),
        ("skip_create_notebook", "true"),
    ]
    found = _group(link.client.get(_path(link, "groups/find"), params))
    if found.get("group_key") != key or found.get("group_type_index") != kind:
        raise UpstreamBroken("it answered with another group than the one asked for")
    return found


def groups(link: Link) -> list[Mapping[str, Any]]:
    """Return the first hundred groups of the type that accounts are."""
    params = [("group_type_index", str(link.options["group_type"]))]
    body = link.client.get(_path(link, "groups/"), params)
    rows = body.get("results") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        raise UpstreamBroken("it answered with something that is no list of groups")
    return [_group(row) for row in rows]


def group_types(link: Link) -> dict[int, str]:
    """Return the types of groups that the project has: index → name."""
    body = link.client.get(_path(link, "groups_types/"))
    if not isinstance(body, list):
        raise UpstreamBroken("it answered with something that is no list of group types")
    named = [row for row in body if isinstance(row, Mapping)]
    return {
        row["group_type_index"]: str(row.get("group_type"))
        for row in named
        if isinstance(row.get("group_type_index"), int)
    }


def detail(error: UpstreamError) -> str:
    """Return PostHog's own words for a refusal, "" where it has none that can be shown."""
    said = error.answer.get("detail") if isinstance(error.answer, Mapping) else None
    text = " ".join(said.split()) if isinstance(said, str) else ""
    return text[:SAID_MOST] if text.isprintable() else ""


def explained(link: Link, error: UpstreamError) -> Problem:
    """Return what an admin has to do about a refusal of every call."""
    key, project, url = f"upstreams.{link.name}", link.options["project"], link.options["url"]
    if error.status == HTTPStatus.UNAUTHORIZED:
        hint = f"a key is known in one region only: is it one of {url}?"
        return Problem(f"{key}.key", "PostHog does not know this key", hint)
    if error.status == HTTPStatus.FORBIDDEN:
        scope = _SCOPE.search(detail(error))
        lacking = scope[1] if scope else f"access to project {project}"
        hint = "give it the scopes query:read and group:read, for this project"
        return Problem(f"{key}.key", f"the key has no {lacking}", hint)
    if error.status == HTTPStatus.NOT_FOUND:
        hint = "its number stands in PostHog under Settings → Project → General"
        return Problem(f"{key}.project", f"{url} has no project {project}", hint)
    return Problem(key, f"PostHog did not answer: {error}", "see status.posthog.com")
