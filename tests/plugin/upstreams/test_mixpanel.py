"""Mixpanel: sixty queries an hour answer for all accounts, and never for another tenant."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.analytics import batch
from plugin.context.asking import Tenant
from plugin.context.clock import Clock
from plugin.context.gate import Gate
from plugin.context.http.errors import of_status
from plugin.context.lookups import Sources
from plugin.context.runtime import Runtime
from plugin.errors import UpstreamBroken, UpstreamError, UpstreamLimited, UpstreamTimeout
from plugin.settings import Connection
from plugin.upstream import AccountRef, Client, Facts, Identity, Link, Memory, Upstream
from plugin.upstreams.mixpanel import mixpanel
from tests.plugin.upstreams.recordings import NAME, Recording, load

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PLAIN: dict[str, Any] = {
    "username": "sidelight",
    "secret": "s-1",
    "project": 31337,
    "data_group_id": "46",
    "fields": {"contract.plan": "Plan"},
}
SIZE = 400


@dataclass
class Project:
    """A Mixpanel project with many groups; it counts what it is asked, and fails when told to."""

    groups: dict[str, dict[str, Any]]
    size: int = SIZE
    asked: list[dict[str, str]] = field(default_factory=list)
    fault: Callable[[int], UpstreamError | None] = lambda _number: None

    def get(self, path: str, *_args: Any, **_options: Any) -> Any:
        """Refuse: profiles are only ever asked for by POST."""
        raise AssertionError(path)

    def post(
        self, path: str, body: Any, headers: Mapping[str, str] | None = None, *, form: bool = False
    ) -> Any:
        """Answer one page."""
        del headers
        assert form
        assert path == "/engage?project_id=31337"
        number = int(body.get("page", 0))
        error = self.fault(number)
        self.asked.append(dict(body))
        if error is not None:
            raise error
        assert number == 0 or body["session_id"] == "session-1"
        rows = list(self.groups.items())[number * self.size : (number + 1) * self.size]
        results = [{"$distinct_id": key, "$properties": said} for key, said in rows]
        return {
            "page": number,
            "page_size": self.size,
            "session_id": "session-1",
            "status": "ok",
            "results": results,
        }

    @property
    def pages(self) -> list[int]:
        """Return the numbers of the pages that were asked for."""
        return [int(each.get("page", 0)) for each in self.asked]


def _project(count: int = 1000) -> Project:
    return Project({f"a-{index}": {"Plan": f"Plan {index}"} for index in range(count)})


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


class _Runtime(Runtime):
    def __init__(self, project: Client, hour: Hour) -> None:
        super().__init__(clock=hour.clock)
        self._project = project

    def client(
        self, upstream: Upstream, connection: Connection, gate: Gate, seconds: float
    ) -> Client:
        del upstream, connection, gate, seconds
        return self._project


def _options(**changes: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = mixpanel.options().load({**PLAIN, **changes})
    return loaded


def _sources(runtime: Runtime, workspace: str = "north", **changes: Any) -> Sources:
    connection = Connection(NAME, "mixpanel", options=_options(**changes))
    return Sources(Tenant(workspace), {NAME: (mixpanel, connection)}, runtime)


def _ref(key: str) -> AccountRef:
    return AccountRef(key, key)


def _link(project: Project, memory: Memory, now: datetime = START, **changes: Any) -> Link:
    return Link("north", NAME, _options(**changes), project, now, memory=memory)


def _fetch(project: Project, memory: Memory, key: str, now: datetime = START) -> Facts:
    return mixpanel.fetch(_ref(key), _link(project, memory, now))


@pytest.fixture
def hour() -> Hour:
    """Return a clock at nine o'clock."""
    return Hour()


def _plans(sources: Sources, keys: list[str]) -> list[Any]:
    looked = [sources.gather(_ref(key), 1e9)[NAME] for key in keys]
    return [one.facts and one.facts.values["contract.plan"] for one in looked]


def test_a_thousand_accounts_cost_one_batch(hour: Hour) -> None:
    """Opening every account of a project asks for each page of profiles once."""
    project = _project(1000)
    runtime = _Runtime(project, hour)
    plans = _plans(_sources(runtime), [f"a-{index}" for index in range(1000)])
    runtime.close()

    assert plans == [f"Plan {index}" for index in range(1000)]
    assert project.pages == [0, 1, 2]


