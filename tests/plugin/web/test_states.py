"""Every state that the widget can be in, each with its own calm words."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import replace

import pytest

from plugin.fetching.clock import Clock
from plugin.fetching.resources import Resources
from plugin.frame import FrameRequest, Requester
from plugin.settings.records import Connection, Workspace
from plugin.vendors.sql.source import sql
from plugin.workspace.answering import answer, gather, know
from plugin.workspace.setup import runtime_of
from widgets.renderers.text import render


@pytest.fixture
def open_for(runtime, hands):
    """Open a ticket of a requester, on the demo's desk or another."""

    def _open(email: str | None, on=None):
        request = FrameRequest("i", requester=Requester(email))
        gathered = gather(request, on or runtime, time.monotonic() + 5)
        return answer(gathered, request, on or runtime, hands.now)[1]

    return _open


@pytest.fixture
def set_up(hands):
    """Set up a desk on a folder of files."""

    def _set_up(*connections: Connection):
        space = Workspace("w", "W", upstreams={one.name: one for one in connections})
        clock = Clock(lambda: hands.now, time.monotonic, lambda _seconds: None)
        return runtime_of(space, Resources(clock=clock))

    return _set_up


@pytest.mark.parametrize(
    ("email", "state", "says"),
    [
        ("saara.lindqvist@haldenfreight.example", "resolved", "No signals. 5 checks."),
        ("somebody@gmail.com", "none", "gmail.com is a free-mail domain"),
        ("somebody@nowhere.example", "none", "No account is known for nowhere.example."),
        ("somebody@lanternworks.example", "none", "lanternworks.example is your own domain."),
        (None, "none", "no e-mail address"),
    ],
)
def test_a_requester_gets_an_account_or_a_reason(open_for, email, state, says):
    """Never blank, never a guess."""
    shown = open_for(email)

    assert shown.state == state
    assert says in " ".join(render(shown, {}).split())


def test_several_accounts_are_candidates_without_any_fact(open_for):
    """Name, domain and reason only; nothing of either account."""
    shown = open_for("wilhelmina@pinderbookkeeping.example")
    text = render(shown, {})

    assert shown.state == "ambiguous"
    assert "matched by contact e-mail" in text
    assert not any(word in text for word in ("ARR", "Health", "Renews", "$"))


def test_a_person_without_a_company_is_a_consumer(open_for, set_up, tmp_path):
    """There is no business account, and nothing is invented."""
    (tmp_path / "accounts.csv").write_text("account_id,name,domain\n1,Acme,acme.example\n")
    (tmp_path / "contacts.csv").write_text("account_id,id,email\n,c2,jo@private.example\n")
    runtime = set_up(Connection("crm", "files", options={"folder": str(tmp_path)}))

    assert open_for("JO@private.example", runtime).state == "consumer"


def test_a_workspace_without_sources_says_what_to_do(open_for, set_up):
    """The admin is told the next step."""
    shown = open_for("a@b.example", set_up())

    assert shown.state == "unconfigured"
    assert "sidelight check" in render(shown, {})


def test_an_unreadable_system_of_record_is_no_missing_account(open_for, set_up, tmp_path):
    """Nobody claims that there is no account when nobody could be asked."""
    gone = Connection("crm", "files", options={"folder": str(tmp_path / "gone")})
    shown = open_for("a@b.example", set_up(gone))

    assert shown.state == "none"
    assert "CRM did not answer, so the account is not known yet" in render(shown, {})


def test_a_lost_folder_leaves_the_rest_of_the_account(open_for, runtime, set_up, tmp_path):
    """The part that failed says so; all else is there."""
    parts = dict(runtime.workspace.upstreams)
    usage = parts["analytics"]
    parts["analytics"] = replace(usage, options={**usage.options, "folder": str(tmp_path / "no")})
    shown = open_for("billing.admin@northwind.example", set_up(*parts.values()))
    text = render(shown, {})

    assert shown.state == "partial"
    assert "Renews in 60 days with an open bug: CSV export fails" in text
    assert "Analytics did not answer" in text


def test_a_query_about_the_requester_is_asked_with_their_address(set_up, hands, tmp_path):
    """Whatever found the account, a query that wants an address gets that of who writes."""
    (tmp_path / "accounts.csv").write_text("account_id,name,domain\n1,Acme,acme.example\n")
    with closing(sqlite3.connect(tmp_path / "w.db")) as database:
        database.executescript(
            "CREATE TABLE people (email TEXT, tier TEXT);"
            "INSERT INTO people VALUES ('ada@acme.example', 'gold'), ('ben@acme.example', 'tin');"
        )
    query = {
        "sql": "SELECT tier FROM people WHERE email = :email",
        "fields": {"account.tier": "tier"},
    }
    options = sql.options().load(
        {"url": f"sqlite:///{tmp_path / 'w.db'}", "queries": {"person": query}}
    )
    runtime = set_up(
        Connection("crm", "files", options={"folder": str(tmp_path)}),
        Connection("people", "sql", options=options),
    )
    tiers = [
        know(
            FrameRequest("i", requester=Requester(email)), runtime, hands.now, time.monotonic() + 5
        ).context.account.tier
        for email in ("ada@acme.example", "ben@acme.example", "eve@acme.example")
    ]

    assert tiers == ["gold", "tin", None]
