"""What the page claims of the requester, against what the helpdesk's own API says."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugin.demo.setup import set_up_demo
from plugin.errors import ConfigurationError, UpstreamRefused, UpstreamUnavailable
from plugin.families import UPSTREAMS
from plugin.frame import Requester
from plugin.web.app import create_app
from plugin.workspace.start import load_settings
from tests.plugin.workspace.requester_check.helpdesk_api import HelpdeskApi
from tests.plugin.workspace.requester_check.place import HOST, JANE, SAARA, TICKET, Hands, Place

OURS, THEIRS = "Northwind", "Halden"
SETTINGS = """
[workspaces.demo.upstreams.desk]
kind = "zendesk_tickets"
subdomain = "acme"
oauth_token = "a-token-of-the-test"
[workspaces.demo.installs.{name}]
kind = "{kind}"
secrets = ["0123456789abcdef0123456789abcdef"]
hosts = ["https://acme.example"]
{more}
"""
BY_DESK = 'confirm_by = "desk"'
REQUIRED = f"{BY_DESK}\nconfirm_required = true"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[HelpdeskApi]:
    """Return the API behind the connection `desk`: ticket 25 is Jane's."""
    made = HelpdeskApi({"25": Requester(JANE, "Jane"), "31": Requester(SAARA, "Saara")})
    made.gate.set()
    known = UPSTREAMS["zendesk_tickets"]
    faked = replace(known, whose=made.whose, fetch=made.fetch, find=None)
    monkeypatch.setitem(UPSTREAMS, "zendesk_tickets", faked)
    yield made
    made.gate.set()


@pytest.fixture
def hands() -> Hands:
    """Return the clock's hands."""
    return Hands()


@pytest.fixture
def place(tmp_path: Path, hands: Hands, api: HelpdeskApi) -> Any:
    """Return a maker of the service with one install."""
    assert api.gate.is_set()

    def make(kind: str = "front", more: str = BY_DESK) -> Place:
        path = set_up_demo(tmp_path, HOST, hands.now)
        text = SETTINGS.format(name="desk-install", kind=kind, more=more)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
        return Place(create_app(load_settings(path), clock=hands.clock()), kind, hands)

    return make


def test_the_same_requester_is_confirmed(place: Any, api: HelpdeskApi) -> None:
    """Where page and API agree, the account is shown, and the API is asked once a ticket."""
    made = place()
    shown = [made.page(JANE.upper()), made.page(JANE)]

    assert all(OURS in one for one in shown)
    assert all("not confirmed" not in one and "The page names" not in one for one in shown)
    assert "requester as Zendesk says" in shown[0]
    assert [one.ticket_id for one in api.asked] == ["25"]


def test_another_requester_than_the_claimed_is_shown_as_such(place: Any, api: HelpdeskApi) -> None:
    """The page names somebody else: the API's person wins, and both are named."""
    made = place()
    before = made.counted("differs")
    shown = made.page(SAARA)

    assert OURS in shown
    assert THEIRS not in shown
    assert f"The page names {SAARA}; Zendesk says that {JANE} wrote this ticket." in shown
    assert made.counted("differs") == before + 1
    assert api.asked


def test_only_the_ticket_is_asked_about_where_the_customer_is_claimed(
    place: Any, api: HelpdeskApi
) -> None:
    """A claimed id of a customer cannot make the API contradict itself."""
    made = place()
    made.page(JANE)
    assert [one.customer_id for one in api.asked] == [None]


def test_a_page_that_names_nobody_gets_the_ticket_s_requester(place: Any) -> None:
    """The API alone is enough."""
    assert OURS in place().page(None)


@pytest.mark.parametrize(
    "error", [UpstreamUnavailable("it is down"), UpstreamRefused("needs new credentials")]
)
def test_without_an_answer_the_claim_stays_a_claim(
    place: Any, api: HelpdeskApi, error: Any
) -> None:
    """While the API fails, the claimed account is shown, and that it is only claimed."""
    api.error = error
    made = place()
    shown = made.page(JANE)

    assert OURS in shown
    assert "requester not confirmed by Zendesk" in shown
    assert made.counted("unconfirmed") >= 1


@pytest.mark.parametrize(
    "ticket", [{"id": "404"}, None, {"subject": "New"}], ids=["unknown", "none", "new"]
)
def test_what_the_api_does_not_know_is_not_confirmed(place: Any, ticket: Any) -> None:
    """A ticket that is not there, or not yet, confirms nobody."""
    assert "requester not confirmed by Zendesk" in place().page(JANE, ticket)


@pytest.mark.parametrize("ticket", [{"id": "404"}, None, TICKET], ids=["unknown", "none", "down"])
def test_where_it_is_required_no_account_is_shown_unconfirmed(
    place: Any, api: HelpdeskApi, ticket: Any
) -> None:
    """Fail closed: no name, no fact, no choice of accounts."""
    api.error = UpstreamUnavailable("it is down") if ticket is TICKET else None
    shown = place(more=REQUIRED).page(JANE, ticket)

    assert "Zendesk did not confirm who wrote this ticket, so no account is shown." in shown
    assert OURS not in shown
    assert 'data-action="pin"' not in shown


