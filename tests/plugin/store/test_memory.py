"""What is remembered, kind by kind, and that one workspace never sees another's."""

from __future__ import annotations

from datetime import timedelta

from plugin.frame import Viewer
from plugin.rules.states import StoredState
from plugin.store import acts, audit, erasing, feedback, outcomes, pins, snoozes
from plugin.store.noting import viewer_name
from plugin.store.pins import PinKey, StoredPin
from plugin.store.pseudonyms import pseudonym
from tests.plugin.store.conftest import NOW, OTHER, WORKSPACE

KEY = PinKey("contact", "jo@example.com")
DOMAIN = PinKey("domain", "example.com")
LIT = StoredState("r1", "lit", NOW, NOW, NOW, NOW, "v1", "h1", "high")


def test_the_first_key_that_has_a_pin_decides(transaction):
    """A pin of the person goes before one of the domain."""
    person = StoredPin(KEY, "a1", "One", "kim", NOW, "one.example", {"crm": "7"})
    everyone = StoredPin(DOMAIN, "a2", "Two", "kim", NOW)
    for pin in (everyone, person):
        pins.put(transaction, WORKSPACE, pin)

    assert pins.find(transaction, WORKSPACE, [KEY, DOMAIN]) == person
    pins.remove(transaction, WORKSPACE, KEY)
    assert pins.find(transaction, WORKSPACE, [KEY, DOMAIN]) == everyone
    assert pins.find(transaction, OTHER, [KEY, DOMAIN]) is None


def test_a_dismissal_holds_until_it_ends_and_useful_dismisses_nothing(transaction):
    """The latest word counts."""
    said = [
        feedback.Feedback(word, "a1", "r1", word, "kim", "agent", NOW)
        for word in ("wrong", "useful")
    ]
    for one in said:
        feedback.add(transaction, WORKSPACE, one)

    assert feedback.dismissals(transaction, WORKSPACE, "a1") == {"r1": said[0]}
    assert feedback.dismissals(transaction, OTHER, "a1") == {}
    feedback.end(transaction, OTHER, "wrong", NOW)
    assert feedback.dismissals(transaction, WORKSPACE, "a1") == {"r1": said[0]}
    feedback.end(transaction, WORKSPACE, "wrong", NOW)
    assert feedback.dismissals(transaction, WORKSPACE, "a1") == {}


def test_a_snooze_takes_the_place_of_the_one_before(transaction):
    """One signal has one snooze."""
    for days in (1, 7):
        until = NOW + timedelta(days=days)
        snooze = snoozes.Snooze("a1", "r1", until, "kim", NOW, "later", "high", "v1")
        snoozes.put(transaction, WORKSPACE, snooze)

    assert snoozes.of_account(transaction, WORKSPACE, "a1")["r1"].until == NOW + timedelta(days=7)
    snoozes.remove(transaction, OTHER, "a1", "r1")
    assert set(snoozes.of_account(transaction, WORKSPACE, "a1")) == {"r1"}
    snoozes.remove(transaction, WORKSPACE, "a1", "r1")
    assert snoozes.of_account(transaction, WORKSPACE, "a1") == {}


def test_an_act_is_kept_once_for_each_key(transaction):
    """A repeated click does nothing again; another person's key is another key."""
    act = acts.Act("kim", "k1", "pin", NOW, "Pinned.", "a1", {"kind": "contact"}, None)

    assert [acts.add(transaction, WORKSPACE, act) for _ in range(2)] == [True, False]
    assert acts.find(transaction, WORKSPACE, "kim", "k1") == act
    assert acts.find(transaction, WORKSPACE, "lee", "k1") is None
    assert acts.find(transaction, OTHER, "kim", "k1") is None


def test_the_ledger_holds_each_entry_once(transaction):
    """The id decides, so that an import may be repeated."""
    entry = outcomes.Outcome("o1", "a1", "outcome", NOW, "kim", "api", outcome="renewed")

    assert [outcomes.add(transaction, WORKSPACE, entry) for _ in range(2)] == [True, False]
    assert list(outcomes.entries(transaction, WORKSPACE)) == [entry]
    assert list(outcomes.entries(transaction, OTHER)) == []


def test_a_pseudonym_is_the_same_for_one_person_and_tells_nobody(transaction):
    """Case does not matter, the workspace does."""
    names = [
        pseudonym(transaction, space, "contact", who)
        for space, who in ((WORKSPACE, "Jo@x.example"), (WORKSPACE, "jo@x.example"))
    ]

    assert names[0] == names[1]
    assert "jo" not in names[0]
    assert names[0] != pseudonym(transaction, OTHER, "contact", "jo@x.example")


