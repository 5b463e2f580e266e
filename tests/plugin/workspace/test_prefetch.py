"""A new ticket's account is fetched before it is opened; nobody waits for that."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from marshmallow import Schema

from plugin.families import UPSTREAMS
from plugin.fetching.resources import ResourceOptions, Resources
from plugin.frame import FrameRequest, Requester
from plugin.hook import NewTicket
from plugin.settings.records import Connection, Workspace
from plugin.upstream import AccountRef, Facts, Identity, Link, TicketKey, Upstream
from plugin.workspace.answering import know
from plugin.workspace.prefetch import SIZE, Prefetcher
from plugin.workspace.runtime import WorkspaceRuntime
from plugin.workspace.setup import runtime_of
from tests.faults.processes import until

ADA = Requester("ada@one.example", "Ada", "ext-7", "org-1")
ONE = AccountRef("a-1", "One", "one.example")
TICKET = NewTicket("25", "user-51")


class Vendor:
    """A helpdesk and a billing system that count what they are asked, and may hang."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.goes_on = threading.Event()
        self.goes_on.set()

    def whose(self, key: TicketKey, _link: Link) -> Requester | None:
        """Say who wrote ticket 25."""
        self.asked[f"whose {key.ticket_id}"] += 1
        self.goes_on.wait(10)
        return ADA if key.ticket_id == "25" else None

    def find(self, identity: Identity, _link: Link) -> tuple[AccountRef, ...]:
        """Know Ada by her address."""
        self.asked[f"find {identity.value}"] += 1
        return (ONE,) if identity.value == ADA.email else ()

    def fetch(self, ref: AccountRef, link: Link) -> Facts:
        """Say the plan."""
        self.asked[f"fetch {link.name} {ref.id}"] += 1
        return Facts({"contract.plan": "Growth"}, link.now)


@pytest.fixture
def vendor() -> Vendor:
    """What the sources ask."""
    return Vendor()


@pytest.fixture
def resources() -> Iterator[Resources]:
    """The shared parts of a process."""
    made = Resources()
    yield made
    made.close()


