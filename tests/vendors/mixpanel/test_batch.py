"""Mixpanel: sixty queries an hour answer for all accounts, and never for another tenant."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from plugin.errors import UpstreamBroken, UpstreamTimeout
from plugin.fetching.asking import Tenant
from plugin.fetching.clock import Clock
from plugin.fetching.gate import Gate
from plugin.fetching.http.errors import of_status
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import Resources
from plugin.settings.records import Connection
from plugin.upstream import Client, ConnectionMemory, Identity, Upstream
from plugin.vendors.mixpanel import batch
from plugin.vendors.mixpanel.source import mixpanel
from tests.families.sources.recordings import NAME
from tests.vendors.mixpanel.mixpanel_project import START, fetch, link_to, options, project_of, ref


@dataclass
class Hour:
    """A clock that only tests move."""

    now: datetime = START

    def tick(self, **passed: float) -> None:
        """Let some time pass."""
        self.now += timedelta(**passed)

    @property
    def clock(self) -> Clock:
        """Return it as the service has it."""
        seconds = lambda: (self.now - START).total_seconds() + 1000.0  # noqa: E731 - a clock's hand
        return Clock(lambda: self.now, seconds, lambda _seconds: None)


class _Runtime(Resources):
    def __init__(self, project: Client, hour: Hour) -> None:
        super().__init__(clock=hour.clock)
        self._project = project

    def client(
        self, upstream: Upstream, connection: Connection, gate: Gate, seconds: float
    ) -> Client:
        del upstream, connection, gate, seconds
        return self._project


def _sources(resources: Resources, workspace: str = "north", **changes: Any) -> Sources:
    connection = Connection(NAME, "mixpanel", options=options(**changes))
    return Sources(Tenant(workspace), {NAME: (mixpanel, connection)}, resources)


@pytest.fixture
def hour() -> Hour:
    """Return a clock at nine o'clock."""
    return Hour()


def _plans(sources: Sources, keys: list[str]) -> list[Any]:
    looked = [sources.gather(ref(key), 1e9)[NAME] for key in keys]
    return [one.facts and one.facts.values["contract.plan"] for one in looked]


def test_a_thousand_accounts_cost_one_batch(hour: Hour) -> None:
    """Opening every account of a project asks for each page of profiles once."""
    project = project_of(1000)
    resources = _Runtime(project, hour)
    plans = _plans(_sources(resources), [f"a-{index}" for index in range(1000)])
    resources.close()

    assert plans == [f"Plan {index}" for index in range(1000)]
    assert project.pages == [0, 1, 2]


def test_many_at_once_read_one_batch() -> None:
    """While one question reads the batch, the others wait for it and ask nothing."""
    project, memory = project_of(10), ConnectionMemory()
    reading, go = threading.Event(), threading.Event()

    def wait(_number: int) -> None:
        reading.set()
        assert go.wait(10)

    project.fault = wait
    said: list[Any] = []
    threads = [
        threading.Thread(target=lambda key=f"a-{index}": said.append(fetch(project, memory, key)))
        for index in range(8)
    ]
    for thread in threads:
        thread.start()
    assert reading.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)

    assert len(said) == 8
    assert project.pages == [0]