def test_states_come_back_with_what_lies_over_them(memory, rival, writer):
    """A snooze and a dismissal lie over the state, each with what held when it was set."""
    recall = memory.recall("a1")
    memory.keep_states("a1", recall, {"r1": LIT}, NOW)
    assert writer.flush()
    with memory.database.write() as connection:
        until = NOW + timedelta(days=1)
        snooze = snoozes.Snooze("a1", "r1", until, "kim", NOW, "", "high", "v1")
        snoozes.put(connection, WORKSPACE, snooze)
        said = feedback.Feedback("f", "a1", "r1", "known", "kim", "agent", NOW, input_hash="h1")
        feedback.add(connection, WORKSPACE, said)
    row = memory.recall("a1").states["r1"]

    assert (row.state, row.since, row.severity) == ("lit", NOW, "high")
    assert (row.snoozed_until, row.dismissed, row.marked_hash) == (until, "known", "h1")
    assert rival.recall("a1").states == {}


def test_a_lamp_that_goes_out_ends_its_dismissal(memory, writer):
    """When it lights again, it is shown again."""
    with memory.database.write() as connection:
        said = feedback.Feedback("f", "a1", "r1", "wrong", "kim", "agent", NOW)
        feedback.add(connection, WORKSPACE, said)
    later = NOW + timedelta(days=1)
    memory.keep_states("a1", memory.recall("a1"), {"r1": StoredState("r1", since=later)}, later)
    assert writer.flush()

    row = memory.recall("a1").states["r1"]
    assert (row.state, row.dismissed) == ("normal", None)


def test_an_older_answer_never_overwrites_a_newer_one(memory, writer):
    """Two processes may judge one account at once."""
    empty = memory.recall("a1")
    memory.keep_states("a1", empty, {"r1": LIT}, NOW + timedelta(minutes=1))
    assert writer.flush()
    old = StoredState("r1", "pending", NOW, NOW, NOW, NOW, "v0", "h0", "low")
    memory.keep_states("a1", empty, {"r1": old}, NOW)
    assert writer.flush()

    assert memory.recall("a1").states["r1"].state == "lit"


def test_what_says_nothing_new_is_not_written(memory, writer):
    """A dark lamp that never lit, or the same state a minute later, costs no write."""
    memory.keep_states("a1", memory.recall("a1"), {"r2": StoredState("r2", "normal")}, NOW)
    memory.keep_states("a1", memory.recall("a1"), {"r1": LIT}, NOW)
    assert writer.flush()
    memory.keep_states("a1", memory.recall("a1"), {"r1": LIT}, NOW + timedelta(minutes=1))
    assert writer.flush()

    assert writer.written == 1


def test_what_nobody_sees_is_judged_behind_the_answer(memory, writer):
    """It is written where it says something new, and only then."""
    found = {"r1": LIT, "r2": StoredState("r2", "normal")}
    for minutes in (0, 1):
        recall, at = memory.recall("a1"), NOW + timedelta(minutes=minutes)
        memory.count_states("a1", recall, lambda: found, at)
        assert writer.flush()

    assert memory.recall("a1").states == {"r1": LIT}
    assert writer.written == 1


def test_what_was_judged_of_an_erased_account_is_not_written(memory, writer):
    """It waited behind an answer, and meanwhile somebody erased the account."""
    erased = audit.AuditEvent(NOW, "kim", "erased")

    def judge() -> dict[str, StoredState]:
        with memory.database.write() as connection:
            erasing.erase(connection, WORKSPACE, "account", "a1", erased)
        return {"r1": LIT}

    memory.count_states("a1", memory.recall("a1"), judge, NOW)
    assert writer.flush()

    assert memory.recall("a1").states == {}


def test_folds_are_each_viewers_own(memory, writer):
    """Who has no name keeps nothing."""
    memory.keep_fold("kim", "deals", opened=True, now=NOW)
    memory.keep_fold("kim", "people", opened=False, now=NOW)
    assert writer.flush()

    seen = [memory.recall("a1", viewer).opened for viewer in ("kim", "lee", None)]
    assert seen == [{"deals"}, frozenset(), frozenset()]


def test_a_viewer_of_the_longest_name_is_remembered_like_any_other(memory, writer):
    """The name fits its key, and two long names stay two."""
    one, other = (viewer_name(Viewer("z" * 900 + end)) or "" for end in "ab")
    memory.keep_fold(one, "deals", opened=True, now=NOW)
    assert writer.flush()

    seen = [memory.recall("a1", viewer).opened for viewer in (one, other)]
    assert seen == [{"deals"}, frozenset()]
    assert writer.dropped == 0


def test_an_account_that_no_database_can_name_is_answered_without_memory(memory):
    """NUL in an id is the source's mistake, and no reason not to show the account."""
    memory.recall("a\0b")
    memory.pin([PinKey("person", "a\0b")])

    memory.recall("a1", "a\0b")
    assert memory.recall("a1") is not None