@pytest.fixture
def runtime(
    vendor: Vendor, resources: Resources, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> WorkspaceRuntime:
    """A workspace with a helpdesk and a billing system."""
    helpdesk = Upstream(
        "made-up-helpdesk",
        "Helpdesk",
        "https://x",
        Schema,
        frozenset({"contract.plan"}),
        vendor.fetch,
        vendor.find,
        whose=vendor.whose,
    )
    billing = Upstream(
        "made-up-billing", "Billing", "https://x", Schema, frozenset({"contract.arr"}), vendor.fetch
    )
    for one in (helpdesk, billing):
        monkeypatch.setitem(UPSTREAMS, one.name, one)
    (tmp_path / "rules.yaml").write_text("version: 1\npack: none\n")
    connections = {
        name: Connection(name, f"made-up-{name}", ttl=900.0) for name in ("helpdesk", "billing")
    }
    space = Workspace("acme", "Acme", rules=tmp_path / "rules.yaml", upstreams=connections)
    return runtime_of(space, resources)


def _open(runtime: WorkspaceRuntime, resources: Resources, requester: Requester) -> bool:
    """Open a ticket, and say whether the account is known."""
    request = FrameRequest("panel", requester=requester)
    clock = resources.clock
    return know(request, runtime, clock.now(), clock.monotonic() + 5).account is not None


@pytest.mark.parametrize(
    "requester",
    [ADA, Requester(ADA.email, "Ada", "user-51", "org-1"), Requester(ADA.email)],
    ids=["as its API says", "as its page says", "by address"],
)
def test_whoever_opens_it_waits_for_nobody(
    vendor: Vendor, runtime: WorkspaceRuntime, resources: Resources, requester: Requester
) -> None:
    """The writer, their account and its facts are there, however the helpdesk names them."""
    Prefetcher(resources).warm(runtime, "helpdesk", TICKET)
    assert until(lambda: "find user-51" in vendor.asked and "fetch billing a-1" in vendor.asked)
    before = Counter(vendor.asked)

    assert _open(runtime, resources, requester)
    assert runtime.sources.whose("helpdesk", TicketKey("25"), resources.clock.monotonic()).requester
    assert vendor.asked == before


def test_an_event_that_names_the_address_needs_no_api(
    vendor: Vendor, runtime: WorkspaceRuntime, resources: Resources
) -> None:
    """A connection that cannot say who wrote a ticket takes the event's word for the cache."""
    Prefetcher(resources).warm(runtime, "billing", NewTicket("25", requester=Requester(ADA.email)))
    assert until(lambda: "fetch billing a-1" in vendor.asked)

    assert not any(word.startswith("whose") for word in vendor.asked)


@pytest.mark.parametrize("ticket", [NewTicket("99"), NewTicket()], ids=["unknown", "without ids"])
def test_a_ticket_of_nobody_fetches_nothing(
    vendor: Vendor, runtime: WorkspaceRuntime, resources: Resources, ticket: NewTicket
) -> None:
    """There is no account to fetch, and no error either."""
    prefetcher = Prefetcher(resources)
    prefetcher.warm(runtime, "helpdesk", ticket)
    prefetcher.warm(runtime, "billing", NewTicket(requester=Requester("else@one.example")))
    assert until(lambda: "find else@one.example" in vendor.asked)

    assert not any(word.startswith("fetch") for word in vendor.asked)


def test_a_flood_of_tickets_is_bounded_and_delays_nobody(
    vendor: Vendor, runtime: WorkspaceRuntime, resources: Resources
) -> None:
    """While the helpdesk hangs, one is fetched, some wait, the rest is left for later."""
    vendor.goes_on.clear()
    prefetcher = Prefetcher(resources)
    for number in range(SIZE.queue * 2):
        prefetcher.warm(runtime, "helpdesk", NewTicket(str(number)))
    vendor.goes_on.set()

    assert resources.tally.total("warmed") == SIZE.queue + 1
    assert resources.tally.total("warming_shed") == SIZE.queue - 1


@pytest.mark.parametrize("ticket", [TICKET, NewTicket(requester=Requester(ADA.email))])
def test_the_other_workers_fetch_it_too(
    vendor: Vendor, runtime: WorkspaceRuntime, resources: Resources, ticket: NewTicket
) -> None:
    """Each has a cache of its own, and hears what another one was told; nobody hears itself."""
    other, elsewhere = Resources(ResourceOptions(board=resources.board)), Prefetcher(resources)
    copy = runtime_of(runtime.workspace, other)
    prefetcher = Prefetcher(other)
    elsewhere.warm(runtime, "helpdesk", ticket)
    assert until(lambda: vendor.asked["fetch billing a-1"] == 1)
    elsewhere.hear({"acme": runtime})

    prefetcher.hear({"acme": copy})
    assert until(lambda: vendor.asked["fetch billing a-1"] == 2)
    prefetcher.hear({"acme": copy})
    assert (resources.tally.total("warmed"), other.tally.total("warmed")) == (1, 1)
    other.close()


def test_a_notice_for_a_workspace_that_is_not_here_is_left(
    vendor: Vendor, runtime: WorkspaceRuntime, resources: Resources
) -> None:
    """Settings may differ while workers are replaced."""
    prefetcher, other = Prefetcher(resources), Prefetcher(resources)
    other.warm(runtime, "helpdesk", NewTicket("99"))
    prefetcher.hear({})
    prefetcher.hear({"acme": runtime})

    assert resources.tally.total("warmed") == 1
    assert until(lambda: vendor.asked["whose 99"] == 1)


def test_a_mistake_of_ours_is_told_to_operators_without_the_customer(
    runtime: WorkspaceRuntime,
    resources: Resources,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody waits, so nobody else would hear of it."""

    def fail(*_args: object) -> None:
        raise ZeroDivisionError("ada@one.example")

    caplog.set_level(logging.ERROR)
    monkeypatch.setattr("plugin.workspace.prefetch.fetch_ahead", fail)
    Prefetcher(resources).warm(runtime, "helpdesk", TICKET)

    assert until(lambda: "not fetched ahead" in caplog.messages)
    assert "ada@one.example" not in str([vars(record) for record in caplog.records])
