"""Faults that vendors refuse and that the eye passes over: each is named with file and rule."""

from __future__ import annotations

from typing import Any

import pytest

from manifest.build import helpdesks
from manifest.check import check
from tests.manifest.broken import GONE, found, good, with_files, with_json

MANIFEST, SERVER = "manifest.json", "server/server.js"
REQUESTS, IPARAMS = "config/requests.json", "config/iparams.json"
APP, CARD = "src/app/app-hsmeta.json", "src/app/cards/helpdesk-hsmeta.json"
CONNECTED = "force-app/main/default/connectedApps/Sidelight.connectedApp-meta.xml"
PAGE = "force-app/main/default/pages/SidelightCase.page"

JSON: list[tuple[str, str, Any, str]] = [
    ("freshdesk", MANIFEST, {"plan": "free"}, "unknown-key"),
    ("freshdesk", MANIFEST, {"engines": {"node": "18"}}, "wrong-form"),
    ("freshdesk", MANIFEST, {"engines": {"npm": "10.0.0"}}, "unknown-key"),
    ("freshdesk", MANIFEST, {"dependencies": {"jsonwebtoken": "latest"}}, "wrong-form"),
    ("freshdesk", MANIFEST, {"modules": {"tickets": {}}}, "unknown-key"),
    ("freshdesk", MANIFEST, {"modules": {"support_ticket": {"functions": {}}}}, "unknown-key"),
    ("freshdesk", MANIFEST, {"modules": {"common": {"requests": []}}}, "wrong-type"),
    (
        "freshdesk",
        MANIFEST,
        {"modules": {"common": {"functions": {"accountContext": {"timeout": "20"}}}}},
        "wrong-value",
    ),
    ("freshdesk", REQUESTS, {"accountContext": {"schema": {"url": "x"}}}, "unknown-key"),
    ("freshdesk", REQUESTS, {"accountContext": {"schema": {"path": "/a b"}}}, "request-path"),
    ("freshdesk", REQUESTS, {"accountContext": {"schema": {"path": "/a?b=c"}}}, "request-path"),
    (
        "freshdesk",
        REQUESTS,
        {"accountContext": {"schema": {"headers": {"Authorization": "Bearer {{token}}"}}}},
        "request-placeholder",
    ),
    (
        "freshdesk",
        REQUESTS,
        {"accountContext": {"schema": {"headers": {"Authorization": "<%= context.token"}}}},
        "request-placeholder",
    ),
    (
        "freshdesk",
        REQUESTS,
        {"accountContext": {"schema": {"headers": {"X-Key": "<%= iparam.none %>"}}}},
        "request-iparam",
    ),
    ("freshdesk", REQUESTS, {"accountContext": {"schema": {"headers": {"X": 1}}}}, "wrong-type"),
    ("freshdesk", IPARAMS, {"api_key": {"secure": False}}, "iparam-secure"),
    ("freshdesk", IPARAMS, {"api_key": {"options": ["a"]}}, "iparam-options"),
    ("freshdesk", IPARAMS, {"api_key": {"hint": "x"}}, "unknown-key"),
    ("freshdesk", IPARAMS, {"api_key": {"events": [{"click": "f"}]}}, "iparam-event"),
    ("freshdesk", IPARAMS, {"": {"display_name": "x", "type": "text"}}, "wrong-form"),
    ("hubspot", "hsproject.json", {"version": "1"}, "unknown-key"),
    ("hubspot", APP, {"uid": "side light"}, "meta-uid"),
    ("hubspot", APP, {"uid": "x" * 65}, "meta-uid"),
    ("hubspot", APP, {"type": "application"}, "meta-type"),
    ("hubspot", APP, {"config": {"publicApp": True}}, "unknown-key"),
    ("hubspot", APP, {"config": {"distribution": "marketplace"}}, "app-auth"),
    ("hubspot", APP, {"config": {"auth": {"requiredScopes": ["a b"]}}}, "wrong-form"),
    ("hubspot", APP, {"config": {"support": {"supportEmail": "support"}}}, "wrong-form"),
    ("hubspot", APP, {"config": {"permittedUrls": {"fetch": ["https://a b"]}}}, "permitted-urls"),
    ("hubspot", APP, {"config": {"permittedUrls": {"get": []}}}, "unknown-key"),
    ("hubspot", CARD, {"config": {"objectTypes": ["contacts"]}}, "card-object-types"),
    ("hubspot", CARD, {"config": {"objectTypes": "tickets"}}, "wrong-type"),
    ("hubspot", CARD, {"config": {"title": "x"}}, "unknown-key"),
    ("hubspot", "src/app/cards/package.json", {"version": "1"}, "wrong-form"),
    ("kustomer", "app.json", {"visibility": "internal"}, "wrong-value"),
    ("kustomer", "app.json", {"dependencies": {}}, "wrong-type"),
    ("salesforce", "sfdx-project.json", {"apiVersion": "62.0"}, "unknown-key"),
    ("salesforce", "sfdx-project.json", {"sourceApiVersion": "62"}, "wrong-form"),
    ("salesforce", "sfdx-project.json", {"namespace": "side light"}, "wrong-form"),
    ("plain", "setup.json", {"token": "abc"}, "unknown-key"),
]


