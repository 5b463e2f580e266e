"""`sidelight check` sees what is wrong between connections."""

from __future__ import annotations

import pytest

from plugin.commands.connection_check import links_of, live_keys_of
from plugin.settings.records import Connection, Service, Settings, Workspace

CRM = Connection("crm", "hubspot", options={"links": {"biling": "stripe_id"}})


def workspace(name: str = "Acme", key: str = "rk_live_1") -> Workspace:
    """Return a workspace whose CRM links to a connection by a slip of the keyboard."""
    billing = Connection("billing", "stripe", options={"key": key})
    return Workspace(id="acme", name=name, upstreams={"crm": CRM, "billing": billing})


def test_a_link_to_a_connection_that_is_not_there_is_said():
    """Ids under a misspelt name would never be used."""
    (problem,) = links_of(workspace())

    assert str(problem) == (
        "workspaces.acme.upstreams.crm.links.biling: names a connection that this workspace does "
        "not have (did you mean billing?)"
    )


@pytest.mark.parametrize(
    ("name", "key", "count"),
    [("Acme", "rk_live_1", 0), ("Acme staging", "rk_live_1", 1), ("Acme test", "rk_test_1", 0)],
)
def test_real_money_has_no_place_in_a_workspace_for_tests(name: str, key: str, count: int):
    """A live payment key in a workspace that is called one for trying is a problem."""
    settings = Settings(Service(secrets=("s" * 32,)))
    found = list(live_keys_of(settings, workspace(name, key)))

    assert len(found) == count
    assert not any("live_1" in str(problem) for problem in found)


def test_a_demo_takes_no_real_money():
    """A service that is a demo needs no live key, whatever its workspaces are called."""
    settings = Settings(Service(secrets=("s" * 32,), demo=True))

    assert len(list(live_keys_of(settings, workspace()))) == 1
