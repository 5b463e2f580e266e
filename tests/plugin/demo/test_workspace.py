"""The demo workspace: sixty accounts without a mistake, in variety, on any day."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugin.account.vocabulary import FIELDS
from plugin.demo.dates import Calendar
from plugin.demo.guard import MARK
from plugin.demo.workspace import COMPONENTS, demo_connections, refresh_demo, write_demo
from plugin.errors import UpstreamNotFound, UpstreamUnavailable
from plugin.upstream import Facts
from plugin.vendors.files.source import files
from tests.plugin.demo.demo_folder import NOW, ask, facts, links


def account_ids(folder: Path) -> list[str]:
    """Return the ids in the accounts file."""
    lines = (folder / "accounts.csv").read_text(encoding="utf-8").splitlines()[1:]
    return [line.partition(",")[0] for line in lines]


def every_facts(folder: Path, now: datetime = NOW) -> list[Facts]:
    """Return all that all connections say of all accounts."""
    found = []
    for account_id in account_ids(folder):
        for name in demo_connections(folder):
            try:
                found.append(facts(folder, account_id, name, now))
            except UpstreamNotFound:
                continue
    return found


def test_sixty_accounts_without_a_problem(demo: Path):
    """No file of the demo has a bad row, an unknown column or a row of nobody."""
    assert files.check is not None
    assert len(set(account_ids(demo))) == 60
    for link in links(demo).values():
        assert [one for one in files.check(link) if not one.is_note] == []


def test_every_fact_is_there_or_plainly_unknown(demo: Path):
    """Nothing of the demo is bad data, and every path is one of the vocabulary."""
    told = every_facts(demo)

    assert [one.bad for one in told if one.bad] == []
    assert {path for one in told for path in one.values} <= FIELDS.keys()


def test_no_fact_is_old_when_the_demo_is_written(demo: Path):
    """Every connection answers as of now, within any freshness budget."""
    assert {one.as_of for one in every_facts(demo)} == {NOW}
    written = [path for path in demo.iterdir() if path.name != MARK]
    assert {path.stat().st_mtime for path in written} == {NOW.timestamp()}


def test_every_connection_supplies_its_own_part(demo: Path):
    """Five connections share the folder and no path, so one that fails leaves the rest."""
    paths = [path for link in links(demo).values() for path in files.covers(link.options)]
    shared = {path for path, count in Counter(paths).items() if count > 1}

    # An end is known to the CRM of a terminated account, too; own columns may stand in any table.
    assert shared == {"contract.ends_at", "custom"}


def test_one_unreadable_file_leaves_the_other_connections_alone(tmp_path: Path):
    """Without its tickets the demo still knows the contract."""
    write_demo(tmp_path, NOW.date(), NOW)
    (tmp_path / "tickets.jsonl").unlink()
    (tmp_path / "tickets.jsonl").mkdir()

    with pytest.raises(UpstreamUnavailable, match="is not a file"):
        facts(tmp_path, "northwind", "helpdesk")
    assert facts(tmp_path, "northwind", "billing").values["contract.plan"] == "Growth"


def test_people_and_firms_are_made_up(demo: Path):
    """Every address ends in .example, but for one private mailbox at a free-mail provider."""
    domains = {
        (person.email or "").rpartition("@")[2]
        for account_id in account_ids(demo)
        for person in facts(demo, account_id, "crm").values["contacts"]
    }

    assert {domain for domain in domains if not domain.endswith(".example")} == {"gmail.com"}


HAS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "trial": lambda says: "contract.trial_ends_at" in says,
    "churned": lambda says: "contract.ends_at" in says,
    "subsidiary": lambda says: "account.parent_id" in says,
    "parent": lambda says: says.get("account.children") == 2,
    "in yen": lambda says: getattr(says.get("contract.arr"), "currency", "") == "jpy",
    "in euros": lambda says: getattr(says.get("contract.arr"), "currency", "") == "eur",
    "payment failed": lambda says: says.get("contract.payment_status") == "failed",
    "no usage source": lambda says: "contract.arr" in says and "usage.seats_active" not in says,
    "seats near the limit": lambda says: (
        "contract.seats_paid" in says
        and "usage.seats_active" in says
        and 0.9 <= says["usage.seats_active"] / says["contract.seats_paid"] <= 1
    ),
    "renewal dates that disagree": lambda says: (
        {"contract.crm_renewal_at", "contract.billing_renewal_at"} <= says.keys()
        and says["contract.crm_renewal_at"] != says["contract.billing_renewal_at"]
    ),
    "an overdue invoice": lambda says: any(
        (getattr(one, "days_overdue", 0) or 0) > 30 for one in says.get("invoices", ())
    ),
    "onboarding under way": lambda says: any(
        getattr(one, "reached_at", None) is None for one in says.get("usage.milestones", ())
    ),
    "an open deal": lambda says: bool(says.get("deals")),
    "steps away": lambda says: bool(says.get("usage.offboarding_events")),
    "interest in more": lambda says: bool(says.get("usage.upgrade_interest")),
    "an international domain": lambda says: not str(says.get("account.domain", "")).isascii(),
}


@pytest.fixture(scope="module")
def told(demo: Path) -> list[dict[str, Any]]:
    """Return all facts of each account together."""
    found = []
    for account_id in account_ids(demo):
        says: dict[str, Any] = {}
        for name in demo_connections(demo):
            try:
                says |= facts(demo, account_id, name).values
            except UpstreamNotFound:
                continue
        found.append(says)
    return found


@pytest.mark.parametrize("case", HAS.values(), ids=list(HAS))
def test_the_demo_has_a_case_of(told: list[dict[str, Any]], case: Callable[[dict[str, Any]], bool]):
    """Each situation that the product speaks of is in the demo, and is not all of it."""
    count = sum(case(says) for says in told)

    assert 1 <= count < 40


def test_two_accounts_share_a_contact(demo: Path):
    """Her ticket is ambiguous, never a guess."""
    found = ask(demo, "contact_email", "wilhelmina@pinderbookkeeping.example")

    assert len({ref.id for ref in found}) == 2


def test_tickets_speak_of_the_components_that_the_demo_names(demo: Path):
    """Each component is on the workspace's list, and each account's people write its tickets."""
    for account_id in account_ids(demo):
        people = {person.email for person in facts(demo, account_id, "crm").values["contacts"]}
        for ticket in facts(demo, account_id, "helpdesk").values["tickets"]:
            assert ticket.component in {None, *COMPONENTS}
            assert ticket.requester_email in people


def test_writing_twice_writes_the_same(demo: Path, tmp_path: Path):
    """The demo has no chance in it."""
    write_demo(tmp_path, NOW.date(), NOW)

    for path in demo.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in demo.iterdir()}


def test_the_demo_is_written_anew_on_a_new_day(tmp_path: Path):
    """It is left alone within a day, and Northwind renews in 60 days on the next one, too."""
    yesterday = NOW - timedelta(days=1)
    write_demo(tmp_path, yesterday.date(), yesterday)
    assert refresh_demo(tmp_path, NOW.date(), NOW)
    assert not refresh_demo(tmp_path, NOW.date(), NOW + timedelta(hours=3))
    tomorrow = NOW + timedelta(days=1)
    assert refresh_demo(tmp_path, tomorrow.date(), tomorrow)

    values = facts(tmp_path, "northwind", "crm", tomorrow).values
    assert values["contract.renewal_at"] == tomorrow.date() + timedelta(days=60)


@settings(max_examples=8, deadline=None)
@example(datetime(2028, 2, 29, 0, 0, 1, tzinfo=UTC))
@example(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))
@given(st.integers(0, 14 * 365 * 86_400).map(lambda seconds: NOW + timedelta(seconds=seconds)))
def test_the_demo_is_whole_on_any_day(now: datetime):
    """Leap days and year ends included, no file has a problem and no ticket is of the future."""
    assert files.check is not None
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_demo(folder, now.date(), now)

        for link in links(folder, now).values():
            assert [one for one in files.check(link) if not one.is_note] == []
        for account_id in account_ids(folder):
            for ticket in facts(folder, account_id, "helpdesk", now).values["tickets"]:
                assert ticket.created_at <= now


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("{today}", "2026-11-21"),
        ("{today+60d}", "2027-01-20"),
        ("{today-12d 08:00}", "2026-11-09T08:00:00Z"),
        ("{now-90m}", "2026-11-21T10:30:00Z"),
        ("{today 18:00}", "2026-11-21T12:00:00Z"),
        ("{today+1d 18:00}", "2026-11-22T18:00:00Z"),
        ("{tomorrow}", "{tomorrow}"),
    ],
)
def test_places_are_filled_in(place: str, expected: str):
    """A place says a day or an instant; what is past stays past early in the day."""
    assert Calendar(date(2026, 11, 21), NOW).fill(f"a {place} b") == f"a {expected} b"
