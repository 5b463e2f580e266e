"""Ask Mixpanel for the profiles of its groups: a page of a thousand is one query of sixty an hour.

https://docs.mixpanel.com/reference/engage-query
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from plugin.errors import UpstreamBroken, UpstreamLimited
from plugin.upstream import Link
from plugin.vendors.mixpanel.batch import Page

REST = timedelta(minutes=10)  # after a 429, which never says how long: the limit is by the hour


def _profile(row: Any) -> tuple[str, Mapping[str, Any]]:
    key = row.get("$distinct_id") if isinstance(row, Mapping) else None
    said = row.get("$properties") if isinstance(row, Mapping) else None
    if isinstance(key, bool) or not isinstance(key, str | int) or not isinstance(said, Mapping):
        raise UpstreamBroken("it answered with something that is no profile")
    return str(key), said


def _page(body: Any) -> Page:
    rows = body.get("results") if isinstance(body, Mapping) else None
    if not isinstance(rows, list) or body.get("status", "ok") != "ok":
        raise UpstreamBroken("it answered with something that is no list of profiles")
    size, session = body.get("page_size"), body.get("session_id")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise UpstreamBroken("its answer does not say how long a page is")
    is_last = len(rows) < size
    if not is_last and not (isinstance(session, str) and session):
        raise UpstreamBroken("its answer has no session for the next page")
    return Page(tuple(map(_profile, rows)), str(session), is_last)


def _post(link: Link, form: Mapping[str, str]) -> Page:
    view = link.options.get("data_view")
    path = f"/engage?project_id={link.options['project']}"
    path += f"&workspace_id={view}" if view else ""
    asked = {"data_group_id": link.options["data_group_id"], **form}
    try:
        return _page(link.client.post(path, asked, form=True))
    except UpstreamLimited as error:
        until = max(error.until or link.now, link.now + REST)
        raise UpstreamLimited(str(error), until) from error


def page(link: Link, names: Sequence[str], number: int = 0, session: str = "") -> Page:
    """Return one page of all groups, with the named properties alone."""
    form = {"output_properties": json.dumps(list(names))}
    if number:
        form |= {"page": str(number), "session_id": session}
    return _post(link, form)


def some(link: Link, keys: Sequence[str]) -> Page:
    """Return the profiles of these groups with all their properties."""
    return _post(link, {"distinct_ids": json.dumps(list(keys))})
