"""Every rule of Zendesk's, broken once: the checker names the file and the rule."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from manifest.check import check
from manifest.package import AppPackage
from manifest.problem import Problem
from tests.manifest.broken import GONE, found, good, with_files, with_json

MANIFEST = "manifest.json"
EN = "translations/en.json"


def _place(name: str, value: Any, product: str = "support") -> dict[str, Any]:
    return {"location": {product: {name: value}}}


def _parameter(**fields: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "region", **fields}]}


def _mtls(**fields: Any) -> dict[str, Any]:
    return _parameter(type="mtls", **{"allowed_domain": "api.acme.com", **fields})


URL = "https://ctx.acme.test/x"
SCOPED = {"secure": True, "scopes": ["header"]}
BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("author-required", {"author": GONE}),
    ("author-type", {"author": "Acme"}),
    ("author-type", {"author": {"email": 7}}),
    ("author-url", {"author": {"url": "acme.test"}}),
    ("author-url", {"author": {"url": "ftp://acme.test"}}),
    ("author-url", {"author": {"url": "https://[::1"}}),
    ("default-locale-required", {"defaultLocale": GONE}),
    ("default-locale-format", {"defaultLocale": "English"}),
    ("default-locale-format", {"defaultLocale": "en\n"}),
    ("default-locale-format", {"defaultLocale": 1}),
    ("default-locale-translation", {"defaultLocale": "pt-br"}),
    ("location-required", {"location": GONE}),
    ("location-required", {"location": {"support": GONE}}),
    (
        "location-required",
        {"location": {"support": {"ticket_sidebar": GONE, "new_ticket_sidebar": GONE}}},
    ),
    ("location-type", {"location": "ticket_sidebar"}),
    ("location-type", {"location": ["ticket_sidebar"]}),
    ("location-type", {"location": {"support": "ticket_sidebar"}}),
    ("location-type", _place("ticket_sidebar", ["https://x.test"])),
    ("product-unknown", _place("ticket_sidebar", URL, "helpdesk")),
    ("location-unknown", _place("ticket_footer", URL)),
    ("location-unknown", _place("ticket_sidebar", URL, "chat")),
    ("location-url", _place("ticket_sidebar", "http://ctx.acme.test/x")),
    ("location-url", _place("ticket_sidebar", "javascript:alert(1)")),
    ("location-url", _place("ticket_sidebar", {"url": 5})),
    ("location-url-blank", _place("ticket_sidebar", "")),
    ("location-url-blank", _place("background", {"autoHide": True})),
    ("location-asset-missing", _place("ticket_sidebar", "assets/none.html")),
    ("location-option", _place("ticket_sidebar", {"flexible": "yes"})),
    ("location-option", _place("ticket_sidebar", {"autoLoad": 1})),
    ("location-option", _place("ticket_sidebar", {"size": "300px"})),
    ("object-types-misplaced", _place("ticket_sidebar", {"objectTypes": ["apartment"]})),
    ("object-types-required", _place("custom_object_record_sidebar", {"url": URL})),
    ("object-types-required", _place("custom_object_record_sidebar", URL)),
    (
        "object-types-required",
        _place("custom_object_record_sidebar", {"url": URL, "objectTypes": [" "]}),
    ),
    ("framework-version-required", {"frameworkVersion": GONE}),
    ("framework-version", {"frameworkVersion": "1.0"}),
    ("framework-version", {"frameworkVersion": 2.0}),
    ("boolean-type", {"signedUrls": "true"}),
    ("boolean-type", {"singleInstall": 1}),
    ("boolean-type", {"private": None}),
    ("forbidden-key", {"marketingOnly": True, "private": False}),
    ("marketing-private", {"marketingOnly": True}),
    ("marketing-parameters", {"marketingOnly": True, **_parameter()}),
    ("requirements-missing", {"requirementsOnly": True}),
    ("whitelist-type", {"domainWhitelist": "ctx.acme.test"}),
    ("whitelist-type", {"domainWhitelist": ["ctx.acme.test", 1]}),
    ("whitelist-needed", {"domainWhitelist": [], **_parameter(**SCOPED)}),
    ("parameters-type", {"parameters": {"name": "region"}}),
    ("parameters-type", {"parameters": ["region"]}),
    ("parameter-name", {"parameters": [{"type": "text"}]}),
    ("parameter-name-reserved", {"parameters": [{"name": "name"}]}),
    ("parameter-duplicate", {"parameters": [{"name": "a"}, {"name": "a"}]}),
    ("parameter-boolean", _parameter(required="true")),
    ("parameter-boolean", _parameter(secure=1)),
    ("parameter-type", _parameter(type="dropdown")),
    ("parameter-type", _parameter(type=["text"])),
    ("parameter-hidden-required", _parameter(type="hidden", required=True)),
    ("parameter-oauth-secure", _parameter(type="oauth", secure=True)),
    ("parameter-oauth-once", {"parameters": [{"name": n, "type": "oauth"} for n in "ab"]}),
    ("parameter-scopes-insecure", _parameter(scopes=["header"])),
    ("parameter-scopes", _parameter(secure=True, scopes=[])),
    ("parameter-scopes", _parameter(secure=True, scopes="header")),
    ("parameter-scopes", _parameter(secure=True, scopes=["cookie"])),
    ("parameter-scopes", _parameter(secure=True, scopes=[["header"]])),
    ("parameter-mtls", _mtls(secure=True)),
    ("parameter-mtls", _mtls(default="x")),
    ("parameter-mtls", _mtls(scopes=["header"])),
    (
        "parameter-mtls",
        {
            "parameters": [
                {"name": n, "type": "mtls", "allowed_domain": "api.acme.com"} for n in "abcd"
            ]
        },
    ),
    ("parameter-mtls-domain", _mtls(allowed_domain=None)),
    ("parameter-mtls-domain", _mtls(allowed_domain="https://api.acme.com")),
    ("parameter-mtls-domain", _mtls(allowed_domain="localhost")),
    ("parameter-mtls-domain", _mtls(allowed_domain="api.*.com")),
    ("parameter-mtls-domain", _mtls(allowed_domain=f"{'a' * 64}.com")),
    ("parameter-mtls-domain", _mtls(allowed_domain=f"{'a.' * 126}com")),
    ("parameter-not-secure", {"parameters": [{"name": "api_token"}]}),
    ("parameter-without-scopes", _parameter(secure=True)),
    ("parameter-default", _parameter(default="x", **SCOPED)),
    ("parameter-default", _parameter(default="x", type="hidden")),
    ("oauth-type", {"oauth": "yes"}),
    ("oauth-field", {"oauth": {"client_id": " "}, **_parameter(type="oauth")}),
    ("oauth-parameter", {"oauth": {"client_id": "1"}}),
    ("no-template", {"noTemplate": True}),
    ("no-template", {"noTemplate": ["ticket_sidebar"]}),
    ("experiments-type", {"experiments": ["hashParams"]}),
    ("experiments-unknown", {"experiments": {"fast": True}}),
    ("terms-url", {"termsConditionsURL": "acme.test/terms"}),
    ("text-type", {"gaID": 7}),
    ("text-type", {"remoteInstallationURL": True}),
    ("text-type", {"version": 1.0}),
    ("text-type", {"name": ["Sidelight"]}),
]


@pytest.mark.parametrize(("rule", "change"), BROKEN)
def test_a_broken_manifest_is_reported(rule: str, change: dict[str, Any]) -> None:
    """Each rule of the manifest, once broken, is reported with the file and its name."""
    assert (MANIFEST, rule) in found(with_json(good("zendesk"), MANIFEST, change))


def test_an_empty_location_is_reported() -> None:
    """A location that names no product is none."""
    package = with_files(good("zendesk"), {MANIFEST: '{"location": {}}'})
    assert (MANIFEST, "location-required") in found(package)


# Where a key is null, Zendesk takes it as one that is not there.
NULLS = ("signedUrls", "version", "domainWhitelist", "oauth", "experiments", "termsConditionsURL")
ACCEPTED: list[dict[str, Any]] = [
    dict.fromkeys(NULLS),
    {"noTemplate": False},
    {"noTemplate": []},
    {"author": {"email": None}},
    _place("ticket_sidebar", {"url": URL, "flexible": None, "size": None}),
    {"author": {"url": "http://acme.test"}},
    {"somethingElse": {"unknown": ["keys", "are", "ignored"]}},
    _place("ticket_sidebar", URL),
    _place("ticket_sidebar", "{{setting.sidebar_url}}"),
    _place("ticket_sidebar", "http://localhost:4567/x"),
    _place("ticket_sidebar", "assets/logo.svg?x=1"),
    _place("background", {"autoLoad": False}),
    _place("ticket_sidebar", {"url": URL, "signed": True, "size": {"height": "80px"}}),
    _place("custom_object_record_sidebar", {"url": URL, "objectTypes": ["apartment"]}),
    _place("deal_card", URL, "sell"),
    _place("chat_sidebar", URL, "zopim"),
    {"domainWhitelist": ["{{setting.api_host}}"], **_parameter(required=True, **SCOPED)},
    _mtls(allowed_domain="*.acme.com"),
    _parameter(type="checkbox", default=True),
    {"experiments": {"hashParams": True}, "termsConditionsURL": "https://acme.test/terms"},
    {
        "oauth": dict.fromkeys(
            ("client_id", "client_secret", "authorize_uri", "access_token_uri"), "x"
        ),
        **_parameter(type="oauth"),
    },
]


@pytest.mark.parametrize("change", ACCEPTED)
def test_what_zendesk_accepts_is_not_reported(change: dict[str, Any]) -> None:
    """A manifest within the rules has no finding."""
    assert check(with_json(good("zendesk"), MANIFEST, change)) == []


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * 9


FILES: list[tuple[str, str, Any]] = [
    ("manifest.json", "missing-file", GONE),
    ("manifest.json", "not-json", "{"),
    ("manifest.json", "not-json", '{"version": NaN}'),
    ("manifest.json", "not-json", "[" * 100_000),
    ("manifest.json", "not-utf8", b"\xff"),
    ("manifest.json", "not-an-object", "[]"),
    ("manifest.json", "duplicate-key", '{"private": true, "private": false}'),
    ("assets/logo.png", "image-size", _png(319, 320)),
    ("assets/logo.png", "image-format", b"GIF89a"),
    ("assets/logo.png", "image-format", b"\x89PNG"),
    ("assets/logo.png", "logo-missing", GONE),
    ("assets/logo-small.png", "image-size", _png(320, 320)),
    ("assets/logo-small.png", "logo-missing", GONE),
    ("assets/banner.png", "image-size", _png(831, 200)),
    ("assets/icon_ticket_sidebar.svg", "icon-location", "<svg/>"),
    ("assets/logo.svg", "svg-bitmap", '<svg><image href="data:image/png;base64,AA"/></svg>'),
    ("assets/handbook.pdf", "file-type", "text"),
    ("assets/handbook.txt", "file-type", b"%PDF-1.7"),
    ("assets/more.dat", "file-type", b"PK\x03\x04"),
    ("assets/film.dat", "file-type", b"RIFF0000AVI LIST"),
    ("install.sh", "file-type", "echo"),
    ("assets/app.js", "insecure-address", "fetch('http://acme.test/x')"),
    ("assets/app.js", "secret-in-code", "const password = 'hunter2-hunter2';"),
    ("translations/english.json", "translation-name", '{"app": {"name": "x"}}'),
    ("translations/en.txt", "translation-name", "x"),
    (EN, "not-json", "{"),
    (EN, "translation-name", '{"app": {"name": " "}}'),
    (EN, "translation-label", '{"app": {"name": "x", "parameters": {"region": {}}}}'),
    ("requirements.json", "not-json", "{"),
]


@pytest.mark.parametrize(("path", "rule", "content"), FILES)
def test_a_broken_file_is_reported(path: str, rule: str, content: Any) -> None:
    """Each rule on files, once broken, is reported with the file and its name."""
    assert (path, rule) in found(with_files(good("zendesk"), {path: content}))


def test_a_manifest_in_a_folder_is_reported() -> None:
    """Zendesk wants the manifest at the root of the zip."""
    nested = {f"app/{path}": content for path, content in good("zendesk").files.items()}
    package = AppPackage("zendesk", nested)

    assert ("app/manifest.json", "manifest-not-at-root") in found(package)
    assert ("manifest.json", "missing-file") in found(package)


def test_a_public_app_needs_its_descriptions() -> None:
    """Only a private app may leave out what the Marketplace shows."""
    package = with_json(good("zendesk"), EN, {"app": {"short_description": GONE}})
    public = with_json(package, MANIFEST, {"private": False})

    assert (EN, "translation-short-description") not in found(package)
    assert (EN, "translation-short-description") in found(public)


WORDS = {"name": "x", "description": "y", "long_description": "z", "installation_instructions": "i"}


@pytest.mark.parametrize(
    ("app", "rules"),
    [
        (WORDS, set()),
        ({"name": GONE, "short_description": GONE, "support": WORDS}, set()),
        ({"name": GONE, "support": {"name": "x"}}, {"translation-short-description"}),
        ({"chat": WORDS}, {"translation-product"}),
    ],
    ids=["an old name", "by product", "by product, in part", "another product"],
)
def test_texts_may_be_given_for_each_product(app: dict[str, Any], rules: set[str]) -> None:
    """Zendesk also takes its texts below the names of the app's products."""
    public = with_json(good("zendesk"), MANIFEST, {"private": False})
    said = {rule for path, rule in found(with_json(public, EN, {"app": app})) if path == EN}

    assert said & {"translation-short-description", "translation-product"} == rules