def test_where_it_is_required_a_confirmed_requester_sees_the_account(place: Any) -> None:
    """What the API says is enough, whatever the page claims."""
    made = place(more=REQUIRED)
    assert OURS in made.page(JANE)
    assert (OURS in made.page(SAARA), THEIRS in made.page(SAARA)) == (True, False)


def test_help_scout_is_full_at_once(place: Any, api: HelpdeskApi) -> None:
    """Its launch proves ids alone: with the API the first answer shows the account."""
    api.says["1"] = Requester(JANE)
    page = place("helpscout").launch()

    assert OURS in page.text
    assert [(one.ticket_id, one.customer_id) for one in api.asked] == [("25", "1")]


def test_help_scout_waits_for_its_page_while_the_api_is_down(place: Any, api: HelpdeskApi) -> None:
    """Nothing is made up: the page tells the address, which then is a claim."""
    api.error = UpstreamUnavailable("it is down")
    made = place("helpscout")

    assert 'aria-busy="true"' in made.launch().text
    assert "requester not confirmed by Zendesk" in made.page(JANE)


def test_a_native_answer_is_confirmed_too(place: Any) -> None:
    """HubSpot's card claims ticket and requester: the API's person is shown."""
    shown = place("hubspot", f'{BY_DESK}\nportal_id = "4711"').launch(email=SAARA)

    assert THEIRS not in shown.text
    assert json.loads(shown.text)["header"]["title"].startswith(OURS)
    assert f"The page names {SAARA}" in shown.text


def test_what_is_proven_is_not_asked_about(place: Any, api: HelpdeskApi) -> None:
    """Intercom signs the requester's address: nothing is left to confirm."""
    shown = place("intercom", f'{BY_DESK}\nworkspace_id = "w"').launch(email=SAARA)

    assert THEIRS in shown.text
    assert api.asked == []


def test_a_hung_api_costs_half_of_the_time_at_most(place: Any, api: HelpdeskApi) -> None:
    """The answer leaves in its budget, with the account that is claimed."""
    made = place(more=f'{BY_DESK}\nframe_budget = "600ms"')
    made.page(JANE, {"id": "31"})
    api.gate.clear()
    began = time.monotonic()
    shown = made.page(JANE)

    assert time.monotonic() - began < 2 * 0.6
    assert OURS in shown
    assert "requester not confirmed by Zendesk" in shown
    assert "data-refreshing" in shown


def test_a_requester_who_was_changed_is_looked_up_anew(
    place: Any, api: HelpdeskApi, hands: Hands
) -> None:
    """Before page and API are said to differ, an answer that is not new is asked for again."""
    made = place()
    made.page(JANE)
    api.says["25"] = Requester(SAARA)
    hands.now += timedelta(seconds=31)
    shown = made.page(SAARA)

    assert THEIRS in shown
    assert "The page names" not in shown
    assert len(api.asked) == 2


def test_made_up_claims_do_not_make_us_ask_and_ask(place: Any, api: HelpdeskApi) -> None:
    """A claim that differs is no reason to ask at each call."""
    made = place()
    for number in range(10):
        made.page(f"eve{number}@evil.test")

    assert len(api.asked) == 1


def test_an_action_is_done_for_the_confirmed_requester(place: Any) -> None:
    """What is pressed acts on the account that is shown, not on the claimed one."""
    shown = place().page(SAARA, door="actions/refresh")
    assert (OURS in shown, THEIRS in shown) == (True, False)


def test_an_install_that_confirms_nobody_asks_nobody(place: Any, api: HelpdeskApi) -> None:
    """Without the setting everything is as before."""
    shown = place(more="").page(JANE)

    assert OURS in shown
    assert api.asked == []


@pytest.mark.parametrize(
    ("more", "key", "said"),
    [
        ('confirm_by = "nowhere"', "confirm_by", "there is no connection 'nowhere'"),
        ('confirm_by = "crm"', "confirm_by", "cannot say who wrote a ticket"),
        ("confirm_required = true", "confirm_required", "nobody is named who confirms"),
    ],
)
def test_a_confirmation_that_nobody_can_give_stops_the_start(
    place: Any, more: str, key: str, said: str
) -> None:
    """The service names the setting, and the connections that could."""
    with pytest.raises(ConfigurationError) as caught:
        place(more=more)

    (problem,) = caught.value.problems
    assert problem.key == f"workspaces.demo.installs.desk-install.{key}"
    assert said in problem.message


@pytest.mark.parametrize("action", ["pin", "search", "refresh", "feedback"])
def test_where_it_is_required_nothing_can_be_done_unconfirmed(place: Any, action: str) -> None:
    """No button brings back what is withheld, and nobody is pinned to an account."""
    made = place(more=REQUIRED)
    token = re.search(r'data-token="([^"]+)"', made.launch().text)
    assert token is not None
    answer = made.client.post(
        f"/frames/desk-install/actions/{action}",
        json={"requester": {"email": JANE}, "value": "northwind", "query": "North"},
        headers={"Authorization": f"Bearer {html.unescape(token[1])}"},
    )

    assert answer.status_code in (200, 400, 403, 404)
    assert "Growth" not in answer.text
    assert "$30" not in answer.text
