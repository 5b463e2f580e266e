"""A Mixpanel project in memory, and a connection to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from plugin.errors import UpstreamError
from plugin.upstream import AccountRef, ConnectionMemory, Facts, Link
from plugin.vendors.mixpanel.source import mixpanel
from tests.families.sources.recordings import NAME

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


def project_of(count: int = 1000) -> Project:
    """Return a project with so many groups, a-0 and on."""
    return Project({f"a-{index}": {"Plan": f"Plan {index}"} for index in range(count)})


def options(**changes: Any) -> dict[str, Any]:
    """Return the settings of a connection."""
    loaded: dict[str, Any] = mixpanel.options().load({**PLAIN, **changes})
    return loaded


def ref(key: str) -> AccountRef:
    """Return the account of a key."""
    return AccountRef(key, key)


def link_to(
    project: Project, memory: ConnectionMemory, now: datetime = START, **changes: Any
) -> Link:
    """Return a connection to a project, with the memory that it keeps."""
    return Link("north", NAME, options(**changes), project, now, memory=memory)


def fetch(project: Project, memory: ConnectionMemory, key: str, now: datetime = START) -> Facts:
    """Return what is said of one account."""
    return mixpanel.fetch(ref(key), link_to(project, memory, now))