@pytest.mark.parametrize("key", ["requirementsOnly", "marketingOnly"])
def test_an_app_without_a_page_carries_no_source(key: str) -> None:
    """Source files in an app that shows nothing are reported."""
    package = with_json(good("zendesk"), MANIFEST, {key: True})
    package = with_files(package, {"assets/app.js": "1"})

    assert ("assets/app.js", "source-forbidden") in found(package)


def test_places_with_an_icon_want_one() -> None:
    """A bar without its icon is pointed out; with it there is no finding."""
    package = with_json(good("zendesk"), MANIFEST, _place("nav_bar", URL))
    icon = "assets/icon_nav_bar.svg"

    assert found(package) == {(icon, "icon-missing")}
    assert found(with_files(package, {icon: "<svg/>"})) == set()


def test_all_problems_come_at_once() -> None:
    """The checker does not stop at the first problem, nor at the first file."""
    package = with_json(good("zendesk"), MANIFEST, {"author": GONE, "frameworkVersion": "1.0"})
    package = with_files(package, {EN: "{", "assets/logo.png": b"x"})

    assert found(package) == {
        (MANIFEST, "author-required"),
        (MANIFEST, "framework-version"),
        (EN, "not-json"),
        ("assets/logo.png", "image-format"),
    }


def test_a_finding_reads_as_a_line() -> None:
    """A finding says the file, the rule, and what to do."""
    shown = str(Problem(MANIFEST, "author-required", "author is missing"))
    assert shown == "manifest.json: author-required: author is missing"
