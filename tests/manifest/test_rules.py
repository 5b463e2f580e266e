"""The rules of the other helpdesks' packages, each broken once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.manifest.broken import GONE, found, good, with_files, with_json

FRESHWORKS: list[tuple[str, Any, str, str]] = [
    ("manifest.json", {"platform-version": "2.3"}, "manifest.json", "platform-version"),
    ("manifest.json", {"product": {"freshdesk": {}}}, "manifest.json", "legacy-key"),
    ("manifest.json", {"engines": {"node": GONE}}, "manifest.json", "engines"),
    ("manifest.json", {"dependencies": ["jsonwebtoken"]}, "manifest.json", "dependencies"),
    ("manifest.json", {"modules": GONE}, "manifest.json", "modules-required"),
    ("manifest.json", {"modules": {"support_ticket": 1}}, "manifest.json", "modules-type"),
    (
        "manifest.json",
        {"modules": {"support_ticket": GONE}},
        "manifest.json",
        "module-besides-common",
    ),
    (
        "manifest.json",
        {"modules": {"support_ticket": {"location": {"sidebar": {"url": "index.html"}}}}},
        "manifest.json",
        "location-unknown",
    ),
    (
        "manifest.json",
        {"modules": {"support_ticket": {"location": "ticket_sidebar"}}},
        "manifest.json",
        "location-type",
    ),
    (
        "manifest.json",
        {"modules": {"support_ticket": {"location": {"ticket_sidebar": {"url": GONE}}}}},
        "manifest.json",
        "location-url",
    ),
    (
        "manifest.json",
        {"modules": {"support_ticket": {"location": {"ticket_sidebar": {"icon": GONE}}}}},
        "manifest.json",
        "location-icon",
    ),
    (
        "manifest.json",
        {"modules": {"common": {"requests": {"other": {}}}}},
        "manifest.json",
        "request-not-found",
    ),
    (
        "manifest.json",
        {"modules": {"common": {"requests": {"accountContext": GONE}}}},
        "config/requests.json",
        "request-not-declared",
    ),
    (
        "manifest.json",
        {"modules": {"common": {"requests": {"accountContext": GONE}}}},
        "server/server.js",
        "request-not-declared",
    ),
    (
        "manifest.json",
        {"modules": {"common": {"functions": {"other": {}}}}},
        "server/server.js",
        "function-missing",
    ),
    (
        "manifest.json",
        {"modules": {"common": {"functions": GONE}}},
        "app/scripts/app.js",
        "function-not-declared",
    ),
    (
        "manifest.json",
        {"modules": {"common": {"functions": {"accountContext": {"timeout": 60}}}}},
        "manifest.json",
        "function-timeout",
    ),
    (
        "config/requests.json",
        {"accountContext": {"schema": GONE}},
        "config/requests.json",
        "request-schema",
    ),
    (
        "config/requests.json",
        {"accountContext": {"schema": {"method": "HEAD"}}},
        "config/requests.json",
        "request-method",
    ),
    (
        "config/requests.json",
        {"accountContext": {"schema": {"protocol": "http"}}},
        "config/requests.json",
        "request-protocol",
    ),
    (
        "config/requests.json",
        {"accountContext": {"schema": {"path": "frames"}}},
        "config/requests.json",
        "request-path",
    ),
    (
        "config/requests.json",
        {"accountContext": {"schema": {"headers": []}}},
        "config/requests.json",
        "request-type",
    ),
    (
        "config/requests.json",
        {"accountContext": {"options": {"maxAttempts": 6}}},
        "config/requests.json",
        "request-attempts",
    ),
    (
        "config/requests.json",
        {"accountContext": {"options": {"retryDelay": 150}}},
        "config/requests.json",
        "request-delay",
    ),
    (
        "config/requests.json",
        {"accountContext": {"schema": {"path": "/<%= iparam.api_key %>"}}},
        "config/requests.json",
        "request-secret-outside-headers",
    ),
    (
        "config/requests.json",
        {str(place): {} for place in range(101)},
        "config/requests.json",
        "request-count",
    ),
    (
        "config/iparams.json",
        {"api_key": {"display_name": ""}},
        "config/iparams.json",
        "iparam-text",
    ),
    (
        "config/iparams.json",
        {"api_key": {"type": "password"}},
        "config/iparams.json",
        "iparam-type",
    ),
    ("config/iparams.json", {"api_key": "text"}, "config/iparams.json", "iparam-type"),
    (
        "config/iparams.json",
        {"api_key": {"type": "dropdown"}},
        "config/iparams.json",
        "iparam-options",
    ),
    (
        "config/iparams.json",
        {"api_key": {"secure": "yes"}},
        "config/iparams.json",
        "iparam-boolean",
    ),
    (
        "config/iparams.json",
        {"api_key": {"default_value": "x"}},
        "config/iparams.json",
        "iparam-default",
    ),
]


@pytest.mark.parametrize(("file", "change", "path", "rule"), FRESHWORKS)
def test_a_broken_freshworks_app_is_reported(file: str, change: Any, path: str, rule: str) -> None:
    """Each rule of Freshworks, once broken, is reported with file and name."""
    assert (path, rule) in found(with_json(good("freshdesk"), file, change))


@pytest.mark.parametrize(
    "host", ["https://ctx.acme.test", "ctx.acme.test/", "10.0.0.7", "ctx.acme.test:8080", "ctx", ""]
)
def test_a_host_is_a_full_name(host: str) -> None:
    """Scheme, slash, port, address and short name are no host of a template."""
    change = {"accountContext": {"schema": {"host": host}}}
    package = with_json(good("freshdesk"), "config/requests.json", change)
    assert ("config/requests.json", "request-host") in found(package)


FRESHWORKS_FILES: list[tuple[str, Any, str, str]] = [
    ("app/styles/images/icon.svg", GONE, "app/styles/images/icon.svg", "location-icon-missing"),
    ("app/index.html", GONE, "app/index.html", "location-url-missing"),
    ("app/index.html", "<p>", "app/index.html", "appclient-missing"),
    ("config/iparams.html", "<p>", "config/iparams.html", "iparams-twice"),
    ("config/requests.json", GONE, "manifest.json", "request-not-found"),
    ("config/requests.json", "{", "config/requests.json", "not-json"),
    ("config/iparams.json", "[]", "config/iparams.json", "not-an-object"),
    ("server/server.js", "exports = {}", "manifest.json", "request-unused"),
    (
        "app/scripts/x.js",
        "client.request.get('https://x.test')",
        "app/scripts/x.js",
        "legacy-request",
    ),
    (
        "app/scripts/x.js",
        "c.request.invokeTemplate('y', {})",
        "app/scripts/x.js",
        "request-not-declared",
    ),
]


@pytest.mark.parametrize(("file", "content", "path", "rule"), FRESHWORKS_FILES)
def test_a_broken_freshworks_file_is_reported(
    file: str, content: Any, path: str, rule: str
) -> None:
    """Missing files, and code that calls what nobody declares, are reported."""
    assert (path, rule) in found(with_files(good("freshdesk"), {file: content}))


APP, CARD = "src/app/app-hsmeta.json", "src/app/cards/helpdesk-hsmeta.json"
HUBSPOT: list[tuple[str, Any, str]] = [
    ("hsproject.json", {"name": ""}, "project-name"),
    ("hsproject.json", {"platformVersion": "2024.1"}, "platform-version"),
    ("hsproject.json", {"platformVersion": "2025.1"}, "platform-deprecated"),
    ("hsproject.json", {"srcDir": "source"}, "source-folder"),
    (APP, {"uid": ""}, "meta-uid"),
    (APP, {"uid": "sidelight_helpdesk"}, "meta-uid"),
    (APP, {"type": GONE}, "meta-type"),
    (APP, {"config": GONE}, "meta-config"),
    (APP, {"config": {"name": GONE}}, "app-text"),
    (APP, {"config": {"distribution": "public"}}, "app-distribution"),
    (APP, {"config": {"auth": {"type": "key"}}}, "app-auth"),
    (APP, {"config": {"auth": {"type": "oauth"}}}, "app-auth"),
    (APP, {"config": {"auth": {"requiredScopes": []}}}, "app-scopes"),
    (APP, {"config": {"auth": {"optionalScopes": "tickets"}}}, "app-scopes"),
    (APP, {"config": {"permittedUrls": []}}, "permitted-urls"),
    (APP, {"config": {"permittedUrls": {"fetch": "https://x.test"}}}, "permitted-urls"),
    (APP, {"config": {"permittedUrls": {"fetch": ["http://x.test"]}}}, "permitted-urls"),
    (APP, {"config": {"permittedUrls": {"fetch": ["https://localhost"]}}}, "permitted-urls"),
    (APP, {"config": {"support": {"supportEmail": 7}}}, "app-support"),
    (CARD, {"config": {"name": GONE}}, "card-name"),
    (CARD, {"config": {"entrypoint": "/app/cards/None.jsx"}}, "card-entrypoint"),
    (CARD, {"config": {"location": "crm.sidebar"}}, "card-location"),
    (CARD, {"config": {"objectTypes": []}}, "card-object-types"),
    ("src/app/cards/package.json", {"dependencies": {"react": GONE}}, "card-library"),
]


@pytest.mark.parametrize(("file", "change", "rule"), HUBSPOT)
def test_a_broken_hubspot_project_is_reported(file: str, change: Any, rule: str) -> None:
    """Each rule of HubSpot's projects, once broken, is reported with file and name."""
    assert (file, rule) in found(with_json(good("hubspot"), file, change))


