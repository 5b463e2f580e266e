"""Every helpdesk through the real door: signed request in, the account in its own format out."""

from __future__ import annotations

import dataclasses
import html
import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from plugin.demo.setup import set_up_demo
from plugin.families import HELPDESKS
from plugin.fetching.clock import system_clock
from plugin.frame import SignedRequest
from plugin.helpdesk import Trial
from plugin.web.app import create_app
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.families.helpdesks.bench import bench, private_pem
from tests.families.helpdesks.every_install import SHARED, TAKEN, installs

HOST = "127.0.0.1:8321"
EMAIL = "billing.admin@northwind.example"
TRIAL = Trial(email=EMAIL, name="Billing Admin", ticket_id="NW-31", agent_id="7")
PAGES = [name for name, desk in HELPDESKS.items() if desk.format == "html"]
NATIVE = [name for name in HELPDESKS if name not in PAGES]
FULL_AT_ONCE = ("salesforce", "reamaze")  # their launch is signed with the requester's e-mail
_NUMBERS = itertools.count(1)
NO_INSTALL = "there-is-none"
NEW = {
    "hubspot": "90210",
    "intercom": "brand-new",
    "jira": "inst-new",
    "salesforce": "00Dx0000000newA",
    "zendesk": "90210",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the service with the demo's accounts and an install of every helpdesk."""
    path = set_up_demo(tmp_path_factory.mktemp("demo"), HOST, system_clock().now())
    folder = tmp_path_factory.mktemp("zed")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + installs(folder))
    (folder / "accounts.csv").write_text("account_id,name,domain\nz-1,Zed Labs,zedlabs.example\n")
    return create_app(load_settings(path))


@pytest.fixture
def client(app: Any) -> Iterator[FlaskClient]:
    """Return a client of the service."""
    with app.test_client() as made:
        yield made


def _signed(name: str) -> SignedRequest:
    install = dataclasses.replace(bench(name).install, id=f"test-{name}")
    trial = dataclasses.replace(TRIAL, subject=f"Ticket {next(_NUMBERS)}")  # each launch is new
    now = system_clock().now()
    return signed_trial(HELPDESKS[name], install, trial, f"http://{HOST}", now)


def _send(client: FlaskClient, signed: SignedRequest, path: str = "") -> Any:
    split = urlsplit(signed.url)
    target = (path or split.path) + (f"?{split.query}" if split.query else "")
    return client.open(target, method=signed.method, headers=dict(signed.headers), data=signed.body)


@pytest.mark.parametrize("name", NATIVE)
def test_a_native_helpdesk_shows_the_account(client: FlaskClient, name: str) -> None:
    """One signed request is answered with the requester's account."""
    answer = _send(client, _signed(name))

    assert answer.status_code == 200
    assert "Northwind" in answer.text
    assert answer.mimetype == ("text/html" if name == "freescout" else "application/json")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_the_account(client: FlaskClient, name: str) -> None:
    """The launch gives a page with a token; with it, the page's claims give the account."""
    page = _send(client, _signed(name))
    token = re.search(r'data-token="([^"]+)"', page.text)
    assert page.status_code == 200
    assert token is not None

    answer = client.post(
        f"/frames/test-{name}/widget",
        headers={"Authorization": f"Bearer {html.unescape(token[1])}"},
        json={"ticket": {"id": "NW-31"}, "requester": {"email": EMAIL}},
    )

    assert answer.status_code == 200
    assert "Northwind" in answer.text


