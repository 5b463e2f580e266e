"""Stripe's transport against a server that others wrote: addresses, pages, ids, refusals.

Amounts are no matter here: localstripe's own sums are known to be wrong.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from urllib3.util import Retry

from plugin.errors import UpstreamRefused
from plugin.fetching.clock import system_clock
from plugin.fetching.gate import Gate
from plugin.fetching.http.client import Endpoint, HttpClient
from plugin.fetching.http.connections import Network, resolve_by_system
from plugin.fetching.http.pools import Pool
from plugin.fetching.http.watchdog import Watchdog
from plugin.revenue.facts import with_revenue
from plugin.revenue.policy import P0
from plugin.upstream import AccountRef, Identity, Link
from plugin.vendors.stripe.source import stripe

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CARD = {
    "type": "card",
    "card[number]": "4242424242424242",
    "card[cvc]": "123",
    "card[exp_month]": "12",
    "card[exp_year]": "2040",
}
# Its state stays in memory: the server would write a file into /tmp at every change.
SERVE = """
import sys
from aiohttp import web
from localstripe import server
from localstripe.resources import Store
Store.dump_to_disk = lambda store: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
"""


class Loopback:
    """The outgoing client, as the service has it, beside a session that sets the double up."""

    def __init__(self, base: str, key: str) -> None:
        clock = system_clock()
        watchdog = Watchdog(clock.monotonic)
        self.base = base
        self.reading = Pool(Network(watchdog, resolve_by_system, loopback=True), 4)
        headers = stripe.headers({"key": key})
        endpoint = Endpoint(base, headers, self.reading, Gate(clock), clock, watchdog)
        self.client = HttpClient(endpoint, seconds=20)
        self.writing = requests.Session()
        self.writing.trust_env = False
        self.writing.headers.update(headers)
        patient = requests.adapters.HTTPAdapter(max_retries=Retry(connect=8, backoff_factor=0.05))
        self.writing.mount(base, patient)

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Ask; localstripe cannot filter invoices by status, so that is left out."""
        sent = [pair for pair in params if path != "/v1/invoices" or pair[0] != "status"]
        return self.client.get(path, sent, headers)

    def post(
        self,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None = None,
        *,
        form: bool = True,
    ) -> Any:
        """Create something on the double; the connector itself never does."""
        assert form
        done = self.writing.post(self.base + path, data=body, headers=headers, timeout=5)
        done.raise_for_status()
        return done.json()

    def close(self) -> None:
        """Close the connections."""
        self.writing.close()
        self.reading.close()


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """Run localstripe on a free port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(port)])
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def api(base: str) -> Iterator[Loopback]:
    """Return a client of an empty account that knows one plan."""
    client = Loopback(base, "sk_test_12345")
    client.writing.delete(f"{base}/_config/data", timeout=5)
    plan = {"id": "growth", "amount": 9_900, "currency": "usd", "interval": "month"}
    client.post("/v1/plans", {**plan, "product[name]": "Growth"})
    yield client
    client.close()


def customer(api: Loopback, email: str) -> str:
    """Create a customer with a card."""
    made: str = api.post("/v1/customers", {"email": email, "name": "Acme"})["id"]
    card = api.post("/v1/payment_methods", CARD)["id"]
    api.post(f"/v1/payment_methods/{card}/attach", {"customer": made})
    api.post(f"/v1/customers/{made}", {"invoice_settings[default_payment_method]": card})
    return made


def subscribe(api: Loopback, owner: str, seats: int = 12) -> str:
    """Create an active subscription."""
    row = {"items[0][plan]": "growth", "items[0][quantity]": str(seats)}
    made: str = api.post("/v1/subscriptions", {"customer": owner, **row})["id"]
    return made


def link(api: Loopback) -> Link:
    """Return the connection."""
    return Link("acme", "billing", {}, api, NOW)


def test_finds_a_customer_in_either_spelling(api: Loopback) -> None:
    """The double compares letter by letter too, as given and in lower case."""
    made = customer(api, "ada@acme.example")
    customer(api, "Bob@acme.example")
    assert stripe.find is not None
    found = stripe.find(Identity("contact_email", "Ada@acme.example"), link(api))

    assert [ref.id for ref in found] == [made]
    assert stripe.find(Identity("contact_email", "eve@acme.example"), link(api)) == ()


def test_reads_every_page(api: Loopback) -> None:
    """103 subscriptions are two pages of one customer, and nothing of another."""
    made, other = customer(api, "ada@acme.example"), customer(api, "bob@acme.example")
    ids = [subscribe(api, made) for _ in range(103)]
    subscribe(api, other)
    facts = stripe.fetch(AccountRef("a", "Acme", emails=("ada@acme.example",)), link(api))

    assert sorted(body["id"] for body in facts.subscriptions) == sorted(ids)
    assert "invoices" not in facts.partial


def test_reads_the_shape_of_old_versions(api: Loopback) -> None:
    """Plans in place of prices, the period on the subscription: 12 × 99 × 12."""
    made = customer(api, "ada@acme.example")
    subscribe(api, made)
    ref = AccountRef("a", "Acme", external_ids={"billing": made})
    values = with_revenue(stripe.fetch(ref, link(api)), P0, NOW).values

    assert values["contract.arr"].amount == 14_256
    assert values["contract.seats_paid"] == 12
    assert values["contract.payment_status"] == "ok"


def test_tells_what_is_set_to_end(api: Loopback) -> None:
    """`cancel_at_period_end` set over the API ends the contract with its period."""
    made = customer(api, "ada@acme.example")
    body = subscribe(api, made)
    api.post(f"/v1/subscriptions/{body}", {"cancel_at_period_end": "true"})
    ref = AccountRef("a", "Acme", external_ids={"billing": made})
    values = with_revenue(stripe.fetch(ref, link(api)), P0, NOW).values

    assert "contract.ends_at" in values
    assert "contract.renewal_at" not in values


def test_is_refused_without_a_key(base: str) -> None:
    """401 is a refusal, for the answer and for the check."""
    stranger = Loopback(base, "")
    with pytest.raises(UpstreamRefused):
        stripe.fetch(AccountRef("a", "Acme", emails=("ada@acme.example",)), link(stranger))
    assert stripe.check is not None
    assert all("refuses this key" in problem.message for problem in stripe.check(link(stranger)))
    stranger.close()