def test_a_card_may_only_call_what_is_permitted() -> None:
    """An address in the card's code that permittedUrls does not cover is reported."""
    change = {"config": {"permittedUrls": {"fetch": ["https://ctx.acme.tes"]}}}
    package = with_json(good("hubspot"), APP, change)
    assert ("src/app/cards/SidelightCard.jsx", "fetch-not-permitted") in found(package)


@pytest.mark.parametrize("copies", [0, 2])
def test_a_project_holds_one_app(copies: int) -> None:
    """No app and two apps are reported."""
    content = good("hubspot").files[APP]
    files: dict[str, Any] = {f"src/app/{place}-hsmeta.json": content for place in range(copies)}
    package = with_files(good("hubspot"), {APP: GONE, **files})
    assert ("hsproject.json", "one-app") in found(package)


FORCE = "force-app/main/default/"
CONNECTED = f"{FORCE}connectedApps/Sidelight.connectedApp-meta.xml"
PAGE = f"{FORCE}pages/SidelightCase.page"
SALESFORCE: list[tuple[str, str, str, str]] = [
    (CONNECTED, "<label>", "<label", "xml-malformed"),
    (CONNECTED, "<ConnectedApp ", "<!DOCTYPE x><ConnectedApp ", "xml-doctype"),
    (CONNECTED, "ConnectedApp", "CustomApp", "app-root"),
    (CONNECTED, "contactEmail", "contact", "app-text"),
    (CONNECTED, "canvasConfig", "canvas", "canvas-missing"),
    (CONNECTED, "https://ctx.acme.test", "http://ctx.acme.test", "canvas-url"),
    (CONNECTED, ">Post<", ">Get<", "canvas-access"),
    (CONNECTED, "locations", "places", "canvas-locations"),
    (CONNECTED, ">PageLayout<", ">Sidebar<", "canvas-locations"),
    (PAGE, "</apex:page>", "", "xml-malformed"),
    (PAGE, 'developerName="Sidelight"', 'developerName="Other"', "page-app"),
    (PAGE, '"Id,', '"', "page-fields"),
]


