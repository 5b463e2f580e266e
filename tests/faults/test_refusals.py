"""Refusals become typed errors, and only what may pass is tried once more."""

from __future__ import annotations

import pytest

from plugin.errors import (
    UpstreamBroken,
    UpstreamLimited,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamUnavailable,
)
from tests.faults.conftest import answer


@pytest.mark.parametrize(
    ("status", "error", "tries"),
    [
        ("401 Unauthorized", UpstreamRefused, 1),
        ("403 Forbidden", UpstreamRefused, 1),
        ("404 Not Found", UpstreamNotFound, 1),
        ("410 Gone", UpstreamNotFound, 1),
        ("422 Unprocessable Content", UpstreamBroken, 1),
        ("429 Too Many Requests", UpstreamLimited, 1),
        ("500 Internal Server Error", UpstreamUnavailable, 1),
        ("501 Not Implemented", UpstreamUnavailable, 1),
        ("502 Bad Gateway", UpstreamUnavailable, 2),
        ("503 Service Unavailable", UpstreamUnavailable, 2),
        ("504 Gateway Timeout", UpstreamUnavailable, 2),
    ],
)
def test_statuses(faults, status, error, tries):
    """Each refusal becomes one typed error, and only a passing one is tried once more."""
    server = faults.serve(lambda talk: talk.send(answer(b'{"code": "x"}', status)))

    with pytest.raises(error) as caught:
        faults.client(server.url, 2.0).get("/")

    assert (len(server.requests), caught.value.status) == (tries, int(status[:3]))
    assert caught.value.answer == {"code": "x"}


def test_a_refusal_in_plain_text_is_the_same_refusal(faults):
    """The status says enough; the body may be anything."""
    page = answer(b"<h1>no</h1>", "404 Not Found", {"Content-Type": "text/plain"})

    with pytest.raises(UpstreamNotFound):
        faults.ask(lambda talk: talk.send(page))


def test_a_limit_in_a_403_is_a_limit(faults):
    """Salesforce says so, and its credentials are all right."""
    body = b'[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]'

    with pytest.raises(UpstreamLimited):
        faults.ask(lambda talk: talk.send(answer(body, "403 Forbidden")))


def test_a_second_try_may_succeed(faults):
    """One bad gateway is not worth a gap."""
    statuses = iter(["502 Bad Gateway", "200 OK"])

    assert faults.ask(lambda talk: talk.send(answer(status=next(statuses))), 2.0) == {}


def test_the_vendor_may_forbid_the_second_try(faults):
    """Stripe's own word outranks the status."""
    refusal = answer(status="503 Busy", headers={"Stripe-Should-Retry": "false"})
    server = faults.serve(lambda talk: talk.send(refusal))

    with pytest.raises(UpstreamUnavailable):
        faults.client(server.url, 2.0).get("/")

    assert len(server.requests) == 1


def test_retries_stay_a_small_share_of_calls(faults):
    """During an outage the calls must not double."""
    server = faults.serve(lambda talk: talk.send(answer(status="503 Busy")))
    for _ in range(20):
        with pytest.raises(UpstreamUnavailable):
            faults.client(server.url, 2.0).get("/")

    assert len(server.requests) <= 20 + 3


def test_a_token_is_not_asked_for_twice(faults):
    """A form may have side effects, so it is sent once."""
    server = faults.serve(lambda talk: talk.send(answer(status="503 Busy")))

    with pytest.raises(UpstreamUnavailable):
        faults.client(server.url, 2.0).post("/oauth/token", {"a": "b"}, form=True)

    assert len(server.requests) == 1


def test_keeps_connections_alive(faults):
    """A read to its end leaves the connection for the next call."""
    server = faults.serve(lambda talk: talk.send(answer()))
    client = faults.client(server.url, 2.0)
    for _ in range(5):
        client.get("/")

    assert (len(server.requests), server.connections) == (5, 1)


def test_a_connection_that_was_closed_while_idle_costs_no_answer(faults):
    """Upstreams close idle connections when they like."""

    def script(talk):
        talk.send(answer())
        talk.connection.close()

    server = faults.serve(script)
    client = faults.client(server.url, 2.0)

    assert [client.get("/"), client.get("/")] == [{}, {}]
