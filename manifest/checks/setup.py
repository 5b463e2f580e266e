"""Check the calls that set an install up by a helpdesk's API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from manifest.checks.documents import read_object
from manifest.checks.shapes import check_shape
from manifest.checks.values import is_secure_url, is_text, table, tables
from manifest.package import AppPackage
from manifest.problem import Problem

FILE = "setup.json"
# What stands in for values that are known when the calls are sent, see Call.
FILLED_IN = frozenset({"KEY", "TOKEN", "HOST", "ACCOUNT", "ACCOUNT_ID"})
# Where each helpdesk takes these calls.
ADDRESSES = {
    "plain": re.compile(r"https://core-api\.[a-z]+\.plain\.com/graphql/v1\Z"),
    "chatwoot": re.compile(
        r"https://[^/]+/api/v1/accounts/([0-9]+|\$\{ACCOUNT_ID\})/dashboard_apps\Z"
    ),
    "static_key": re.compile(r"https://[^/]+/api/(integrations|widgets)\Z"),
}
METHODS = ("POST", "PUT", "PATCH")
PLACEHOLDER = re.compile(r"\$\{[\w.]+\}")
CARD_KEY = re.compile(r"[a-zA-Z0-9_-]{1,500}\Z", re.ASCII)
LONGEST_TITLE = 500  # https://www.plain.com/docs/customer-cards
LONGEST_URL = 600
TIME_TO_LIVE = (15, 31_536_000)  # seconds
MOST_HEADERS = 20
EVENTS = frozenset(
    {
        "ticket-created",
        "ticket-updated",
        "ticket-message-created",
        "ticket-self-unsnoozed",
        "ticket-message-failed",
    }
)


def _wrong(rule: str, message: str) -> Problem:
    return Problem(FILE, rule, message)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and is_secure_url(PLACEHOLDER.sub("x", value))


def _plain(call: Mapping[str, Any]) -> Iterator[Problem]:
    card = table(table(table(call.get("body")).get("variables")).get("input"))
    title, key, url = (card.get(name) for name in ("title", "key", "apiUrl"))
    if not is_text(title) or len(str(title)) > LONGEST_TITLE:
        yield _wrong("plain-title", f"the title must have 1 to {LONGEST_TITLE} characters")
    if not isinstance(key, str) or not CARD_KEY.match(key):
        yield _wrong("plain-key", "the key must be letters, digits, _ and -, at most 500")
    if not _is_address(url) or len(str(url)) > LONGEST_URL:
        yield _wrong("plain-url", f"apiUrl must be https, at most {LONGEST_URL} characters")
    seconds = card.get("defaultTimeToLiveSeconds")
    whole = isinstance(seconds, int) and not isinstance(seconds, bool)
    if not whole or not TIME_TO_LIVE[0] <= int(seconds or 0) <= TIME_TO_LIVE[1]:
        yield _wrong("plain-time-to-live", "must be 15 to 31,536,000 seconds")
    headers = card.get("apiHeaders", [])
    if not isinstance(headers, list) or len(headers) > MOST_HEADERS:
        yield _wrong("plain-headers", f"apiHeaders must be a list of at most {MOST_HEADERS}")


def _chatwoot(call: Mapping[str, Any]) -> Iterator[Problem]:
    body = table(call.get("body"))
    if not is_text(body.get("title")):
        yield _wrong("chatwoot-title", "the app has no title")
    frames = tables(body.get("content"))
    if not frames:
        yield _wrong("chatwoot-content", "content names no frame")
    for frame in frames:
        if frame.get("type") != "frame" or not _is_address(frame.get("url")):
            yield _wrong("chatwoot-content", "each content is a frame with an https address")


def _gorgias_integration(body: Mapping[str, Any]) -> Iterator[Problem]:
    http = table(body.get("http"))
    if not _is_address(http.get("url")):
        yield _wrong("gorgias-url", "http.url must be an https address")
    events = set(map(str, table(http.get("triggers"))))
    if not events or events - EVENTS:
        yield _wrong("gorgias-triggers", f"triggers are among {', '.join(sorted(EVENTS))}")


def _gorgias_widget(body: Mapping[str, Any]) -> Iterator[Problem]:
    if body.get("context") not in ("ticket", "customer"):
        yield _wrong("gorgias-context", 'the context is "ticket" or "customer"')
    template = table(body.get("template"))
    if template.get("type") != "wrapper" or not tables(template.get("widgets")):
        yield _wrong("gorgias-template", "the template is a wrapper with widgets in it")


def _gorgias(call: Mapping[str, Any]) -> Iterator[Problem]:
    body = table(call.get("body"))
    is_widget = str(call.get("url", "")).endswith("/widgets")
    yield from (_gorgias_widget if is_widget else _gorgias_integration)(body)


SHAPES = {"plain": "plain_card", "chatwoot": "chatwoot_app"}
GORGIAS = ("gorgias_integration", "gorgias_widget")
OWN: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Problem]]] = {
    "plain": _plain,
    "chatwoot": _chatwoot,
    "static_key": _gorgias,
}


def _call(place: int, call: Mapping[str, Any]) -> Iterator[Problem]:
    where = f"calls[{place}]"
    if call.get("method") not in METHODS:
        yield _wrong("call-method", f"{where}.method must be one of {', '.join(METHODS)}")
    if not _is_address(call.get("url")):
        yield _wrong("call-url", f"{where}.url must be an https address")
    headers = call.get("headers", {})
    if not isinstance(headers, dict) or not all(is_text(one) for one in headers.values()):
        yield _wrong("call-headers", f"{where}.headers must be an object of texts")
    elif not any(PLACEHOLDER.search(str(one)) for one in headers.values()):
        yield _wrong("call-secret", f"{where} must name its token by ${{TOKEN}}, not hold it")


def _shapes(helpdesk: str, calls: list[dict[str, Any]]) -> Iterator[Problem]:
    for place, call in enumerate(calls):
        url = str(call.get("url", ""))
        if not ADDRESSES[helpdesk].match(url):
            yield _wrong("call-url", f"calls[{place}]: {url!r} is no address for this")
        schema = SHAPES.get(helpdesk) or f"gorgias_{url.rpartition('/')[2].rstrip('s')}"
        if schema in (*SHAPES.values(), *GORGIAS):
            yield from check_shape(FILE, schema, call.get("body"))


def _unknown(calls: list[dict[str, Any]]) -> Iterator[Problem]:
    """Yield placeholders that nothing fills in: neither the settings nor an earlier call."""
    earlier: set[str] = set()
    for call in calls:
        names = set(re.findall(r"\$\{([^}]*)\}?", json.dumps(call)))
        for name in sorted(names - FILLED_IN - {f"{one}.id" for one in earlier}):
            yield _wrong("call-placeholder", f"nothing fills in ${{{name}}}")
        own = str(call.get("name"))
        if own in earlier:
            yield _wrong("call-name", f"two calls are named {own!r}")
        earlier.add(own)


def check_setup(package: AppPackage) -> Iterator[Problem]:
    """Yield what is wrong with the calls."""
    document = read_object(package, FILE)
    yield from document.problems
    if document.problems:
        return
    yield from check_shape(FILE, "setup", document.table)
    own = OWN.get(str(document.table.get("helpdesk")))
    if own is None:
        yield _wrong("setup-helpdesk", f"helpdesk must be one of {', '.join(OWN)}")
    calls = document.table.get("calls")
    if not isinstance(calls, list) or not calls or len(tables(calls)) != len(calls):
        yield _wrong("setup-calls", "calls must be a list of objects")
    yield from _unknown(tables(calls))
    if own is not None:
        yield from _shapes(str(document.table.get("helpdesk")), tables(calls))
    for place, call in enumerate(tables(calls)):
        yield from _call(place, call)
        if own is not None:
            yield from own(call)