def _seen(client: FlaskClient, name: str, space: str, email: str) -> str:
    """Return all that an install of this workspace shows for a requester."""
    install = dataclasses.replace(bench(name).install, id=f"{space}-{name}")
    trial = dataclasses.replace(TRIAL, email=email, subject=f"Ticket {next(_NUMBERS)}")
    now = system_clock().now()
    answer = _send(client, signed_trial(HELPDESKS[name], install, trial, f"http://{HOST}", now))
    token = re.search(r'data-token="([^"]+)"', answer.text)
    assert answer.status_code == 200
    if token is None:
        return str(answer.text)
    part = client.post(
        f"/frames/{space}-{name}/widget",
        headers={"Authorization": f"Bearer {html.unescape(token[1])}"},
        json={"ticket": {"id": "NW-31"}, "requester": {"email": email}},
    )
    assert part.status_code == 200
    return f"{answer.text}{part.text}"


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_a_requester_of_another_workspace_is_nobody(client: FlaskClient, name: str) -> None:
    """Each workspace knows its own accounts: the other's are unknown, whichever is asked first."""
    zed, theirs = "jo@zedlabs.example", "Zed Labs"

    assert theirs in _seen(client, name, "zed", zed)
    assert theirs not in _seen(client, name, "test", zed)
    assert "Northwind" in _seen(client, name, "test", EMAIL)
    assert "Northwind" not in _seen(client, name, "zed", EMAIL)


@pytest.mark.parametrize("name", FULL_AT_ONCE)
def test_a_launch_that_names_the_requester_is_full(client: FlaskClient, name: str) -> None:
    """Where the requester is signed, the first answer shows the account."""
    assert "Northwind" in _send(client, _signed(name)).text


@pytest.mark.parametrize("name", PAGES)
def test_only_the_hosts_of_the_install_may_frame_it(client: FlaskClient, name: str) -> None:
    """The page names who may frame it, what it may load, and tells its script the same."""
    page = _send(client, _signed(name))
    policy = page.headers["Content-Security-Policy"]
    origins = HELPDESKS[name].ancestors(bench(name).install)

    assert f"frame-ancestors {' '.join(origins)}" in policy
    assert all(host in policy for host in HELPDESKS[name].sdk_hosts)
    assert f'data-origin="{" ".join(origins)}"' in page.text
    assert "X-Frame-Options" not in page.headers


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_a_wrong_proof_learns_nothing(client: FlaskClient, name: str) -> None:
    """A bad proof and an unknown install get the same answer, byte for byte."""
    signed = _signed(name)
    stage = "" if signed.stage == "launch" else f"/{signed.stage}"
    body = signed.body.replace(b"e", b"f")
    split = urlsplit(signed.url)
    query = split.query.replace("e", "f")
    headers = {key: value.replace("e", "f") for key, value in signed.headers.items()}
    wrong = dataclasses.replace(
        signed, body=body, headers=headers, url=f"http://{HOST}{split.path}?{query}"
    )

    refused = _send(client, wrong)
    unknown = _send(client, wrong, f"/frames/{NO_INSTALL}{stage}")

    assert (refused.status_code, refused.data) == (401, unknown.data)
    assert unknown.status_code == 401


def _from_tenant(name: str, tenant: str, to: str = "test") -> SignedRequest:
    """Return a correctly signed request that comes from this tenant."""
    option = bench(name).tenant
    assert option is not None
    stranger = dataclasses.replace(
        bench(name).with_options(**{option: tenant}), id=f"{to}-{name}", kind=name
    )
    trial = dataclasses.replace(TRIAL, subject=f"Ticket {next(_NUMBERS)}")
    return signed_trial(HELPDESKS[name], stranger, trial, f"http://{HOST}", system_clock().now())


@pytest.mark.parametrize("name", SHARED)
def test_a_tenant_that_nobody_knows_is_named(client: FlaskClient, name: str) -> None:
    """A right signature of an unknown tenant learns which id to register, and no account."""
    answer = _send(client, _from_tenant(name, NEW[name], "fresh"))
    said = html.unescape(answer.text).replace("\\", "")  # markdown and JSON escape alike

    assert answer.status_code == 200
    assert re.search(rf'{bench(name).tenant} = "{NEW[name]}"', said)
    assert "Northwind" not in said
    assert "show_more" not in said
    assert "data-token" not in answer.text or 'data-token=""' in answer.text


