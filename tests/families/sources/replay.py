"""A client that answers from recorded bodies and remembers what it was asked."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from plugin.errors import UpstreamNotFound
from plugin.upstream import AccountRef, Facts, Link, Upstream

DATA = Path(__file__).parents[2] / "vendors"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ACME = AccountRef("acme", "Acme", emails=("Ada@acme.example",))


class Replay:
    """Answers the last route that fits a call: path, and the parameters it names."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, dict[str, str], Any]] = []
        self.calls: list[tuple[str, list[tuple[str, str]]]] = []

    def on(self, path: str, answer: Any, **params: str) -> Replay:
        """Answer `path` so; an exception is raised."""
        self.routes.append(
            (path, {key.replace("__", "[is]"): params[key] for key in params}, answer)
        )
        return self

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the recorded answer."""
        del headers
        self.calls.append((path, list(params)))
        for known, wanted, answer in reversed(self.routes):
            if known == path and all(pair in params for pair in wanted.items()):
                if isinstance(answer, Exception):
                    raise answer
                return copy.deepcopy(answer)
        raise UpstreamNotFound(path)

    def post(self, path: str, body: Any, headers: Any = None, *, form: bool = False) -> Any:
        """Refuse: billing is only ever read."""
        raise AssertionError((path, body, headers, form))

    def asked(self, path: str) -> list[list[tuple[str, str]]]:
        """Return the parameters of each call to a path."""
        return [params for known, params in self.calls if known == path]


def recorded(upstream: str, name: str) -> Any:
    """Return a recorded body."""
    return json.loads(
        (DATA / upstream.removesuffix("_tickets") / "source" / f"{name}.json").read_text()
    )


def linked(client: Any, **options: Any) -> Link:
    """Return a connection named billing."""
    return Link("acme", "billing", options, client, NOW)


def fetched(upstream: Upstream, client: Any, ref: AccountRef = ACME, **options: Any) -> Facts:
    """Return what the upstream says of the account."""
    return upstream.fetch(ref, linked(client, **options))
