"""What an act leaves of the answers that were made before it: all but what it changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.web.limits import RequestLimit
from plugin.workspace.answer_cache import invalidate
from tests.plugin.web.acts.conftest import EMAIL, RULE, SPACE
from tests.plugin.web.test_warm import is_warm

ACTIONS = ["feedback", "snooze", "search", "pin", "unpin", "undo", "refresh", "fold", "nonsense"]


@pytest.fixture
def stays_warm(send, signed):
    """Tell whether an answer that another agent was given is still shown again."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="left-alone", agent_id="another")
    send(request)
    assert is_warm(send(request))
    return lambda: is_warm(send(request))


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("install", ["demo-zendesk", "demo-intercom", "nobody"])
def test_nobody_unproven_empties_anything(fresh, stays_warm, action, install):
    """Without a token, and with a false one, every answer stays as it was."""
    for headers in ({}, {"Authorization": "Bearer e30.e30.e30"}):
        answer = fresh.test_client().post(
            f"/frames/{install}/actions/{action}", json={"value": "header"}, headers=headers
        )
        assert answer.status_code == 401

    assert stays_warm()


@pytest.mark.parametrize("path", ["/frames/demo-intercom", "/frames/demo-zendesk/widget"])
def test_no_unproven_frame_empties_anything(fresh, stays_warm, path):
    """A launch and a page's question are refused before anything is done."""
    assert fresh.test_client().post(path, data=b"{}").status_code == 401
    assert stays_warm()


@pytest.mark.parametrize("path", ["/hooks/demo/crm", "/api/v1/accounts", "/api/v1/outcomes"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_no_unproven_system_empties_anything(fresh, stays_warm, path, method):
    """Webhooks and the API do nothing for whoever brings no proof."""
    fresh.test_client().open(path, method=method, headers={"Authorization": "Bearer x"})
    assert stays_warm()


@pytest.mark.parametrize(
    ("action", "wish"),
    [
        ("fold", {"value": "usage", "open": True}),
        ("fold", {"value": ""}),
        ("search", {"query": "northwind"}),
        ("pin", {"value": "no-such-account"}),
        ("feedback", {"value": "no_such_rule:wrong"}),
        ("snooze", {"value": f"{RULE}:1000"}),
        ("undo", {"value": "nothing"}),
    ],
)
def test_what_changes_nothing_for_others_leaves_their_answers(act, stays_warm, action, wish):
    """A fold is the viewer's own, a search is a question, and a refused act is none."""
    act(action, key="left-1", **wish)
    assert stays_warm()


def test_a_fold_shows_in_the_answers_of_its_viewer(act, stays_warm):
    """They left the section open: their next answer has it so, and nobody else's is made anew."""
    path = "/frames/demo-zendesk/widget"
    assert is_warm(act("", path=path)) or is_warm(act("", path=path))
    act("fold", value="usage", open=True)

    assert not is_warm(act("", path=path))
    assert stays_warm()


def test_an_act_too_many_empties_nothing(fresh, services, act, stays_warm):
    """Who is over the limit is refused, and costs the others nothing."""
    fresh.extensions["sidelight"] = replace(
        services, actions=RequestLimit(services.clock.monotonic, 0, 60.0)
    )
    assert act("refresh").status_code == 429
    fresh.extensions["sidelight"] = services
    assert stays_warm()


def test_an_act_and_taking_it_back_show_at_once_and_only_once(act, stays_warm):
    """The same press again, and the same undo, change nothing more."""
    assert act("snooze", key="once", value=f"{RULE}:7").status_code == 200
    assert not stays_warm()
    assert stays_warm()
    act("snooze", key="once", value=f"{RULE}:7")
    assert stays_warm()
    act("undo", value="once")
    assert not stays_warm()
    assert stays_warm()
    act("undo", value="once")
    assert stays_warm()


def test_what_comes_to_nothing_is_no_news_for_other_hosts(act, services):
    """They look at a count of the store: it rises with what was changed, by one."""
    memory = services.runtimes[SPACE].memory
    counts = []
    for _ in range(2):
        act("snooze", key="once", value=f"{RULE}:7")
        memory.look()
        counts.append(memory.turns())

    assert counts == [1, 1]


def test_an_act_is_the_news_of_its_own_workspace_alone(stays_warm):
    """Whoever has another one waits for nothing."""
    invalidate("another")
    assert stays_warm()
    invalidate(SPACE)
    assert not stays_warm()