@pytest.mark.parametrize(("path", "old", "new", "rule"), SALESFORCE)
def test_broken_salesforce_metadata_is_reported(path: str, old: str, new: str, rule: str) -> None:
    """Each rule of Salesforce's metadata, once broken, is reported with file and name."""
    text = good("salesforce").files[path].decode()
    assert old in text
    package = with_files(good("salesforce"), {path: text.replace(old, new)})
    assert (path, rule) in found(package)


SALESFORCE_FILES: list[tuple[str, Any, str, str]] = [
    ("sfdx-project.json", {"packageDirectories": []}, "sfdx-project.json", "package-directories"),
    (
        "sfdx-project.json",
        {"packageDirectories": [{"path": "src"}]},
        "sfdx-project.json",
        "package-directories",
    ),
    ("sfdx-project.json", {"sourceApiVersion": 62}, "sfdx-project.json", "api-version"),
]


@pytest.mark.parametrize(("file", "change", "path", "rule"), SALESFORCE_FILES)
def test_a_broken_salesforce_project_is_reported(
    file: str, change: Any, path: str, rule: str
) -> None:
    """The project file must name folders that exist, and a version."""
    assert (path, rule) in found(with_json(good("salesforce"), file, change))


def test_missing_salesforce_files_are_reported() -> None:
    """A project without its app, or a page without its metadata, is reported."""
    package = with_files(good("salesforce"), {CONNECTED: GONE, f"{PAGE}-meta.xml": GONE})
    assert {("sfdx-project.json", "app-missing"), (f"{PAGE}-meta.xml", "page-meta")} <= found(
        package
    )


