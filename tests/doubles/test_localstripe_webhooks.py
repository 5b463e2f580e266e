"""Stripe's deliveries as a server that others wrote signs and sends them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from plugin.errors import BadSignature
from plugin.fetching.clock import system_clock
from plugin.frame import SignedRequest
from plugin.incoming.json_body import read_json
from plugin.vendors.stripe.hook import stripe
from tests.doubles.test_localstripe import Loopback, customer
from tests.doubles.test_localstripe import api as api  # noqa: PLC0414 - a fixture, for this file too
from tests.doubles.test_localstripe import base as base  # noqa: PLC0414 - as above
from tests.faults.processes import until

SECRET = "whsec_of_the_double"


class _Door(HTTPServer):
    """Keeps what is delivered."""

    def __init__(self) -> None:
        self.came: list[SignedRequest] = []
        super().__init__(("127.0.0.1", 0), _Visitor)


class _Visitor(BaseHTTPRequestHandler):
    server: _Door

    def do_POST(self) -> None:
        """Take a delivery as it is."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        now = system_clock().now()
        self.server.came.append(SignedRequest("POST", self.path, headers, b"", body, now))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[_Door]:
    """Return a server that the double delivers to."""
    with _Door() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_proves_and_reads_what_the_double_delivers(api: Loopback, door: _Door) -> None:
    """The secret of the endpoint proves it, another does not, and it names the customer."""
    where = f"http://127.0.0.1:{door.server_address[1]}/hooks/acme/billing"
    hook = {"url": where, "secret": SECRET, "events[0]": "customer.created"}
    api.writing.post(f"{api.base}/_config/webhooks/ours", data=hook, timeout=5).raise_for_status()
    made = customer(api, "ada@acme.example")
    assert until(lambda: bool(door.came), 10.0)
    delivery = door.came[0]

    stripe.verify(delivery, [SECRET])
    with pytest.raises(BadSignature):
        stripe.verify(delivery, ["whsec_of_somebody_else"])
    (event,) = stripe.read(read_json(delivery.body))
    assert (event.id[:4], event.about) == ("evt_", (made, "ada@acme.example"))