def test_a_question_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a batch that hangs, the others say that it took too long."""
    monkeypatch.setattr(batch, "PATIENCE", 0.01)
    project, memory = project_of(1), ConnectionMemory()
    with memory.lock, pytest.raises(UpstreamTimeout):
        fetch(project, memory, "a-0")

    assert project.asked == []


def test_an_account_that_was_read_is_answered_at_once() -> None:
    """Later pages are read when an account wants them, and none twice."""
    project, memory = project_of(1000), ConnectionMemory()

    fetch(project, memory, "a-3")
    assert project.pages == [0]
    fetch(project, memory, "a-999")
    fetch(project, memory, "a-4")
    assert project.pages == [0, 1, 2]


def test_a_batch_goes_on_where_it_was_cut_off() -> None:
    """When the time is up after some pages, the next question reads the rest."""
    project, memory = project_of(1000), ConnectionMemory()
    project.fault = lambda number: UpstreamTimeout("late") if number == 2 else None
    with pytest.raises(UpstreamTimeout):
        fetch(project, memory, "a-999")
    project.fault = lambda _number: None

    assert fetch(project, memory, "a-999").values == {"contract.plan": "Plan 999"}
    assert project.pages == [0, 1, 2, 2]


def test_a_session_that_is_over_starts_anew() -> None:
    """An answer that is none drops the batch: half of one would stand for the whole."""
    project, memory = project_of(1000), ConnectionMemory()
    project.fault = lambda number: of_status(400, {}, None, START) if number == 2 else None
    with pytest.raises(UpstreamBroken):
        fetch(project, memory, "a-999")
    project.fault = lambda _number: None
    fetch(project, memory, "a-0")

    assert project.pages == [0, 1, 2, 0]


def test_facts_are_as_old_as_their_batch() -> None:
    """An account that is opened hours later says how old its facts are."""
    project, memory = project_of(10), ConnectionMemory()
    fetch(project, memory, "a-1")

    assert fetch(project, memory, "a-2", START + timedelta(hours=5)).as_of == START


def test_a_batch_lives_half_a_day() -> None:
    """After twelve hours the batch is read again; with the cache's twelve no fact is older."""
    project, memory = project_of(10), ConnectionMemory()
    for hours in (0, 11.9, 12.1):
        fetch(project, memory, "a-1", START + timedelta(hours=hours))

    assert project.pages == [0, 0]
    assert mixpanel.budget == timedelta(hours=12).total_seconds()


def test_an_unknown_account_costs_a_batch_an_hour() -> None:
    """Who is not in the batch may be new, and is looked for again after an hour, not before."""
    project, memory = project_of(10), ConnectionMemory()
    for minutes in (0, 10, 59):
        assert mixpanel.find is not None
        link = link_to(project, memory, START + timedelta(minutes=minutes))
        assert mixpanel.find(Identity("external_id", "a-77"), link) == ()
    assert project.pages == [0]
    project.groups["a-77"] = {"Plan": "New"}

    later = START + timedelta(minutes=61)
    assert fetch(project, memory, "a-77", later).values == {"contract.plan": "New"}
    assert project.pages == [0, 0]


def test_two_tenants_never_share_a_batch(hour: Hour) -> None:
    """The same credentials in two workspaces are two batches."""
    project = project_of(10)
    resources = _Runtime(project, hour)
    for workspace in ("north", "south"):
        assert _plans(_sources(resources, workspace), ["a-1", "a-2"]) == ["Plan 1", "Plan 2"]
    resources.close()

    assert project.pages == [0, 0]


def test_other_settings_are_another_batch(hour: Hour) -> None:
    """A new mapping, a new key: nothing of the old batch is used."""
    project = project_of(10)
    project.groups["a-1"]["Plan v2"] = "Mended"
    resources = _Runtime(project, hour)
    first = _plans(_sources(resources), ["a-1"])
    second = _plans(_sources(resources, fields={"contract.plan": "Plan v2"}), ["a-1"])
    resources.close()

    assert (first, second) == (["Plan 1"], ["Mended"])


@pytest.mark.parametrize("forget", ["invalidate", "purge"])
def test_what_is_invalidated_is_read_anew(hour: Hour, forget: str) -> None:
    """A webhook or a purge drops the batch, too: its old answer would come back from there."""
    project = project_of(10)
    resources = _Runtime(project, hour)
    sources = _sources(resources)
    _plans(sources, ["a-1"])
    project.groups["a-1"]["Plan"] = "New"
    if forget == "invalidate":
        sources.invalidate(NAME, "a-1")
    else:
        resources.purge("north")
    said = _plans(sources, ["a-1"])
    resources.close()

    assert said == ["New"]


def test_the_batch_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with more than the memory holds is an error, not a process without memory."""
    monkeypatch.setattr(batch, "MOST_BYTES", 1000)
    with pytest.raises(UpstreamBroken, match="more than 1000 bytes"):
        fetch(project_of(100), ConnectionMemory(), "a-1")