JIRA: list[tuple[str, str, str]] = [
    ("ari:cloud:ecosystem::app/", "app-", "app-id"),
    ("nodejs22.x", "python3", "app-runtime"),
    ("jira:issueContext", "jira:sidebar", "module-missing"),
    ("jira:issueContext", "jira:sidebar", "module-unknown"),
    ("    - key: sidelight-issue\n      title", "    - title", "module-key"),
    ('title: "Sidelight"', "title:", "module-title"),
    ('label: "Sidelight"', "label:", "module-label"),
    ("resource: sidelight-panel", "resource: other", "unresolved-key"),
    ("endpoint: sidelight-account", "endpoint: other", "unresolved-key"),
    ("remote: sidelight", "remote: other", "unresolved-key"),
    ("https://ctx.acme.test", "http://ctx.acme.test", "remote-url"),
    ("      - fetch", "      - read", "remote-operations"),
    ("src/index.jsx", "src/none.jsx", "resource-missing"),
    ("    - read:app-system-token\n", "", "scope-missing"),
    ("key: sidelight-account\n", "key: sidelight-issue\n", "duplicate-key"),
    ("modules:", "modules: [", "not-yaml"),
    ("app:\n", "app: 1\napp:\n", "not-yaml"),
    ("app:\n", "&a [*a", "not-yaml"),
]


@pytest.mark.parametrize(("old", "new", "rule"), JIRA)
def test_a_broken_forge_manifest_is_reported(old: str, new: str, rule: str) -> None:
    """Each rule of Forge's manifest, once broken, is reported with its name."""
    text = good("jira").files["manifest.yml"].decode()
    assert old in text
    package = with_files(good("jira"), {"manifest.yml": text.replace(old, new)})
    assert ("manifest.yml", rule) in found(package)


@pytest.mark.parametrize("content", ["", "- a", "7"])
def test_a_forge_manifest_is_a_map(content: str) -> None:
    """YAML that holds something else is reported."""
    package = with_files(good("jira"), {"manifest.yml": content})
    assert found(package) == {("manifest.yml", "not-an-object")}


def _kview(**fields: Any) -> dict[str, Any]:
    (old,) = json.loads(good("kustomer").files["app.json"])["kviews"]
    return {"kviews": [{**old, **fields}]}


KUSTOMER: list[tuple[Any, str]] = [
    ({"app": "Side Light"}, "app-name"),
    ({"version": "1"}, "app-version"),
    ({"title": GONE}, "app-title"),
    ({"kviews": []}, "kview-missing"),
    ({"kviews": ["x"]}, "kview-missing"),
    (_kview(name=""), "kview-name"),
    (_kview(resource="ticket"), "kview-resource"),
    (_kview(resource=["customer"]), "kview-resource"),
    (_kview(context="sidebar"), "kview-context"),
    (_kview(template=""), "kview-template"),
    (_kview(template="<Segment><BasicRow /></Segmen>"), "kview-template"),
    (_kview(template="<Segment>"), "kview-template"),
    (_kview(template='<DynamicCard src="http://x.test" />'), "kview-card"),
    (_kview(template="<DynamicCard />"), "kview-card"),
    (_kview(meta={"icon": "cart"}), "kview-meta"),
    (_kview(meta={"displayName": "x", "icon": "cart", "state": "half"}), "kview-meta"),
]


