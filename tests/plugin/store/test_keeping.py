"""Erasure, retention, backup and return: what goes, what stays, and that it may be repeated."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from plugin.rules.states import StoredState
from plugin.settings.records import RETENTION
from plugin.store import acts, audit, copying, episodes, erasing, feedback, outcomes, pins, snoozes
from plugin.store.memory import Memory
from plugin.store.migrating import HEAD
from plugin.store.pins import PinKey, StoredPin
from plugin.store.sweeping import sweep
from plugin.store.tables import METADATA
from plugin.store.writer import Writer
from tests.plugin.store.conftest import NOW, OTHER, WORKSPACE

EMAIL = "Jo@Example.com"
EVENT = audit.AuditEvent(NOW, "operator", "erased")


def fill(connection: Connection, workspace: str = WORKSPACE) -> None:
    """Put one row of each kind into a workspace."""
    key = PinKey("contact", "jo@example.com")
    pins.put(connection, workspace, StoredPin(key, "a1", "One", "kim", NOW))
    said = feedback.Feedback("f1", "a1", "r1", "wrong", "kim", "agent", NOW, "jo@example.com said")
    feedback.add(connection, workspace, said)
    until = NOW + timedelta(days=7)
    snoozes.put(connection, workspace, snoozes.Snooze("a1", "r1", until, "kim", NOW, "later"))
    row = StoredState("r1", "lit", NOW, NOW, NOW, NOW, "v1", "h1", "high")
    episodes.put(connection, workspace, "a1", episodes.Episodes((row,), (), NOW))
    outcomes.add(connection, workspace, outcomes.Outcome("o1", "a1", "shown", NOW, "kim", "widget"))
    target = {"kind": "contact", "value": key.value}
    acts.add(connection, workspace, acts.Act("kim", "k1", "pin", NOW, "Pinned.", "a1", target))
    audit.append(connection, workspace, audit.AuditEvent(NOW, "kim", "pinned"))


def everything(connection: Connection, workspace: str = WORKSPACE) -> str:
    """Return all that the store holds of a workspace, as one text."""
    rows: list[object] = []
    for table in METADATA.sorted_tables:
        if table.name != "meta":
            rows += connection.execute(select(table).where(table.c.workspace == workspace)).all()
    return str(rows)


def counted(connection: Connection, workspace: str = WORKSPACE) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = [table for table in METADATA.sorted_tables if table.name != "meta"]
    return {
        table.name: connection.execute(
            select(func.count()).select_from(table).where(table.c.workspace == workspace)
        ).scalar_one()
        for table in tables
    }


@pytest.fixture
def filled(database):
    """A writing transaction on a store that holds something in two workspaces."""
    with database.write() as connection:
        fill(connection)
        fill(connection, OTHER)
        yield connection


def test_an_erased_contact_is_nowhere_and_the_receipt_does_not_say_who(filled):
    """Pins, acts and what people wrote; the decision on the signal stays."""
    receipt = erasing.erase(filled, WORKSPACE, "contact", EMAIL, EVENT)

    assert "jo@example.com" not in everything(filled).lower()
    assert "jo" not in str(receipt).lower()
    assert receipt.removed == {"pins": 1, "acts": 1, "feedback notes": 1}
    assert "r1" in feedback.dismissals(filled, WORKSPACE, "a1")


def test_what_an_act_keeps_for_its_undoing_forgets_the_address_too(filled):
    """The reason of an earlier snooze may name a person."""
    before = {"until": "…", "reason": "Jo@example.com asked for it"}
    act = acts.Act("kim", "k2", "snooze", NOW, "Snoozed.", "a1", {"rule": "r1"})
    acts.add(filled, WORKSPACE, act, before)
    erasing.erase(filled, WORKSPACE, "contact", "JO+news@example.com", EVENT)
    kept = acts.find(filled, WORKSPACE, "kim", "k2")

    assert kept is not None
    assert kept.before == {"until": "…", "reason": ""}
    assert "jo@example.com" not in everything(filled).lower()


@pytest.mark.parametrize(
    ("kind", "value"), [("account", "a1"), ("workspace", WORKSPACE)], ids=["account", "all"]
)
def test_what_waits_in_another_process_is_not_written_after_an_erasure(
    database, open_store, store_url, kind, value
):
    """Even when that process has not heard of it yet; what came later is new memory."""
    slow = Writer(database, linger=60.0)
    memory = Memory(WORKSPACE, database, slow)
    memory.recall("a1")
    memory.keep_outcomes("a1", [outcomes.Outcome("o9", "a1", "shown", NOW, "kim", "widget")])
    other = outcomes.Outcome("o8", "a2", "shown", NOW, "kim", "widget")
    memory.keep_outcomes("a2", [other])
    with open_store(store_url).write() as connection:
        fill(connection)
        erasing.erase(connection, WORKSPACE, kind, value, EVENT)
    slow.close()

    with database.read() as connection:
        kept = [one.id for one in outcomes.entries(connection, WORKSPACE)]
    assert kept == (["o8"] if kind == "account" else [])


def test_an_old_erasure_keeps_nothing_from_being_remembered_anew(memory, writer):
    """The account is back: its signals and outcomes are memory like any other."""
    with memory.database.write() as connection:
        fill(connection)
        erasing.erase(connection, WORKSPACE, "account", "a1", EVENT)
    memory.recall("a1")
    memory.keep_outcomes("a1", [outcomes.Outcome("o9", "a1", "shown", NOW, "kim", "widget")])
    assert writer.flush()

    with memory.database.read() as connection:
        assert [one.id for one in outcomes.entries(connection, WORKSPACE)] == ["o9"]


def test_an_erased_account_is_nowhere(filled):
    """Every kind of memory of it."""
    erasing.erase(filled, WORKSPACE, "account", "a1", EVENT)
    left = {name for name, count in counted(filled).items() if count}

    assert left == {"audit", "audit_heads", "erasures"}
    assert "'a1'" not in everything(filled)


def test_an_erasure_touches_no_other_workspace(filled):
    """The same address elsewhere is another matter."""
    before = counted(filled, OTHER)
    for kind, value in (("contact", EMAIL), ("account", "a1"), ("workspace", WORKSPACE)):
        erasing.erase(filled, WORKSPACE, kind, value, EVENT)

    assert counted(filled, OTHER) == before


def test_erasing_again_gives_the_same_receipt(filled):
    """It may be repeated as often as one likes."""
    receipts = [erasing.erase(filled, WORKSPACE, "account", "a1", EVENT) for _ in range(3)]

    assert len({receipt.id for receipt in receipts}) == 1
    assert audit.verify(filled, WORKSPACE) == (2, [])


def test_a_running_service_forgets_what_another_process_erased(memory, writer):
    """What waits to be written, and what is cached."""
    told: list[str] = []
    memory.on_erasure = lambda: told.append("forget")
    memory.recall("a1")
    with memory.database.write() as connection:
        fill(connection)
        erasing.erase(connection, WORKSPACE, "account", "a1", EVENT)
    memory.recall("a1")
    memory.recall("a1")

    assert told == ["forget"]
    assert writer.flush()


def test_a_sweep_removes_what_is_too_old_and_the_chain_still_verifies(filled):
    """Each kind has its time; pins stay."""
    audit.append(filled, WORKSPACE, audit.AuditEvent(NOW, "kim", "unpinned"))
    removed = sweep(filled, WORKSPACE, RETENTION, NOW + timedelta(days=4000))

    assert removed == dict.fromkeys(
        ("feedback", "snoozes", "episodes", "transitions", "outcomes", "acts", "audit"), 1
    )
    assert audit.verify(filled, WORKSPACE) == (2, [])
    assert counted(filled)["pins"] == 1
    assert counted(filled, OTHER)["feedback"] == 1


def test_a_sweep_of_young_rows_does_nothing(filled):
    """Not even an entry in the audit."""
    assert sweep(filled, WORKSPACE, RETENTION, NOW + timedelta(days=1)) == {}
    assert counted(filled)["audit"] == 1


@pytest.fixture
def copy(database, tmp_path):
    """A backup of a filled store."""
    with database.write() as connection:
        fill(connection)
        fill(connection, OTHER)
    path = tmp_path / "copy.jsonl.gz"
    with database.read() as connection:
        copying.backup(connection, path, NOW)
    return path


def test_a_backup_brings_everything_back(database, open_store, tmp_path, copy):
    """From either database into the other; the chain verifies there, too."""
    elsewhere = open_store(f"sqlite:///{tmp_path}/other.db")
    with elsewhere.write() as connection:
        copying.restore(connection, copy)
    with database.read() as old, elsewhere.read() as new:
        assert everything(new) == everything(old)
        assert audit.verify(new, WORKSPACE) == (1, [])


def test_a_backup_comes_back_into_its_own_kind_of_store(database, copy):
    """With --replace, what was changed since is gone."""
    with database.write() as connection:
        before = everything(connection)
        erasing.erase(connection, WORKSPACE, "account", "a1", EVENT)
        copying.restore(connection, copy, replace=True)

        assert everything(connection) == before


def test_a_store_that_holds_something_is_left_alone(database, copy):
    """Nothing is overwritten by mistake."""
    with database.write() as connection:
        with pytest.raises(copying.BadBackup, match="not empty"):
            copying.restore(connection, copy)

        assert counted(connection)["pins"] == 1


@pytest.mark.parametrize("damage", ["end", "text", "other", "newer"])
def test_half_a_backup_restores_nothing(open_store, tmp_path, copy, damage):
    """All of it or none of it."""
    with gzip.open(copy, "rt") as file:
        lines = file.readlines()
    broken = {
        "end": "".join(lines[:-2]),
        "text": "".join(lines[:3]) + "{",
        "other": json.dumps({"format": "x"}),
        "newer": "".join([lines[0].replace(HEAD, "of-tomorrow"), *lines[1:]]),
    }
    with gzip.open(copy, "wt") as file:
        file.write(broken[damage])
    target = open_store(f"sqlite:///{tmp_path}/other.db")
    target.is_up()

    def bring_back() -> None:
        with target.write() as connection:
            copying.restore(connection, copy)

    with pytest.raises(copying.BadBackup):
        bring_back()
    with target.read() as connection:
        assert not any(counted(connection).values())