@pytest.mark.parametrize("name", SHARED)
def test_a_tenant_of_another_install_is_refused(client: FlaskClient, name: str) -> None:
    """A tenant that another install has registered is no new one, though the secret is right."""
    signed = _from_tenant(name, TAKEN[name])

    assert _send(client, signed).status_code == 401


@pytest.mark.parametrize("name", SHARED)
def test_an_unproven_tenant_learns_nothing(client: FlaskClient, name: str) -> None:
    """Whoever holds another key is not told which tenant is missing."""
    made = bench(name)
    option = str(made.tenant)
    keys = {"private_key": private_pem("other")} if "private_key" in made.install.options else {}
    stranger = dataclasses.replace(
        made.with_options(**{option: NEW[name]}, **keys), id=f"test-{name}", secrets=(made.other,)
    )
    now = system_clock().now()
    answer = _send(client, signed_trial(HELPDESKS[name], stranger, TRIAL, f"http://{HOST}", now))

    assert answer.status_code == 401
    assert NEW[name] not in answer.text


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_the_host_of_the_call_does_not_matter(client: FlaskClient, name: str) -> None:
    """A proxy may call us by any name: only the configured address is signed for."""
    signed = _signed(name)
    split = urlsplit(signed.url)
    target = split.path + (f"?{split.query}" if split.query else "")
    headers = {**signed.headers, "x-forwarded-host": "evil.test", "x-forwarded-proto": "http"}
    answer = client.open(
        target,
        method=signed.method,
        headers=headers,
        data=signed.body,
        base_url="http://10.0.0.7:8000",
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_an_oversized_request_is_refused_before_it_is_read(client: FlaskClient, name: str) -> None:
    """More than the cap is never looked at, whatever it is signed with."""
    signed = _signed(name)
    path = urlsplit(signed.url).path
    answer = client.post(path, headers=dict(signed.headers), data=b"x" * 400_000)

    assert answer.status_code == 413


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_bytes_beyond_ascii_are_answered_calmly(client: FlaskClient, name: str) -> None:
    """Whatever bytes arrive in body, query or header: an answer, never a fault."""
    signed = _signed(name)
    path = urlsplit(signed.url).path
    headers = dict.fromkeys(signed.headers, "éÿ")
    answer = client.open(f"{path}?\xe9=%FF", method="POST", headers=headers, data=b"\xff\xe9{")

    assert answer.status_code == 401


def test_a_launch_of_salesforce_counts_once(client: FlaskClient) -> None:
    """The envelope has no end of its own: sent again, it is told to reload."""
    install = dataclasses.replace(bench("salesforce").install, id="test-salesforce")
    trial = dataclasses.replace(TRIAL, ticket_id="only-once")
    now = system_clock().now()
    signed = signed_trial(HELPDESKS["salesforce"], install, trial, f"http://{HOST}", now)

    first, second = _send(client, signed), _send(client, signed)

    assert (first.status_code, second.status_code) == (200, 401)
    assert "eload the ticket" in second.text


@pytest.mark.parametrize("install", ["test-salesforce", NO_INSTALL])
def test_a_launch_before_approval_is_asked_to_come_again(client: FlaskClient, install: str) -> None:
    """Salesforce's unsigned request gets a page that asks for a signed one, whatever it names."""
    page = client.get(f"/frames/{install}?_sfdc_canvas_authvalue=user_approval_required")

    assert page.status_code == 401
    assert 'data-token=""' in page.text
    assert "knocked" in page.text
    assert "https://*.lightning.force.com" in page.headers["Content-Security-Policy"]
    assert install not in page.text


def test_a_launch_without_the_address_waits_for_it(client: FlaskClient) -> None:
    """Help Scout signs ids only: the page is empty until its script tells the address."""
    page = _send(client, _signed("helpscout"))

    assert 'aria-busy="true"' in page.text
    assert 'class="widget' not in page.text
