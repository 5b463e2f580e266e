"""What an upstream brings to the conformance suite: recorded answers, and what they mean.

The shape of answers.json is described in tests/vendors/README.md.
"""

from __future__ import annotations

import copy
import json
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from plugin.errors import UpstreamNotFound
from plugin.families import UPSTREAMS
from plugin.fetching.asking import Tenant
from plugin.fetching.clock import Clock
from plugin.fetching.gate import Gate
from plugin.fetching.http.errors import of_status
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import Resources
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Client, Facts, Link, Mined, Upstream

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests/vendors"


def folder_of(source: str) -> Path:
    """Return where the recordings of a source lie: beside the tests of its vendor."""
    return DATA / source.removesuffix("_tickets") / "source"


def source_name(path: Path) -> str:
    """Return the source whose recordings hold `path`."""
    vendor = path.parents[1].name
    return vendor if vendor in UPSTREAMS else f"{vendor}_tickets"


NOW = datetime(2026, 11, 21, tzinfo=UTC)
NAME = "source"  # the connection that the suite asks; answers.json may use it as a key


def _fits(wanted: Any, said: Any) -> bool:
    """Say whether `said` holds all that is `wanted`."""
    if isinstance(wanted, Mapping):
        inside = isinstance(said, Mapping)
        return inside and all(key in said and _fits(wanted[key], said[key]) for key in wanted)
    if isinstance(wanted, list):
        same = isinstance(said, list) and len(said) == len(wanted)
        return same and all(map(_fits, wanted, said))
    return bool(wanted == said)


@dataclass
class FakeApi:
    """A client that answers from recorded bodies, as the last route that fits a call says."""

    routes: list[dict[str, Any]]
    files: Mapping[str, Any]
    calls: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    fault: Exception | None = None
    spared: int = 0  # calls that are answered well before the fault

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the recorded answer of a GET."""
        del headers
        return self._answer("get", path, {"params": dict(params)})

    def post(
        self,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None = None,
        *,
        form: bool = False,
    ) -> Any:
        """Return the recorded answer of a POST."""
        del headers
        return self._answer("post", path, {"form" if form else "body": body})

    def _answer(self, method: str, path: str, sent: dict[str, Any]) -> Any:
        self.calls.append(f"{method} {path}")
        if self.fault is not None and len(self.calls) > self.spared:
            raise self.fault
        for route in reversed(self.routes):
            wanted = {key: route[key] for key in ("params", "body", "form") if key in route}
            said = all(part in str(sent) for part in route.get("has", []))
            if route.get(method) == path and said and _fits(wanted, sent):
                return self._body(route)
        raise UpstreamNotFound(f"{method} {path} {sent}")

    def _body(self, route: dict[str, Any]) -> Any:
        if "status" in route:
            error = of_status(route["status"], {}, route.get("answer"), NOW)
            if error is not None:
                raise error
        answer = route["answer"]
        if isinstance(answer, str) and answer.endswith(".json"):
            self.read.add(answer)
            answer = self.files[answer]
        return copy.deepcopy(answer)


class _OneApi(Resources):
    """The real runtime, with recorded answers in place of the network."""

    def __init__(self, api: Client, clock: Clock) -> None:
        super().__init__(clock=clock)
        self._api = api

    def client(
        self, upstream: Upstream, connection: Connection, gate: Gate, seconds: float
    ) -> Client:
        """Return the recorded answers."""
        del upstream, connection, gate, seconds
        return self._api


@dataclass(frozen=True)
class Recording:
    """One upstream with all that it brings."""

    upstream: Upstream
    said: Mapping[str, Any]
    files: Mapping[str, Any]
    options: Mapping[str, Any]

    @property
    def account(self) -> AccountRef:
        """Return the account that the recorded answers are about."""
        return ref_of(self.said["account"])

    @property
    def is_http(self) -> bool:
        """Say whether the upstream is asked over HTTP."""
        return "routes" in self.said

    def api(self, *overrides: dict[str, Any], files: Mapping[str, Any] | None = None) -> FakeApi:
        """Return the recorded answers, the routes of `overrides` first."""
        return FakeApi([*self.said.get("routes", []), *overrides], files or self.files)

    def link(self, api: Client) -> Link:
        """Return a connection to these answers."""
        return Link("acme", NAME, self.options, api, NOW, mine=mine)

    def fetch(self, api: Client, account: AccountRef | None = None) -> Facts:
        """Return what the upstream makes of the answers."""
        return self.upstream.fetch(account or self.account, self.link(api))

    def problems(self, *overrides: dict[str, Any]) -> list[str]:
        """Return what check says of these answers, without its notes."""
        assert self.upstream.check is not None
        found = self.upstream.check(self.link(self.api(*overrides)))
        return [str(one) for one in found if not one.is_note]

    def sources(self, api: Client, options: Mapping[str, Any] | None = None) -> Sources:
        """Return the connection as the service has it: with its gate and its cache."""
        now = [1000.0]
        clock = Clock(lambda: NOW, lambda: now[0], lambda _seconds: None)
        connection = Connection(NAME, self.upstream.name, options=options or self.options)
        tenant = Tenant("acme", mine=mine)
        return Sources(tenant, {NAME: (self.upstream, connection)}, _OneApi(api, clock))


def mine(ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
    """Say something of each text, so that what is mined shows."""
    del ticket_id
    return Mined(topics=("billing",) if subject or texts else ())


def ref_of(said: Mapping[str, Any]) -> AccountRef:
    """Return an account as answers.json writes it."""
    lists = {key: tuple(said[key]) for key in ("domains", "emails") if key in said}
    return AccountRef(**{**said, **lists})


def _filled(value: Any, folder: Path) -> Any:
    if isinstance(value, str):
        return value.replace("{folder}", str(folder))
    if isinstance(value, list):
        return [_filled(each, folder) for each in value]
    if isinstance(value, dict):
        return {key: _filled(each, folder) for key, each in value.items()}
    return value


def place(name: str, folder: Path) -> None:
    """Put an upstream's own files where it reads them; *.sql becomes a SQLite file."""
    for path in folder_of(name).iterdir():
        if path.suffix == ".sql":
            with closing(sqlite3.connect(folder / f"{path.stem}.db")) as database:
                database.executescript(path.read_text())
        elif path.name != "answers.json":
            shutil.copy(path, folder)


def load(name: str, folder: Path) -> Recording:
    """Return the recording of an upstream; `folder` is for what it reads from the disk."""
    upstream = UPSTREAMS[name]
    bodies = {path.name: json.loads(path.read_text()) for path in folder_of(name).glob("*.json")}
    said = bodies.pop("answers.json", None)
    assert said is not None, f"tests/vendors/{name}/answers.json is missing"
    if "routes" not in said:
        place(name, folder)
    options = upstream.options().load(_filled(said["options"], folder))
    return Recording(upstream, _filled(said, folder), bodies, options)
