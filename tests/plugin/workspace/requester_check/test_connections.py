"""Each helpdesk's own connection, on its recorded answers, confirms who wrote a ticket."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from plugin.commands.install_check import CONFIRMERS
from plugin.families import HELPDESKS, UPSTREAMS
from plugin.frame import FrameRequest, Requester, TicketRef
from plugin.settings.records import Install
from plugin.workspace.requester_check import confirmed
from plugin.workspace.runtime import WorkspaceRuntime
from tests.families.sources.recordings import NAME, NOW, Recording, load

IN_TIME = 1005.0  # by the fixed clock of the recordings


def _first(recording: Recording) -> dict[str, Any]:
    """Return the first recorded ticket whose writer has an address."""
    known = [one for one in recording.said["whose"] if one.get("ticket_id") and one["says"]]
    return dict(next(one for one in known if one["says"].get("email")))


@pytest.mark.parametrize(("kind", "upstream"), CONFIRMERS.items())
def test_the_connection_of_a_helpdesk_confirms_its_tickets(
    kind: str, upstream: str, tmp_path: Path
) -> None:
    """The ticket's id, as the helpdesk's page names it, leads to who wrote it."""
    recording = load(upstream, tmp_path)
    known = _first(recording)
    runtime = cast("WorkspaceRuntime", SimpleNamespace(sources=recording.sources(recording.api())))
    install = Install("acme", kind, "acme", confirm_by=NAME)
    claimed = Requester("eve@evil.test", "Eve")
    asked = FrameRequest("acme", ticket=TicketRef(known["ticket_id"]), requester=claimed)
    told = confirmed(asked, install, runtime, NOW, IN_TIME)

    assert told.confirmation is not None
    assert told.confirmation.word == "differs"
    assert told.requester is not None
    assert told.requester.email == known["says"]["email"]
    assert "requester" in told.proven


def test_every_one_of_them_is_there() -> None:
    """`sidelight check` recommends only connections that exist and can say it."""
    assert CONFIRMERS.keys() <= HELPDESKS.keys()
    assert [name for name in CONFIRMERS.values() if UPSTREAMS[name].whose is None] == []