@pytest.mark.parametrize(("change", "rule"), KUSTOMER)
def test_a_broken_kustomer_app_is_reported(change: Any, rule: str) -> None:
    """Each rule of Kustomer's app, once broken, is reported with its name."""
    assert ("app.json", rule) in found(with_json(good("kustomer"), "app.json", change))


def test_a_balanced_template_is_fine() -> None:
    """Elements inside each other, and an object of an own class, are accepted."""
    change = _kview(template="<Segment><BasicRow /></Segment>", resource="kobject.order")
    assert found(with_json(good("kustomer"), "app.json", change)) == set()


SHEET: list[tuple[str, str, str]] = [
    ("<title>", "<title></title><style>", "sheet-title"),
    ("</ol>", "", "sheet-markup"),
    ("<ol>", "<ol onclick='x()'>", "sheet-active"),
    ("<ol>", "<script>x()</script><ol>", "sheet-active"),
    ("https://ctx.acme.test", "http://ctx.acme.test", "sheet-insecure-address"),
    ("/frames/acme", "/x", "sheet-frame-address"),
    ("<ol>", "<ol>[[ facts.frame_url ]]", "sheet-unfilled"),
    ("<ol>", "<ol><![unknown[x]]>", "sheet-unfilled"),
]


@pytest.mark.parametrize(("old", "new", "rule"), SHEET)
def test_a_broken_sheet_is_reported(old: str, new: str, rule: str) -> None:
    """Each rule of install sheets, once broken, is reported with its name."""
    text = good("front").files["install.html"].decode()
    assert old in text
    package = with_files(good("front"), {"install.html": text.replace(old, new)})
    assert ("install.html", rule) in found(package)


def _setup(helpdesk: str, **changes: Any) -> Any:
    """Return the calls of a helpdesk with the first call changed."""
    data = json.loads(good(helpdesk).files["setup.json"])
    data["calls"][0] |= changes
    return data


def _card(**changes: Any) -> Any:
    data = _setup("plain")
    data["calls"][0]["body"]["variables"]["input"] |= changes
    return data


def _widget(**changes: Any) -> Any:
    data = _setup("static_key")
    data["calls"][1]["body"] |= changes
    return data


SETUP: list[tuple[str, Any, str]] = [
    ("plain", {"helpdesk": "plane"}, "setup-helpdesk"),
    ("plain", {"calls": []}, "setup-calls"),
    ("plain", {"calls": ["x"]}, "setup-calls"),
    ("plain", _setup("plain", method="GET"), "call-method"),
    ("plain", _setup("plain", url="http://x.test"), "call-url"),
    ("plain", _setup("plain", headers=[]), "call-headers"),
    ("plain", _setup("plain", headers={"Authorization": "Bearer abc"}), "call-secret"),
    ("plain", _card(title="x" * 501), "plain-title"),
    ("plain", _card(key="a b"), "plain-key"),
    ("plain", _card(apiUrl=f"https://x.test/{'x' * 600}"), "plain-url"),
    ("plain", _card(defaultTimeToLiveSeconds=14), "plain-time-to-live"),
    ("plain", _card(defaultTimeToLiveSeconds=60.5), "plain-time-to-live"),
    ("plain", _card(apiHeaders=[{}] * 21), "plain-headers"),
    ("chatwoot", _setup("chatwoot", body={"content": []}), "chatwoot-content"),
    ("chatwoot", _setup("chatwoot", body={"content": [{"type": "link"}]}), "chatwoot-content"),
    ("chatwoot", _setup("chatwoot", body={}), "chatwoot-title"),
    ("static_key", _setup("static_key", body={}), "gorgias-url"),
    ("static_key", _setup("static_key", body={"http": {"triggers": {"x": 1}}}), "gorgias-triggers"),
    ("static_key", _widget(context="user"), "gorgias-context"),
    ("static_key", _widget(template={}), "gorgias-template"),
]


@pytest.mark.parametrize(("helpdesk", "change", "rule"), SETUP)
def test_a_broken_setup_is_reported(helpdesk: str, change: Any, rule: str) -> None:
    """Each rule of the calls to a helpdesk's API, once broken, is reported with its name."""
    package = with_json(good(helpdesk), "setup.json", change)
    assert ("setup.json", rule) in found(package)
