"""Say what is wrong with a connection to Help Scout: the app, its user's rights, the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plugin.errors import Problem, UpstreamError, UpstreamRefused
from plugin.sources.ticketing.answers import record_of, records, text, under
from plugin.sources.ticketing.checking import checked
from plugin.sources.ticketing.csat import RECENT
from plugin.upstream import Link
from plugin.vendors.helpscout.api import TITLE
from plugin.vendors.helpscout.ratings import ask

LIMITED = "user"  # the role whose inboxes others choose


def _whole(link: Link, holds: str) -> None:
    """Ask for one page; an empty one has only its count."""
    body = link.client.get(f"/v2/{holds}", [("page", "1")])
    if under(body, "page").get("totalElements") != 0:
        records(under(body, "_embedded"), holds, TITLE)


def _ratings(link: Link) -> None:
    if link.options["ratings"]:
        records(ask(link, link.now - RECENT, link.now, 1), "results", TITLE)


PARTS: tuple[tuple[str, str, Callable[[Link], None]], ...] = (
    ("organizations", "", lambda link: _whole(link, "organizations")),
    ("customers", "", lambda link: _whole(link, "customers")),
    ("conversations", "", lambda link: _whole(link, "conversations")),
    ("ratings", "they need the Plus or Pro plan; else set ratings = false", _ratings),
)


def _look(link: Link, key: str) -> Iterator[Problem]:
    """Yield what the app's user cannot read."""
    for what, hint, part in PARTS:
        try:
            part(link)
        except UpstreamRefused:
            more = hint or "use an app of an owner or administrator"
            yield Problem(f"{key}.app_id", f"Help Scout refuses it for {what}", more)
        except UpstreamError as error:
            said = f"Help Scout did not answer for {what}: {error}"
            yield Problem(key, said, "see status.helpscout.com")


def _user(link: Link, key: str) -> Iterator[Problem]:
    user = record_of(link.client.get("/v2/users/me"), TITLE)
    if text(user.get("role")).lower() == LIMITED:
        said = "its user sees only the inboxes that were given to them"
        hint = "create the app as an owner or administrator"
        yield Problem(f"{key}.app_id", said, hint)
    yield from _look(link, key)


def check(link: Link) -> tuple[Problem, ...]:
    """Return what is wrong with the app, its user's rights or the plan."""
    key = f"upstreams.{link.name}"
    hint = "copy App ID and App Secret: Your Profile → My Apps"
    refused = Problem(f"{key}.app_id", "Help Scout refuses app_id and app_secret", hint)
    down = "see status.helpscout.com"
    return checked(link, TITLE, _user(link, key), refused=refused, hint=down)
