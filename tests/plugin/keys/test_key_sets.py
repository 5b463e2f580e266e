"""Published keys are fetched once, kept while their address is down, and looked for sparingly."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from plugin.errors import UpstreamError
from plugin.fetching.key_sets import AGAIN, FRESH, KEPT, RETRY, KeySets
from plugin.fetching.resources import ResourceOptions, Resources
from tests.plugin.fetching.conftest import LATER, ManualClock
from tests.plugin.keys.key_server import KeyServer, serving

NOT_KEYS = ["{}", "[]", "null", '{"keys": []}', '{"keys": {"kid": "jira"}}', '{"keys": ["x"]}']


@pytest.fixture
def ticking() -> ManualClock:
    """Return a clock that only the test moves."""
    return ManualClock()


@pytest.fixture
def sets(ticking: ManualClock) -> Iterator[KeySets]:
    """Return the key sets of a process that has just started."""
    resources = Resources(clock=ticking.clock)
    yield KeySets(resources)
    resources.close()


@pytest.fixture
def server() -> Iterator[KeyServer]:
    """Return a server that publishes one key."""
    with serving("jira") as made:
        yield made


def _names(sets: KeySets, server: KeyServer, key_id: str = "jira") -> list[Any]:
    return [key["kid"] for key in sets.keys(server.url, key_id, LATER)]


def test_keys_are_fetched_once(sets: KeySets, server: KeyServer) -> None:
    """All later questions are answered from memory."""
    assert [_names(sets, server) for _ in range(3)] == [["jira"]] * 3
    assert server.asked == 1


def test_who_comes_at_the_same_time_shares_one_fetch(sets: KeySets, server: KeyServer) -> None:
    """Fifty first requests are one question to the helpdesk."""
    server.gate.clear()
    with ThreadPoolExecutor(50) as pool:
        told = [pool.submit(_names, sets, server) for _ in range(50)]
        server.gate.set()
        assert [one.result(10) for one in told] == [["jira"]] * 50

    assert server.asked == 1


def test_many_unknown_names_are_one_more_look(sets: KeySets, server: KeyServer) -> None:
    """Whoever makes up names of keys makes us look once, not once a name."""
    _names(sets, server)
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda n: _names(sets, server, f"made-up-{n}"), range(400)))

    assert told == [["jira"]] * 400
    assert server.asked == 2


def test_a_storm_before_the_first_keys_is_one_look(sets: KeySets, server: KeyServer) -> None:
    """Made-up names that come first do no more."""
    for number in range(50):
        _names(sets, server, f"made-up-{number}")

    assert server.asked == 1


def test_an_unknown_name_may_look_again_later(
    sets: KeySets, server: KeyServer, ticking: ManualClock
) -> None:
    """After the pause a new key is found, whoever asked in vain before."""
    _names(sets, server, "next")
    server.names.append("next")
    ticking.tick(AGAIN - 1)
    assert _names(sets, server, "next") == ["jira"]

    ticking.tick(1)
    assert _names(sets, server, "next") == ["jira", "next"]
    assert server.asked == 2


def test_a_new_key_is_found_at_once(sets: KeySets, server: KeyServer) -> None:
    """A key that replaces another is looked for when it is first used, and so is the one after."""
    found = []
    for name in ("jira", "next", "last"):
        server.names = [name]
        found.append(_names(sets, server, name))

    assert found == [["jira"], ["next"], ["last"]]
    assert server.asked == 3


def test_keys_outlive_their_address(sets: KeySets, server: KeyServer, ticking: ManualClock) -> None:
    """While the address fails, the last keys serve: for a day, then they prove nothing any more."""
    _names(sets, server)
    server.status = 503
    for _ in range(3):
        ticking.tick(FRESH)
        assert _names(sets, server) == ["jira"]
    ticking.tick(KEPT)

    assert _names(sets, server) == []


def test_an_old_set_is_refreshed_behind_the_answer(
    sets: KeySets, server: KeyServer, ticking: ManualClock
) -> None:
    """Nobody waits for a refresh; a key that was withdrawn is gone after it."""
    _names(sets, server)
    assert server.seen.acquire(timeout=10)
    server.names = ["next"]
    ticking.tick(FRESH)
    server.gate.clear()
    assert _names(sets, server) == ["jira"]

    server.gate.set()
    assert server.seen.acquire(timeout=10)
    assert _names(sets, server, "next") == ["next"]
    assert server.asked == 2


@pytest.mark.parametrize("text", [*NOT_KEYS, "no JSON"])
def test_what_is_no_key_set_changes_nothing(
    sets: KeySets, server: KeyServer, ticking: ManualClock, text: str
) -> None:
    """An answer of another form is a failure: the keys before it are kept."""
    _names(sets, server)
    server.text = text
    ticking.tick(FRESH)

    assert _names(sets, server, "next") == ["jira"]
    assert _names(sets, server) == ["jira"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [(500, {}), (404, {}), (302, {"Location": "/elsewhere"}), (200, {"Content-Type": "text/html"})],
)
def test_a_failure_is_not_asked_again_at_once(
    sets: KeySets, server: KeyServer, ticking: ManualClock, status: int, headers: dict[str, str]
) -> None:
    """A refusal, a redirect, a page: no keys, and the next try comes after a pause."""
    server.status, server.headers = status, headers
    assert [_names(sets, server) for _ in range(5)] == [[]] * 5
    assert server.asked == 1

    server.status, server.headers = 200, {}
    ticking.tick(RETRY)
    assert _names(sets, server) == ["jira"]


def test_nobody_waits_longer_than_their_time(
    sets: KeySets, server: KeyServer, ticking: ManualClock
) -> None:
    """While the address says nothing, an answer leaves without keys."""
    server.gate.clear()
    assert sets.keys(server.url, "jira", ticking.monotonic() + 0.05) == ()


def test_one_address_knows_nothing_of_another(sets: KeySets, server: KeyServer) -> None:
    """Keys belong to the address that published them."""
    _names(sets, server)
    with serving("other") as elsewhere:
        assert _names(sets, elsewhere, "other") == ["other"]
        assert _names(sets, server, "other") == ["jira"]


@pytest.mark.parametrize("url", ["http://keys.acme.test/jwks.json", "https://x/", "ftp://a.test"])
def test_an_unsafe_address_is_never_called(sets: KeySets, url: str) -> None:
    """Only a full host name is called, and only over https."""
    with pytest.raises(UpstreamError):
        sets.fetch(url)


@pytest.mark.parametrize("address", ["192.168.0.1", "10.0.0.1", "169.254.169.254", "127.0.0.1"])
def test_a_name_that_leads_inside_is_never_called(ticking: ManualClock, address: str) -> None:
    """A name is only as good as the addresses behind it: all must be public."""
    there = (socket.AF_INET, (address, 443))
    resources = Resources(ResourceOptions(resolve=lambda _host, _port: [there]), ticking.clock)
    with pytest.raises(UpstreamError):
        KeySets(resources).fetch("https://keys.acme.test/jwks.json")

    resources.close()


def test_threads_end_with_the_process(sets: KeySets, server: KeyServer) -> None:
    """A question leaves no thread of its own behind."""
    _names(sets, server)
    before = threading.active_count()
    for number in range(20):
        _names(sets, server, f"made-up-{number}")

    assert threading.active_count() <= before + 1
