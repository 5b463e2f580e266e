"""No address leads elsewhere, and those of operators can be kept from strangers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request

from plugin.web.app import create_app
from plugin.web.services import Services

TOKEN = "a-token-of-at-least-thirty-two-characters"


def _service(services: Services, **changes: Any) -> Flask:
    settings = services.settings
    return create_app(replace(settings, service=replace(settings.service, **changes)))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    [
        *("//hooks/a/b", "/hooks//a/b", "/hooks/a//b", "/hooks/a/b/", "/api//v1/accounts"),
        *("//frames/x", "/frames/x/", "/frames//x", "/healthz/", "//healthz", "/static//frame.css"),
        *("/frames/x//widget", "/playground/", "//playground", "/assets//a/frame.css"),
    ],
)
def test_no_address_redirects(app, method: str, path: str):
    """A redirect would go to the host that the client names; whatever it names stays unsaid."""
    raw = {"PATH_INFO": path}  # the client itself would take what stands after // for a host
    headers = {"Host": "evil.example"}
    told = app.test_client().open("/", method=method, headers=headers, environ_overrides=raw)

    assert not 300 <= told.status_code < 400
    assert "Location" not in told.headers
    assert "evil.example" not in told.text


@pytest.mark.parametrize("name", ["metrics", "readyz", "healthz"])
def test_what_a_proxy_keeps_inside_has_one_spelling(app, name: str):
    """A rule for the address itself is enough: no other reaches what stands there."""
    spellings = (f"//{name}", f"///{name}", f"/{name}/", f"//{name}/", f"/{name}//", f"/./{name}")
    client = app.test_client()
    told = [client.get("/", environ_overrides={"PATH_INFO": path}) for path in spellings]

    assert [one.status_code for one in told] == [404] * len(spellings)
    assert client.get(f"/{name}").status_code == 200


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_the_addresses_of_operators_may_want_a_token(services, path: str):
    """Only who knows it is told; /healthz, which tells nothing, is open."""
    client = _service(services, metrics_token=TOKEN).test_client()
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"Authorization": "Bearer é"},
        {"Authorization": f"Bearer {TOKEN}x"},
    )

    assert [client.get(path, headers=one).status_code for one in wrong] == [401] * 3
    assert client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "3.3.3.3"), (2, "2.2.2.2")])
def test_the_clients_address_is_what_trusted_proxies_say(services, proxies: int, address: str):
    """Only as many entries are believed as there are proxies; host and scheme never are."""
    app = _service(services, trusted_proxies=proxies)
    app.add_url_rule("/who", view_func=lambda: f"{request.remote_addr} {request.host_url}")
    headers = {"X-Forwarded-For": "1.1.1.1, 2.2.2.2, 3.3.3.3", "X-Forwarded-Host": "evil.example"}
    told = app.test_client().get("/who", headers={**headers, "X-Forwarded-Proto": "https"})

    assert told.text == f"{address} http://localhost/"