@pytest.mark.parametrize("helpdesk", helpdesks())
def test_what_we_build_has_none_of_them(helpdesk: str) -> None:
    """Each package of ours is clean by every rule."""
    assert check(good(helpdesk)) == []


@pytest.mark.parametrize(("helpdesk", "file", "change", "rule"), JSON)
def test_json_is_held_against_the_vendors_schema(
    helpdesk: str, file: str, change: Any, rule: str
) -> None:
    """Unknown keys, other types and other forms are refused where the vendor refuses them."""
    assert (file, rule) in found(with_json(good(helpdesk), file, change))


TEXT: list[tuple[str, str, str, str, str]] = [
    ("jira", "manifest.yml", "key: sidelight-issue", "key: sidelight issue", "wrong-form"),
    ("jira", "manifest.yml", "render: native", "render: html", "wrong-value"),
    ("jira", "manifest.yml", "enabled: true", 'enabled: "yes"', "wrong-type"),
    ("jira", "manifest.yml", "    - read:jira-work\n", "", "scope-missing"),
    ("jira", "manifest.yml", "- read:jira-work", "- read jira work", "wrong-form"),
    ("jira", "manifest.yml", "nodejs22.x", "nodejs18.x", "app-runtime"),
    (
        "jira",
        "manifest.yml",
        "remotes:\n  - key: sidelight",
        f"remotes:\n  - key: {'s' * 24}",
        "wrong-size",
    ),
    ("jira", "manifest.yml", "modules:", "module:", "unknown-key"),
    (
        "jira",
        "manifest.yml",
        "    operations:\n      - fetch\n",
        "    operations: []\n",
        "wrong-size",
    ),
    (
        "jira",
        "manifest.yml",
        "      auth:\n",
        "      auth:\n        userToken: {enabled: true}\n",
        "unknown-key",
    ),
    ("jira", "src/index.jsx", "from 'react'", "from 'preact'", "import-not-declared"),
    (
        "hubspot",
        "src/app/cards/SidelightCard.jsx",
        "from 'react'",
        "from 'preact'",
        "import-not-declared",
    ),
    ("salesforce", CONNECTED, "<label>", "<labl>x</labl><label>", "unknown-key"),
    ("salesforce", CONNECTED, "<label>", "<label>x</label><label>", "duplicate-key"),
    ("salesforce", CONNECTED, ">true<", ">yes<", "wrong-type"),
    ("salesforce", CONNECTED, ">Basic<", ">Everything<", "oauth-scope"),
    ("salesforce", CONNECTED, "<callbackUrl>https", "<callbackUrl>http", "callback-url"),
    ("salesforce", CONNECTED, "support@sidelight.example", "support", "app-text"),
    ("salesforce", f"{PAGE}-meta.xml", ">62.0<", ">sixty<", "api-version"),
    ("salesforce", f"{PAGE}-meta.xml", ">false<", ">0<", "wrong-type"),
    ("salesforce", f"{PAGE}-meta.xml", "ApexPage", "Page", "page-meta"),
    ("salesforce", PAGE, "apex:canvasApp", "apex:iframe", "page-app"),
    ("kustomer", "app.json", "{context}", "{context", "kview-template"),
    ("kustomer", "app.json", " /\\u003e", " /", "kview-template"),
    ("static_key", "dixa-card.liquid", "{%- endfor -%}", "", "liquid-syntax"),
    (
        "static_key",
        "dixa-card.liquid",
        "{{ judged | escape }}",
        "{{ judged | escape }",
        "liquid-syntax",
    ),
    ("static_key", "dixa-card.liquid", "{{ judged | escape }}", "{{ judged }}", "liquid-unescaped"),
    ("static_key", "dixa-card.liquid", "judged | escape", "judged | escpae", "liquid-filter"),
    ("static_key", "dixa-card.liquid", "{%- elsif", "{%- elseif", "liquid-syntax"),
    ("plain", "setup.json", "${TOKEN}", "${TOKENS}", "call-placeholder"),
    ("plain", "setup.json", "createCustomerCardConfig(input", "createCard(input", "wrong-form"),
    ("plain", "setup.json", "core-api.uk.plain.com", "api.plain.example", "call-url"),
    ("plain", "install.html", "secrets = [", "secrets = ", "sheet-settings"),
    ("chatwoot", "setup.json", "dashboard_apps", "dashboards", "call-url"),
    ("static_key", "setup.json", "${integration.id}", "${integrations.id}", "call-placeholder"),
    ("freshdesk", "app/index.html", "scripts/app.js", "scripts/main.js", "page-file-missing"),
    (
        "freshdesk",
        SERVER,
        "exports = {",
        "const helper = () => 1;\nexports = {",
        "server-exports-first",
    ),
    ("freshdesk", SERVER, "exports = {", "function help() {}\nexports = {", "server-exports-first"),
    ("freshdesk", SERVER, "exports = {", "const api = {", "server-exports"),
    ("freshdesk", SERVER, "('jsonwebtoken')", "('jose')", "import-not-declared"),
]


