"""Launches that count once: refused the second time, whatever becomes of the store."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest

from plugin.errors import StoreUnavailable
from plugin.helpdesk import Trial
from plugin.settings.records import Install
from plugin.web.app import create_app
from plugin.workspace.trial_request import signed_trial
from tests.plugin.conftest import BASE, NOW

CANVAS = Install(
    "demo-canvas",
    "salesforce",
    "demo",
    secrets=("consumer-secret",),
    options={"organization_id": "00Dx00000001hxy"},
)


@pytest.fixture
def canvas(demo_settings, hands):
    """A service with a Salesforce install, and what launches it: number → answer."""
    space = demo_settings.workspaces["demo"]
    space = replace(space, installs={CANVAS.id: CANVAS})
    app = create_app(replace(demo_settings, workspaces={"demo": space}), clock=hands.clock())
    parts = app.extensions["sidelight"]

    def launch(number: int):
        trial, helpdesk = (
            Trial("a@b.example", ticket_id=f"T-{number}"),
            parts.helpdesks[CANVAS.kind],
        )
        signed = signed_trial(helpdesk, CANVAS, trial, BASE, NOW)
        where = signed.url.removeprefix(BASE)
        return app.test_client().post(where, data=signed.body, headers=dict(signed.headers))

    yield parts, launch
    parts.store.writer.close()
    parts.store.database.close()


def test_a_launch_counts_once_for_a_long_time(canvas, hands):
    """The second use says "reload the ticket", also weeks later; another launch passes."""
    _, launch = canvas
    assert launch(1).status_code == 200
    hands.tick(days=29)
    again = launch(1)

    assert (again.status_code, "expired" in again.text) == (401, True)
    assert launch(2).status_code == 200


def test_a_launch_is_answered_without_the_store(canvas, monkeypatch, caplog):
    """It is then remembered in the process, and operators are told."""
    parts, launch = canvas

    @contextmanager
    def away(*_patience):
        raise StoreUnavailable("away")
        yield

    monkeypatch.setattr(parts.store.database, "write", away)
    monkeypatch.setattr(parts.store.database, "read", away)

    assert [launch(3).status_code, launch(3).status_code] == [200, 401]
    assert "counted in this process only" in caplog.messages
