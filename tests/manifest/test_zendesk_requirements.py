"""What a Zendesk app brings along is refused where Zendesk's own validations refuse it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from manifest.check import check
from tests.manifest.broken import found, good, with_files, with_json

REQUIREMENTS = "requirements.json"
HOOK = {
    "name": "Told",
    "status": "active",
    "endpoint": "https://ctx.acme.test/hooks",
    "http_method": "POST",
    "request_format": "json",
}
OBJECT = {"key": "plan", "title": "Plan", "title_pluralized": "Plans", "include_in_list_view": True}
FIELD = {"key": "tier", "title": "Tier", "type": "dropdown", "object_key": "plan"}
TRIGGER = {
    "key": "told",
    "object_key": "plan",
    "title": "Told",
    "actions": [{"field": "x", "value": "y"}],
    "conditions": {"all": [{"field": "x"}]},
}


def _objects(**parts: Any) -> dict[str, Any]:
    return {"custom_objects_v2": {"objects": [OBJECT], **parts}}


GOOD: list[dict[str, Any]] = [
    {},
    {"webhooks": {"told": HOOK}, "targets": {"t": {"title": "T", "type": "email_target"}}},
    {"user_fields": {"plan": {"key": "plan", "title": "Plan"}}},
    {"custom_objects": {"custom_object_types": [{"key": "a", "schema": {}}]}},
    _objects(object_fields=[FIELD], object_triggers=[TRIGGER]),
]
BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"tickets": {}}, "requirement-unknown"),
    ({"targets": {"t": {"title": "T", "type": "http_target"}}}, "requirement-unknown"),
    ({"macros": {"m": {"actions": []}}}, "requirement-field"),
    ({"organization_fields": {"plan": {"title": "Plan"}}}, "requirement-field"),
    ({"webhooks": {"told": {**HOOK, "endpoint": None}}}, "requirement-field"),
    ({"webhooks": ["told"]}, "requirement-type"),
    ({"triggers": {"t": "x"}}, "requirement-type"),
    ({"channel_integrations": {"a": {}}}, "requirement-field"),
    (
        {"channel_integrations": {key: {"manifest_url": "/m"} for key in "ab"}},
        "requirement-channels",
    ),
    ({"custom_objects": {}}, "requirement-field"),
    ({"custom_objects": {"custom_object_types": {}}}, "requirement-type"),
    ({"custom_objects": {"custom_object_types": [{"key": "a"}]}}, "requirement-field"),
    (
        {"custom_objects": {"custom_object_types": [{"key": "a", "schema": {}}] * 51}},
        "requirement-count",
    ),
    ({"macros": {str(place): {"title": "M"} for place in range(5001)}}, "requirement-count"),
    ({"custom_objects_v2": []}, "custom-object-type"),
    (_objects(objects={}), "custom-object-type"),
    (_objects(objects=[{**OBJECT, "key": "{{setting.key}}"}]), "custom-object-placeholder"),
    (_objects(object_fields=[{"key": "x"}]), "custom-object-field"),
    (_objects(object_fields=[{**FIELD, "object_key": "none"}]), "custom-object-reference"),
    (_objects(object_fields=[FIELD] * 21), "custom-object-limit"),
    (_objects(object_fields=[FIELD] * 6), "custom-object-limit"),
    (_objects(object_fields=[{**FIELD, "custom_field_options": [1] * 11}]), "custom-object-limit"),
    (_objects(object_triggers=[{**TRIGGER, "conditions": {}}]), "custom-object-conditions"),
    (_objects(object_triggers=[{**TRIGGER, "actions": []}]), "custom-object-actions"),
]


@pytest.mark.parametrize("given", GOOD)
def test_what_zendesk_takes_passes(given: dict[str, Any]) -> None:
    """Entries with all that Zendesk needs are accepted."""
    assert check(with_json(good("zendesk"), REQUIREMENTS, given)) == []


@pytest.mark.parametrize(("given", "rule"), BROKEN)
def test_a_broken_requirement_is_reported(given: dict[str, Any], rule: str) -> None:
    """Each rule for requirements, once broken, is reported with file and name."""
    assert (REQUIREMENTS, rule) in found(with_json(good("zendesk"), REQUIREMENTS, given))


@pytest.mark.parametrize("change", [{"marketingOnly": True}, {"location": {"chat": {}}}])
def test_requirements_need_a_place(change: dict[str, Any]) -> None:
    """An app that only sells, or only lives in Chat, brings no requirements."""
    package = with_files(good("zendesk"), {REQUIREMENTS: "{}"})
    manifest = {**json.loads(package.files["manifest.json"]), **change}
    package = with_files(package, {"manifest.json": json.dumps(manifest)})
    assert (REQUIREMENTS, "requirements-not-supported") in found(package)


@pytest.mark.parametrize("path", ["manifest.json", "translations/en.json"])
def test_a_byte_order_mark_is_reported(path: str) -> None:
    """JSON that begins with a byte order mark is refused: Zendesk's parser does, too."""
    content = b"\xef\xbb\xbf" + good("zendesk").files[path]
    assert (path, "byte-order-mark") in found(with_files(good("zendesk"), {path: content}))


@pytest.mark.parametrize(
    "url",
    ["https://ctx.acme.test/a b", "https://ctx.acme.test/ä", "assets/a b.html", "https://a|b"],
)
def test_an_address_holds_what_addresses_may(url: str) -> None:
    """A space, a letter beyond ASCII or a bar inside a location's address is refused."""
    change = {"location": {"support": {"ticket_sidebar": {"url": url}}}}
    files = {"assets/a b.html": "<p>"}
    package = with_json(with_files(good("zendesk"), files), "manifest.json", change)
    assert ("manifest.json", "location-url") in found(package)


def test_a_package_for_translators_has_titles_and_values() -> None:
    """With app.package set, each text of a translation is an object of title and value."""
    change = {"app": {"package": "sidelight", "name": "Sidelight"}}
    package = with_json(good("zendesk"), "translations/en.json", change)
    assert ("translations/en.json", "translation-format") in found(package)