@pytest.mark.parametrize(("helpdesk", "file", "old", "new", "rule"), TEXT)
def test_text_is_held_against_the_vendors_rules(
    helpdesk: str, file: str, old: str, new: str, rule: str
) -> None:
    """One word changed in code, XML, YAML, Liquid or a page is refused, and the rule is named."""
    text = good(helpdesk).files[file].decode()
    assert old in text
    assert (file, rule) in found(with_files(good(helpdesk), {file: text.replace(old, new)}))


CODE: list[tuple[str, str, str, str]] = [
    ("freshdesk", SERVER, "  }\n};", "  }\n;"),
    ("freshdesk", "app/scripts/app.js", "})();", "}();"),
    ("hubspot", "src/app/cards/SidelightCard.jsx", "const h = React", "const h == React"),
    ("jira", "src/index.jsx", "const h = React", "const = React"),
]


@pytest.mark.parametrize(("helpdesk", "file", "old", "new"), CODE)
def test_code_that_cannot_be_parsed_is_reported(
    helpdesk: str, file: str, old: str, new: str
) -> None:
    """A brace too few in a package's code is found before a bundler finds it."""
    text = good(helpdesk).files[file].decode()
    assert old in text
    assert (file, "script-syntax") in found(
        with_files(good(helpdesk), {file: text.replace(old, new)})
    )


FILES: list[tuple[str, dict[str, Any], str, str]] = [
    ("freshdesk", {IPARAMS: GONE}, IPARAMS, "iparams-missing"),
    ("freshdesk", {"app/styles/images/icon.svg": "PNG"}, MANIFEST, "location-icon"),
    ("hubspot", {"src/app/cards/package.json": GONE}, "src/app/cards/package.json", "missing-file"),
    ("jira", {"package.json": GONE}, "package.json", "missing-file"),
    ("static_key", {"dixa-card.liquid": ""}, "dixa-card.liquid", "liquid-syntax"),
]


@pytest.mark.parametrize(("helpdesk", "files", "path", "rule"), FILES)
def test_a_file_that_must_be_there_is_missed(
    helpdesk: str, files: dict[str, Any], path: str, rule: str
) -> None:
    """A file that the vendor needs is missed, and one that holds something else is told."""
    assert (path, rule) in found(with_files(good(helpdesk), files))


def test_a_card_needs_the_scope_of_its_records() -> None:
    """A card beside tickets, in an app that may not read tickets, is refused."""
    change = {"config": {"auth": {"requiredScopes": ["oauth"]}}}
    assert (CARD, "card-scope") in found(with_json(good("hubspot"), APP, change))


def test_a_card_in_another_folder_is_reported() -> None:
    """HubSpot only looks for cards in app/cards, so one elsewhere is refused."""
    files = {CARD: GONE, "src/cards/helpdesk-hsmeta.json": good("hubspot").files[CARD]}
    rows = found(with_files(good("hubspot"), files))
    assert ("src/cards/helpdesk-hsmeta.json", "meta-folder") in rows


def test_metadata_in_another_folder_is_reported() -> None:
    """Salesforce only looks for connected apps in connectedApps, so one elsewhere is refused."""
    files = {
        CONNECTED: GONE,
        "force-app/main/Side__light.connectedApp-meta.xml": good("salesforce").files[CONNECTED],
    }
    rules = {rule for _, rule in found(with_files(good("salesforce"), files))}
    assert {"folder", "app-name"} <= rules
