"""Every section, for every account of the cast: its recorded lines; gaps are shown, never blank."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from plugin.account.context import AccountContext, AccountMatch
from plugin.frame import FrameRequest, Requester, Viewer
from plugin.view.section import Scene
from plugin.view.signal_view import SeenSignals
from plugin.view.views import PARTS, VIEWS
from plugin.workspace.answering import know, seen_by, wording_for

GOLDEN = Path("tests/data/sections")
CAST = {
    "northwind": "billing.admin@northwind.example",
    "healthy": "saara.lindqvist@haldenfreight.example",
    "cancelling": "andres.quiroga@mirabelclinics.example",
    "trial": "harriet.brook@pinecrest.example",
}
ROLES = ("agent", "csm", "ae")


@pytest.fixture
def scene(runtime, hands):
    """Set the scene of one account for one role."""

    def _scene(email: str, role: str) -> Scene:
        request = FrameRequest("i", requester=Requester(email), viewer=Viewer(role=role))
        record = know(request, runtime, hands.now, time.monotonic() + 5)
        wording = wording_for(request, runtime, hands.now)
        context, signals = seen_by(record, role, runtime, wording)
        return Scene(record.match, context, signals, request.viewer, runtime.workspace, wording)

    return _scene


def lines(section) -> str:
    """Return a section as text, whole."""
    if section is None:
        return "(nothing to show)\n"
    folded = " (folded)" if section.folded else ""
    told = [section.notice.plain()] if section.notice else []
    body = [component.plain() for component in section.components]
    return "\n".join([f"# {section.title}{folded}", *told, *body]) + "\n"


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("account", CAST)
def test_a_section_reads_as_recorded(scene, account, name):
    """Golden lines for each role; SIDELIGHT_RECORD=1 records them anew: read the diff."""
    told = "\n".join(
        f"== {role}\n{lines(PARTS[name].build(scene(CAST[account], role)))}" for role in ROLES
    )
    golden = GOLDEN / name / f"{account}.txt"
    if os.environ.get("SIDELIGHT_RECORD"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(told, encoding="utf-8")

    assert told == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PARTS)
def test_a_section_of_an_account_of_which_nothing_is_known_does_not_fail(runtime, hands, name):
    """Every fact missing: unknown is said or the section is left out."""
    request = FrameRequest("i", viewer=Viewer())
    match = AccountMatch("matched", "1", "Empty", "domain", 0.8)
    empty = AccountContext(as_of=hands.now)
    wording = wording_for(request, runtime, hands.now)
    scene = Scene(match, empty, SeenSignals(), Viewer(), runtime.workspace, wording)

    section = PARTS[name].build(scene)

    assert section is None or section.components


@pytest.mark.parametrize("role", ROLES)
def test_every_section_has_its_place_in_every_view(role):
    """Deals are nothing that an agent is told of; all else is in each view."""
    missing = set(PARTS) - set(VIEWS[role])

    assert missing <= ({"deals"} if role == "agent" else set())


def test_a_fact_of_the_workspaces_own_is_shown(scene):
    """What a connection gives as custom.<name> stands in the section of the company."""
    one = scene(CAST["healthy"], "agent")
    own = {"price_list": "B", "is_pilot": True, "since": date(2026, 3, 4), "none": None}
    told = lines(PARTS["company"].build(replace(one, context=replace(one.context, custom=own))))

    assert "Price list: B\n" in told
    assert "Is pilot: yes\n" in told
    assert "None" not in told
