"""One account, many upstreams on real connections: the answer leaves in time with what there is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema

from plugin.fetching.asking import Tenant
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import Resources
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream
from tests.faults.conftest import answer

ACME = AccountRef("7", "Acme")
LIMITED = answer(b"{}", "429 Too Many Requests", {"Retry-After": "60"})
FAULTS = {
    "hangs": (lambda talk: talk.hang(), "timed_out"),
    "drips": (lambda talk: talk.drip(answer(b" " * 500), 0.02), "timed_out"),
    "resets": (lambda talk: talk.reset(), "broken"),
    "garbage": (lambda talk: talk.send(b"\x00\xff\r\n\r\n"), "broken"),
    "page": (
        lambda talk: talk.send(answer(b"<p>", headers={"Content-Type": "text/html"})),
        "broken",
    ),
    "down": (lambda talk: talk.send(answer(status="500 Oops")), "broken"),
    "refused": (lambda talk: talk.send(answer(status="401 Unauthorized")), "refused"),
    "limited": (lambda talk: talk.send(LIMITED), "rate_limited"),
    "missing": (lambda talk: talk.send(answer(status="404 Not Found")), "not_found"),
    "good": (lambda talk: talk.send(answer(b'{"seats": 7}')), None),
}


def _fetch(ref: AccountRef, link: Link) -> Facts:
    return Facts({"contract.seats_paid": link.client.get(f"/{ref.id}")["seats"]}, link.now)


def _base(options: Any) -> str:
    return str(options["url"])


def connect(name: str, url: str, **more: Any) -> tuple[Upstream, Connection]:
    """Return a connection to a server on loopback."""
    supplies = frozenset({"contract.seats_paid"})
    upstream = Upstream(name, name, "https://x", Schema, supplies, _fetch, base_url=_base)
    return upstream, Connection(name, name, options={"url": url}, **more)


@pytest.fixture
def resources() -> Iterator[Resources]:
    """Return a runtime in real time."""
    made = Resources()
    yield made
    made.close()


@pytest.fixture
def sources(resources, serve):
    """Return a workspace with one upstream for each fault, and a good one."""
    connections = {
        name: connect(name, serve(script).url, deadline=0.6, loopback=True)
        for name, (script, _) in FAULTS.items()
    }
    return Sources(Tenant("north"), connections, resources)


def test_every_fault_at_once_leaves_the_rest_intact(sources):
    """Ten upstreams, nine of them ill in their own way: in time, each with the right word."""
    began = time.monotonic()
    found = sources.gather(ACME, began + 3)
    elapsed = time.monotonic() - began

    assert {name: each.reason for name, each in found.items()} == {
        name: reason for name, (_, reason) in FAULTS.items()
    }
    assert found["good"].facts.values == {"contract.seats_paid": 7}
    assert elapsed < 3


def test_the_deadline_outranks_the_upstreams_own_time(sources):
    """Whoever needs longer is answered for; what was there by then is shown."""
    sources.gather(AccountRef("8", "x"), time.monotonic() + 1.0)
    began = time.monotonic()
    found = sources.gather(ACME, began + 0.2)
    late = time.monotonic() - began - 0.2

    assert {found[name].reason for name in ("hangs", "drips")} == {"timed_out"}
    assert found["good"].facts is not None
    assert late < 0.5


def test_states_say_what_is_wrong(sources):
    """The footer and the check command name what needs somebody, and until when."""
    sources.gather(ACME, time.monotonic() + 3)
    states = {state.name: state for state in sources.states()}

    assert states["refused"].state == "needs_credentials"
    assert (states["limited"].state, states["limited"].until is not None) == ("limited", True)
    assert (states["good"].state, states["good"].answered_at is not None) == ("ok", True)
    assert "401" in (states["refused"].problem or "")


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1", False),
        ("https://localhost", False),
        ("https://10.0.0.1", True),
        ("https://a..b", False),
        ("", False),
    ],
    ids=["plain", "bare name", "neighbour", "malformed", "empty"],
)
def test_a_base_url_that_may_not_be_called_is_a_gap(resources, url, loopback):
    """A mistake in the settings is said to be one, and nothing is sent."""
    connection = connect("crm", url, loopback=loopback)
    sources = Sources(Tenant("north"), {"crm": connection}, resources)

    assert sources.gather(ACME, time.monotonic() + 2)["crm"].reason == "not_configured"


def test_an_upstream_without_a_base_url_has_no_client(resources):
    """A source that reads files or a database calls nobody."""

    def fetch(_ref: AccountRef, link: Link) -> Facts:
        link.client.get("/")
        return Facts({}, link.now)

    upstream = Upstream("files", "Files", "https://x", Schema, frozenset(), fetch)
    sources = Sources(
        Tenant("north"), {"files": (upstream, Connection("files", "files"))}, resources
    )

    assert sources.gather(ACME, time.monotonic() + 2)["files"].reason == "not_configured"


def test_an_email_is_in_no_error_and_no_log(resources, serve, caplog):
    """Paths may hold addresses; what people and logs read does not."""

    def fetch(_ref: AccountRef, link: Link) -> Facts:
        link.client.get("/contacts/ann%40acme.example", params=[("q", "ann@acme.example")])
        return Facts({}, link.now)

    server = serve(lambda talk: talk.send(answer(b'{"email": "ann@acme.example"}', "400 Bad")))
    upstream = Upstream("crm", "CRM", "https://x", Schema, frozenset(), fetch, base_url=_base)
    connection = Connection("crm", "crm", options={"url": server.url}, loopback=True)
    sources = Sources(Tenant("north"), {"crm": (upstream, connection)}, resources)
    sources.gather(ACME, time.monotonic() + 2)

    (state,) = sources.states()
    sidelight = [entry.getMessage() for entry in caplog.records if "sidelight" in entry.name]
    assert "acme" not in f"{state} {sidelight}"
    assert sidelight
