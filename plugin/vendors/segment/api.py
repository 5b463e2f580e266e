"""Ask Segment's Profile API: the traits of a profile, its ids, and whom it is linked to.

https://www.twilio.com/docs/segment/unify/profile-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from plugin.errors import UpstreamBroken
from plugin.upstream import Link

MOST = "200"  # traits of one answer; without a limit Segment gives ten
MOST_IDS = "100"
MOST_LINKS = "20"  # the most that Segment gives of links
MAX_PAGES = 10


def _pages(link: Link, path: str, limit: str, include: str = "") -> Iterator[Mapping[str, Any]]:
    """Yield each page of an answer; UpstreamBroken where there are more than we read."""
    always = [("limit", limit), *([("include", include)] if include else [])]
    params = always
    for _ in range(MAX_PAGES):
        body = link.client.get(path, params)
        cursor = body.get("cursor") if isinstance(body, Mapping) else None
        if not isinstance(body, Mapping):
            raise UpstreamBroken("it answered with something that is no page")
        yield body
        if not isinstance(cursor, Mapping) or cursor.get("has_more") is not True:
            return
        following = cursor.get("next")
        if not isinstance(following, str) or not following:
            raise UpstreamBroken("its answer does not say where the next page is")
        params = [*always, ("next", following)]
    raise UpstreamBroken(f"its answer has more than {MAX_PAGES} pages")


def _path(link: Link, collection: str, kind: str, key: str, what: str) -> str:
    space = quote(link.options["space"], safe="")
    identifier = f"{quote(kind, safe='')}:{quote(key, safe='')}"
    return f"/v1/spaces/{space}/collections/{collection}/profiles/{identifier}/{what}"


def traits(link: Link, collection: str, kind: str, key: str) -> dict[str, Any]:
    """Return every trait of a profile; UpstreamNotFound where there is no such profile."""
    found: dict[str, Any] = {}
    for page in _pages(link, _path(link, collection, kind, key, "traits"), MOST):
        if not isinstance(page.get("traits"), Mapping):
            raise UpstreamBroken("it answered with something that is no traits")
        found |= page["traits"]
    return found


def _rows(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = page.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UpstreamBroken("it answered with something that is no list")
    return rows


def check_own(link: Link, kind: str, key: str) -> None:
    """Refuse an account's profile that does not carry the id that was asked for.

    Traits say of nobody whose they are; the profile's ids do.
    """
    path = _path(link, "accounts", kind, key, "external_ids")
    for page in _pages(link, path, MOST_IDS, include=kind):
        for row in _rows(page):
            if row.get("type") == kind and row.get("id") == key:
                return
    raise UpstreamBroken("it answered with the profile of another account")


def _ids(row: Mapping[str, Any]) -> list[Any]:
    """Return the user ids of one link: the profile of a person may have several."""
    ids = row.get("external_ids")
    rows = [one for one in ids if isinstance(one, Mapping)] if isinstance(ids, list) else []
    return [one.get("id") for one in rows if one.get("type") == "user_id"]


def users_of(link: Link, kind: str, key: str) -> tuple[list[str], bool]:
    """Return a user id of each person linked to an account, and whether there may be more."""
    path = _path(link, "accounts", kind, key, "links")
    body = next(_pages(link, path, MOST_LINKS))
    rows = [row for row in _rows(body) if row.get("to_collection") == "users"]
    firsts = [next(iter(_ids(row)), None) for row in rows]
    found = list(dict.fromkeys(user for user in firsts if isinstance(user, str) and user))
    cursor = body.get("cursor")
    has_more = isinstance(cursor, Mapping) and cursor.get("has_more") is True
    return found, has_more or len(rows) >= int(MOST_LINKS) or len(found) < len(rows)
