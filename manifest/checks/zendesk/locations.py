"""Where a Zendesk app appears: products, locations and their addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from manifest.checks.values import is_local_url, is_secure_url, is_text
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"
RECORD = "custom_object_record_sidebar"
SUPPORT = frozenset(
    [
        "top_bar",
        "nav_bar",
        "ticket_sidebar",
        "new_ticket_sidebar",
        "user_sidebar",
        "organization_sidebar",
        "background",
        "modal",
        "ticket_editor",
        "system_top_bar",
    ]
) | {RECORD}
CHAT = frozenset({"chat_sidebar", "background"})
STANDALONE_CHAT = frozenset({"nav_bar", "system_top_bar"})
SELL = frozenset(
    [
        "deal_card",
        "person_card",
        "company_card",
        "lead_card",
        "background",
        "modal",
        "dashboard",
        "top_bar",
        "note_editor",
        "call_log_editor",
        "email_editor",
        "visit_editor",
    ]
)
PRODUCTS = {"support": SUPPORT, "chat": CHAT, "standalone_chat": STANDALONE_CHAT, "sell": SELL}
LEGACY = {"zendesk": SUPPORT, "zopim": CHAT, "lotus_box": STANDALONE_CHAT | SELL}
OLD_NAMES = {"zendesk": "support", "zopim": "chat", "lotus_box": "standalone_chat"}
BOOLEANS = ("flexible", "autoLoad", "autoHide", "signed")
SETTING = "{{setting."
SAFE = "%:/?#[]@!$&'()*+,;=~"  # https://www.rfc-editor.org/rfc/rfc3986#section-2.2


def _wrong(rule: str, message: str) -> Problem:
    return Problem(MANIFEST, rule, message)


def _url(package: AppPackage, where: str, url: Any, *, may_be_blank: bool) -> Iterator[Problem]:
    if url is None or (isinstance(url, str) and not url.strip()):
        if not may_be_blank:
            message = f"{where} has no url; it may be blank only with autoLoad: false"
            yield _wrong("location-url-blank", message)
    elif not isinstance(url, str):
        yield _wrong("location-url", f"{where}: the url must be a text")
    elif url != quote(url, safe=SAFE) and SETTING not in url:
        message = f"{where}: {url!r} holds what no address may; write %20 for a space"
        yield _wrong("location-url", message)
    elif url.startswith("assets/"):
        if url.partition("?")[0].partition("#")[0] not in package.files:
            yield _wrong("location-asset-missing", f"{where}: {url} is not in the package")
    elif SETTING not in url and not is_secure_url(url) and not is_local_url(url):
        message = f"{where}: {url!r} must be https://…, or assets/… (http only for localhost)"
        yield _wrong("location-url", message)


def _object_types(where: str, name: str, options: Mapping[str, Any]) -> Iterator[Problem]:
    given = options.get("objectTypes")
    if name != RECORD:
        if "objectTypes" in options:
            message = f"{where}: objectTypes belongs to {RECORD} only"
            yield _wrong("object-types-misplaced", message)
    elif not isinstance(given, list) or not given or not all(is_text(one) for one in given):
        message = f"{where}: objectTypes must name at least one object type"
        yield _wrong("object-types-required", message)


def _options(
    package: AppPackage, where: str, name: str, options: Mapping[str, Any]
) -> Iterator[Problem]:
    blank = options.get("autoLoad") is False
    yield from _url(package, where, options.get("url"), may_be_blank=blank)
    yield from _object_types(where, name, options)
    for key in BOOLEANS:
        if not isinstance(options.get(key), bool | None):
            yield _wrong("location-option", f"{where}.{key} must be true or false")
    if not isinstance(options.get("size"), dict | None):
        yield _wrong("location-option", f"{where}.size must be an object with height and width")


def _location(package: AppPackage, where: str, name: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _url(package, where, value, may_be_blank=False)
        if name == RECORD:
            yield from _object_types(where, name, {})
    elif isinstance(value, dict):
        yield from _options(package, where, name, value)
    else:
        yield _wrong("location-type", f"{where} must be an address or an object with a url")


def _product(package: AppPackage, product: str, places: Any) -> Iterator[Problem]:
    known = PRODUCTS.get(product) or LEGACY.get(product)
    if known is None:
        message = f"{product!r} is no product; known: {', '.join(PRODUCTS)}"
        yield _wrong("product-unknown", message)
    elif not isinstance(places, dict):
        message = f"location.{product} must be an object: location → address"
        yield _wrong("location-type", message)
    else:
        for name, value in places.items():
            where = f"location.{product}.{name}"
            if name not in known:
                message = f"{where}: {product} has no such location"
                yield _wrong("location-unknown", message)
            yield from _location(package, where, name, value)


def check_locations(package: AppPackage, table: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with `location`."""
    if table.get("requirementsOnly") is True or table.get("marketingOnly") is True:
        return
    location = table.get("location")
    if location is None:
        yield _wrong("location-required", "location is missing: {product: {location: address}}")
    elif not isinstance(location, dict):
        yield _wrong("location-type", "location must be an object: {product: {location: address}}")
    elif not any(location.values()):
        yield _wrong("location-required", "location names no place: {product: {location: address}}")
    else:
        for product, places in location.items():
            yield from _product(package, product, places)
