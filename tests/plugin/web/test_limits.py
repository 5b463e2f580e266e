"""How much one caller may ask for, counted over all processes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.errors import TooMany
from plugin.fetching.counts import Counts
from plugin.web.limits import RequestLimit


def _processes(most: int, **shared) -> list[RequestLimit]:
    return [RequestLimit(lambda: 0.0, most, 60.0, **shared) for _ in range(4)]


def test_workers_of_a_host_count_together():
    """Four workers admit what one does."""
    workers = _processes(120, host=Counts())

    assert sum(workers[number % 4].allows("anna") for number in range(600)) == 120


def test_two_limits_of_one_host_never_meet():
    """Each counts its own."""
    host = Counts()
    one, other = RequestLimit(lambda: 0.0, 1, 60.0, host), RequestLimit(lambda: 0.0, 2, 60.0, host)

    assert [one.allows("x"), other.allows("x"), other.allows("x")] == [True] * 3


def test_hosts_that_share_a_cache_count_together():
    """And each goes on alone while the cache is out of reach."""
    seen: dict[str, int] = {}

    def count(name: str, _seconds: float) -> int:
        seen[name] = seen.get(name, 0) + 1
        return seen[name]

    assert sum(one.allows("x") for one in _processes(2, elsewhere=count)) == 2
    assert sum(one.allows("x") for one in _processes(2, elsewhere=lambda *_: None)) == 4


def test_one_install_opens_only_so_much(app, services, send, signed):
    """The others are not held up, and who proves nothing uses nothing up."""
    few = RequestLimit(services.clock.monotonic, 2, 60.0)
    app.extensions["sidelight"] = replace(services, frames=few)
    bad = app.test_client().post("/frames/demo-zendesk", data=b"token=x")
    answers = [send(signed("demo-zendesk")).status_code for _ in range(3)]
    other = send(signed("demo-plain", email="a@b.example"))
    app.extensions["sidelight"] = services

    assert bad.status_code == 401
    assert answers == [200, 200, 429]
    assert other.status_code == 200


def test_too_many_is_said():
    """With how many there may be."""
    limit = RequestLimit(lambda: 0.0, 1, 60.0)
    limit.take("x")

    with pytest.raises(TooMany, match="more than 1"):
        limit.take("x")