def test_many_at_once_read_one_batch() -> None:
    """While one question reads the batch, the others wait for it and ask nothing."""
    project, memory = _project(10), Memory()
    reading, go = threading.Event(), threading.Event()

    def wait(_number: int) -> None:
        reading.set()
        assert go.wait(10)

    project.fault = wait
    said: list[Any] = []
    threads = [
        threading.Thread(target=lambda key=f"a-{index}": said.append(_fetch(project, memory, key)))
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
    project, memory = _project(1), Memory()
    with memory.lock, pytest.raises(UpstreamTimeout):
        _fetch(project, memory, "a-0")

    assert project.asked == []


def test_an_account_that_was_read_is_answered_at_once() -> None:
    """Later pages are read when an account wants them, and none twice."""
    project, memory = _project(1000), Memory()

    _fetch(project, memory, "a-3")
    assert project.pages == [0]
    _fetch(project, memory, "a-999")
    _fetch(project, memory, "a-4")
    assert project.pages == [0, 1, 2]


def test_a_batch_goes_on_where_it_was_cut_off() -> None:
    """When the time is up after some pages, the next question reads the rest."""
    project, memory = _project(1000), Memory()
    project.fault = lambda number: UpstreamTimeout("late") if number == 2 else None
    with pytest.raises(UpstreamTimeout):
        _fetch(project, memory, "a-999")
    project.fault = lambda _number: None

    assert _fetch(project, memory, "a-999").values == {"contract.plan": "Plan 999"}
    assert project.pages == [0, 1, 2, 2]


def test_a_session_that_is_over_starts_anew() -> None:
    """An answer that is none drops the batch: half of one would stand for the whole."""
    project, memory = _project(1000), Memory()
    project.fault = lambda number: of_status(400, {}, None, START) if number == 2 else None
    with pytest.raises(UpstreamBroken):
        _fetch(project, memory, "a-999")
    project.fault = lambda _number: None
    _fetch(project, memory, "a-0")

    assert project.pages == [0, 1, 2, 0]


def test_facts_are_as_old_as_their_batch() -> None:
    """An account that is opened hours later says how old its facts are."""
    project, memory = _project(10), Memory()
    _fetch(project, memory, "a-1")

    assert _fetch(project, memory, "a-2", START + timedelta(hours=5)).as_of == START


def test_a_batch_lives_half_a_day() -> None:
    """After twelve hours the batch is read again; with the cache's twelve no fact is older."""
    project, memory = _project(10), Memory()
    for hours in (0, 11.9, 12.1):
        _fetch(project, memory, "a-1", START + timedelta(hours=hours))

    assert project.pages == [0, 0]
    assert mixpanel.budget == timedelta(hours=12).total_seconds()


def test_an_unknown_account_costs_a_batch_an_hour() -> None:
    """Who is not in the batch may be new, and is looked for again after an hour, not before."""
    project, memory = _project(10), Memory()
    for minutes in (0, 10, 59):
        assert mixpanel.find is not None
        link = _link(project, memory, START + timedelta(minutes=minutes))
        assert mixpanel.find(Identity("external_id", "a-77"), link) == ()
    assert project.pages == [0]
    project.groups["a-77"] = {"Plan": "New"}

    later = START + timedelta(minutes=61)
    assert _fetch(project, memory, "a-77", later).values == {"contract.plan": "New"}
    assert project.pages == [0, 0]


def test_two_tenants_never_share_a_batch(hour: Hour) -> None:
    """The same credentials in two workspaces are two batches."""
    project = _project(10)
    runtime = _Runtime(project, hour)
    for workspace in ("north", "south"):
        assert _plans(_sources(runtime, workspace), ["a-1", "a-2"]) == ["Plan 1", "Plan 2"]
    runtime.close()

    assert project.pages == [0, 0]


def test_other_settings_are_another_batch(hour: Hour) -> None:
    """A new mapping, a new key: nothing of the old batch is used."""
    project = _project(10)
    project.groups["a-1"]["Plan v2"] = "Mended"
    runtime = _Runtime(project, hour)
    first = _plans(_sources(runtime), ["a-1"])
    second = _plans(_sources(runtime, fields={"contract.plan": "Plan v2"}), ["a-1"])
    runtime.close()

    assert (first, second) == (["Plan 1"], ["Mended"])


@pytest.mark.parametrize("forget", ["invalidate", "purge"])
def test_what_is_invalidated_is_read_anew(hour: Hour, forget: str) -> None:
    """A webhook or a purge drops the batch, too: its old answer would come back from there."""
    project = _project(10)
    runtime = _Runtime(project, hour)
    sources = _sources(runtime)
    _plans(sources, ["a-1"])
    project.groups["a-1"]["Plan"] = "New"
    if forget == "invalidate":
        sources.invalidate(NAME, "a-1")
    else:
        runtime.purge("north")
    said = _plans(sources, ["a-1"])
    runtime.close()

    assert said == ["New"]


def test_the_batch_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with more than the memory holds is an error, not a process without memory."""
    monkeypatch.setattr(batch, "MOST_BYTES", 1000)
    with pytest.raises(UpstreamBroken, match="more than 1000 bytes"):
        _fetch(_project(100), Memory(), "a-1")


def test_a_limit_without_a_time_is_long() -> None:
    """Mixpanel counts by the hour and never says how long: ten minutes, not ten seconds."""
    project = _project(1)
    project.fault = lambda _number: of_status(429, {}, None, START)
    with pytest.raises(UpstreamLimited) as caught:
        _fetch(project, Memory(), "a-0")

    assert caught.value.until == START + timedelta(minutes=10)


def test_asks_for_the_mapped_properties_alone() -> None:
    """A page holds what is mapped and the name, so that a thousand profiles fit in it."""
    project = _project(1)
    _fetch(project, Memory(), "a-0")

    assert json.loads(project.asked[0]["output_properties"]) == ["$name", "Plan"]


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "moon"},
        {"project": "31337x"},
        {"data_group_id": "company"},
        {"username": "a:b"},
        {"secret": " "},
        {"fields": {}},
        {"fields": {"contract.plam": "Plan"}},
        {"group_key": "email"},
    ],
)
def test_refuses_bad_options(changes: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        mixpanel.options().load({**PLAIN, **changes})


@pytest.mark.parametrize(
    ("region", "host"),
    [("us", "mixpanel.com"), ("eu", "eu.mixpanel.com"), ("in", "in.mixpanel.com")],
)
def test_each_region_has_its_host(region: str, host: str) -> None:
    """A project is asked for where its data lie."""
    assert mixpanel.base_url(_options(region=region)) == f"https://{host}/api/query"


def test_a_project_with_data_views_names_the_global_one() -> None:
    """Mixpanel wants the view's number beside the project's."""
    paths: list[str] = []
    project = _project(1)

    def post(path: str, body: Any, *_args: Any, **_options: Any) -> Any:
        paths.append(path)
        return Project.post(project, "/engage?project_id=31337", body, form=True)

    project.post = post  # type: ignore[method-assign]
    mixpanel.fetch(_ref("a-0"), _link(project, Memory(), data_view=77))

    assert paths == ["/engage?project_id=31337&workspace_id=77"]


def test_the_credentials_are_a_service_accounts() -> None:
    """Name and secret go as basic authentication."""
    assert mixpanel.headers(_options())["Authorization"] == "Basic c2lkZWxpZ2h0OnMtMQ=="


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Mixpanel's recorded answers."""
    return load("mixpanel", tmp_path)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, ["service account", "region eu"]),
        (403, ["may not read project 31337"]),
        (402, ["plan has no Query API"]),
        (400, ["data_group_id", "number of a group"]),
        (404, ["no project 31337"]),
    ],
)
def test_check_says_what_a_refusal_means(
    recording: Recording, status: int, words: list[str]
) -> None:
    """A wrong account, project, group or region are told apart."""
    api = recording.api()
    api.fault = of_status(status, {}, {"error": "…"}, START)
    assert mixpanel.check is not None
    (found,) = mixpanel.check(recording.link(api))

    assert all(word in str(found) for word in words), str(found)


def test_check_names_properties_that_no_profile_has(recording: Recording) -> None:
    """A slip in a property's name is told with the one that may be meant, and fill rates beside."""
    assert mixpanel.check is not None
    options = {
        **recording.said["options"],
        "fields": {"contract.plan": "Plam", "account.tier": "Seats"},
    }
    link = Link("acme", NAME, mixpanel.options().load(options), recording.api(), START)
    found = [str(one) for one in mixpanel.check(link)]

    assert any("no property Plam" in one and "Plan" in one for one in found)
    assert any("Seats is filled in 2 of 3" in one for one in found)


def test_check_says_when_the_group_is_empty(recording: Recording) -> None:
    """No profile at all is a wrong group or region, not a good connection."""
    assert mixpanel.check is not None
    found = mixpanel.check(recording.link(recording.api(*recording.said["empty"])))

    assert "no profiles of this group" in str(found[0])
