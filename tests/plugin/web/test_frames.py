"""The doors: who is let in, what a refusal tells, what every answer carries."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

EMAIL = "billing.admin@northwind.example"
INSTALLS = ("demo-zendesk", "demo-intercom", "demo-plain")


def token_of(page: str) -> str:
    """Return our token from a page."""
    found = re.search(r'data-token="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def open_page(send, signed):
    """Open Zendesk's page as an agent and return its token."""

    def _open(agent_id: str = "1") -> str:
        return token_of(send(signed("demo-zendesk", agent_id=agent_id)).text)

    return _open


@pytest.fixture
def ask(app):
    """Ask for the widget with a token, as the page does."""

    def _ask(token: str, claims: object, install: str = "demo-zendesk", **headers: str):
        return app.test_client().post(
            f"/frames/{install}/widget",
            data=json.dumps(claims),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            | headers,
        )

    return _ask


CLAIMS = {"ticket": {"id": "NW-31", "subject": "CSV export fails"}, "requester": {"email": EMAIL}}


def test_a_zendesk_ticket_opens_in_two_steps(open_page, ask):
    """The signed launch brings a page with a token; the page's claims bring the account."""
    answer = ask(open_page(), CLAIMS)

    assert answer.status_code == 200
    assert "Northwind Analytics" in answer.text


def test_intercom_gets_a_canvas_at_once(send, signed):
    """The requester is inside the proof, so the first answer is full."""
    answer = send(signed("demo-intercom", email=EMAIL))

    assert "Northwind Analytics" in json.dumps(answer.json["canvas"]["content"]["components"])


def test_plain_gets_every_card_it_asks_for(send, signed):
    """Each requested key is answered, with a time to live."""
    cards = send(signed("demo-plain", email=EMAIL)).json["cards"]

    assert [set(card) for card in cards] == [{"key", "timeToLiveSeconds", "components"}]
    assert "Northwind Analytics" in json.dumps(cards)


def _refused(answer) -> tuple[int, str | None, bytes]:
    return answer.status_code, answer.mimetype, answer.data


@pytest.mark.parametrize("install", INSTALLS)
def test_an_unknown_install_is_refused_word_for_word_like_a_bad_proof(send, signed, install):
    """Nobody can list installs."""
    request = signed(install, email=EMAIL)
    bad = send(request, data=request.body.replace(b"e", b"f", 3))
    elsewhere = replace(request, url=request.url.replace(install, f"nobody-{install}"))
    unknown = send(elsewhere)

    assert _refused(bad)[0] == 401
    assert _refused(unknown) == _refused(bad)


def test_a_refusal_is_a_page_for_a_browser_and_json_for_a_server(send, signed, app):
    """The form follows the request alone."""
    page = send(signed("demo-zendesk"), data=b"token=nothing")
    told = app.test_client().post("/frames/demo-plain", data=b"{}")

    assert (page.mimetype, told.mimetype) == ("text/html", "application/json")
    assert told.json["error"]["code"] == "bad_signature"


def test_a_token_of_one_install_does_not_open_another(open_page, ask):
    """Tokens are bound to their install."""
    assert ask(open_page(), CLAIMS, install="demo-intercom").status_code == 401
    assert ask(open_page(), CLAIMS, install="nobody").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 5, "." * 4000])
def test_a_made_up_token_is_refused(ask, token):
    """Whatever a page sends as token."""
    assert ask(token.encode("utf-8").decode("latin-1"), CLAIMS).status_code == 401


def test_a_changed_token_is_refused(open_page, ask):
    """One character decides."""
    token = open_page()
    changed = token[:5] + ("A" if token[5] != "A" else "B") + token[6:]

    assert ask(changed, CLAIMS).status_code == 401


def test_an_old_token_says_reload_the_ticket(open_page, ask, hands):
    """Fifteen minutes, then the ticket is opened anew."""
    token = open_page()
    hands.tick(minutes=14)
    assert ask(token, CLAIMS).status_code == 200
    hands.tick(minutes=2)

    assert ask(token, CLAIMS).json["error"]["code"] == "expired_signature"


@pytest.mark.parametrize(
    "claims", [[], "text", {"requester": 3}, {"requester": {"email": ["x"]}}, {"ticket": "x"}]
)
def test_claims_that_cannot_be_read_are_a_bad_request(open_page, ask, claims):
    """A sentence, never a fault."""
    answer = ask(open_page(), claims)

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")


def test_a_body_over_the_cap_is_too_large(app):
    """The body is not read beyond the cap."""
    answer = app.test_client().post("/frames/demo-plain", data=b"x" * 300_000)

    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


def test_every_answer_forbids_keeping_and_names_who_may_frame_it(send, signed):
    """The install's own hosts, and nobody else."""
    headers = send(signed("demo-zendesk")).headers

    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors http://127.0.0.1:8321" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


def test_a_native_answer_may_not_be_framed(send, signed):
    """Deny by default."""
    headers = send(signed("demo-plain", email=EMAIL)).headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_refusal_tells_nothing_and_its_log_no_secret(send, signed, caplog):
    """No signature, token, address or install in answer or log beyond the install's id."""
    request = signed("demo-zendesk", email=EMAIL)
    answer = send(request, data=request.body + b"x")

    for text in (answer.text, caplog.text):
        assert EMAIL not in text
        assert request.body.decode()[6:60] not in text


def test_another_address_is_not_here(app):
    """A calm 404."""
    assert app.test_client().get("/nowhere").json["error"]["code"] == "not_found"


def test_the_process_says_that_it_is_alive_and_ready(app):
    """For operators."""
    client = app.test_client()

    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)


@pytest.mark.parametrize("body", [b"token=x", b"x" * 200_000])
def test_an_unknown_install_costs_the_work_of_a_bad_proof(app, services, monkeypatch, body):
    """Each kind that is set up tries the request once, whichever install it names."""
    tried: list[str] = []
    for kind, helpdesk in services.helpdesks.items():

        def verify(signed, install, kind=kind, own=helpdesk.verify):
            tried.append(kind)
            return own(signed, install)

        monkeypatch.setitem(services.helpdesks, kind, replace(helpdesk, verify=verify))
    works = []
    for install in ("demo-zendesk", "demo-intercom", "nobody"):
        tried.clear()
        answer = app.test_client().post(f"/frames/{install}", data=body)
        works.append(sorted(tried))
        assert answer.status_code == 401
        assert "Server-Timing" not in answer.headers

    assert (
        works[0] == works[1] == works[2] == sorted({one.kind for one in services.installs.values()})
    )
