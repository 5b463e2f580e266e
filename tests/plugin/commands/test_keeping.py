"""The commands of the store: audit, outcomes, erase, sweep, backup, restore."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from plugin.cli import main
from plugin.demo.setup import set_up_demo
from plugin.rules.states import StoredState
from plugin.store import audit, episodes, pins
from plugin.store.opening import database_of
from plugin.store.pins import PinKey, StoredPin
from plugin.store.tables import AUDIT
from plugin.workspace.start import load_settings

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The demo's settings, written once."""
    return set_up_demo(tmp_path_factory.mktemp("demo"), "127.0.0.1:8321", NOW)


@pytest.fixture
def store(written):
    """The demo's store, with one pin in it; gone after the test."""
    database = database_of(load_settings(written), lambda: 0.0)
    with database.write() as connection:
        key = PinKey("contact", "jo@example.com")
        pins.put(connection, "demo", StoredPin(key, "a1", "One", "kim", NOW))
        audit.append(connection, "demo", audit.AuditEvent(NOW, "=kim", "pinned", "contact"))
    yield database
    database.close()
    for path in written.parent.glob("sidelight.db*"):
        path.unlink()


@pytest.fixture
def run(written, store):
    """Run a command on it."""
    del store

    def _run(*words: str):
        return CliRunner().invoke(main, [*words, "--config", str(written)])

    return _run


def test_an_untouched_audit_verifies(run, store):
    """Exit 0; the head that it prints is what the next check can be held to."""
    result = run("audit", "verify")
    head = result.output.split()[-1]

    assert result.exit_code == 0
    assert result.output.startswith("✓ demo: 1 entries, unbroken; head 1:")
    with store.write() as connection:
        audit.append(connection, "demo", audit.AuditEvent(NOW, "kim", "unpinned"))
    again = run("audit", "verify", "--workspace", "demo", "--head", head)
    assert (again.exit_code, again.output.split(";")[0]) == (0, "✓ demo: 2 entries, unbroken")
    other = run("audit", "verify", "--workspace", "demo", "--head", f"1:{'0' * 64}")
    assert (other.exit_code, "not the one of the earlier check" in other.output) == (1, True)


def test_transitions_are_written_for_spreadsheets(run, store):
    """One line a change, and no cell is a formula; that they were exported is in the audit."""
    with store.write() as connection:
        lit = StoredState("r1", "lit", NOW, NOW, NOW, NOW, "v1", "h1", "high")
        episodes.put(connection, "demo", "=a1", episodes.Episodes((lit,), (), NOW))
    result = run("transitions")
    head, line = result.output.splitlines()

    assert result.exit_code == 0
    assert head.startswith("account_id,rule,seq,at,before,after,severity,cause")
    assert line.startswith("'=a1,r1,1,2026-11-21T12:00:00+00:00,normal,lit,high,facts,v1")
    with store.read() as connection:
        (exported,) = connection.execute(select(AUDIT).where(AUDIT.c.action == "exported")).all()
    assert exported.target == "transitions"


@pytest.mark.parametrize("head", ["1", "one:two", "1:abc"])
def test_a_head_that_cannot_be_read_is_a_usage_error(run, head):
    """Nothing is called broken for a typing mistake."""
    assert run("audit", "verify", "--workspace", "demo", "--head", head).exit_code == 2


def test_an_audit_that_lost_its_end_is_a_finding(run, store):
    """All of it, here."""
    with store.write() as connection:
        connection.execute(AUDIT.delete())
    result = run("audit", "verify")

    assert result.exit_code == 1
    assert "entry 1 is missing" in result.output


def test_a_workspace_that_the_settings_no_longer_name_is_still_kept_in_order(run, store):
    """Its chain is checked, and what is too old of it is swept."""
    with store.write() as connection:
        audit.append(
            connection, "gone", audit.AuditEvent(NOW - timedelta(days=3000), "kim", "pinned")
        )
        audit.append(connection, "gone", audit.AuditEvent(NOW, "kim", "unpinned"))

    assert "✓ gone: 2 entries" in run("audit", "verify").output
    assert "gone: 1 audit" in run("sweep").output


def test_a_changed_audit_is_a_finding(run, store):
    """Exit 1, and which entry it is."""
    with store.write() as connection:
        connection.execute(AUDIT.update().values(actor="lee"))
    result = run("audit", "verify")

    assert result.exit_code == 1
    assert "entry 1 was changed" in result.output


def test_the_audit_is_exported_without_formulas(run):
    """A cell never begins what a spreadsheet would calculate."""
    lines = run("audit", "export").output.splitlines()

    assert lines[0].startswith("workspace,seq,at,actor")
    assert lines[1].startswith("demo,1,2026-11-21T12:00:00+00:00,'=kim,")


def test_a_reader_that_stops_reading_is_not_blamed_on_the_store(store):
    """Such as `audit export | head`: the pipe is broken, the store is well."""
    with pytest.raises(BrokenPipeError), store.read():
        raise BrokenPipeError

    assert store.is_up()


def test_outcomes_come_in_once_and_go_out_again(run, tmp_path):
    """Repeating an import adds nothing."""
    file = tmp_path / "outcomes.csv"
    file.write_text("account_id,stage,outcome,at\na1,outcome,renewed,2026-11-01T00:00:00Z\n")
    said = [run("outcomes", "import", str(file)).output for _ in range(2)]

    assert [text.partition("\n")[0] for text in said] == [
        "1 added, 0 were there already",
        "0 added, 1 were there already",
    ]
    assert ",a1,,outcome,renewed,2026-11-01T00:00:00+00:00,operator,csv," in (
        run("outcomes", "export").output
    )


def test_outcomes_are_read_as_a_spreadsheet_wrote_them(run, tmp_path):
    """The delimiter is found, words count in any case, and days are read by their column."""
    file = tmp_path / "outcomes.csv"
    file.write_text("Account_ID;Stage;Outcome;At\na1;Outcome;Churned;27/10/2026\n")

    assert run("outcomes", "import", str(file)).output.startswith("1 added, 0 were there")
    assert ",a1,,outcome,churned,2026-10-27T00:00:00+00:00," in run("outcomes", "export").output

    file.write_text("account_id;stage;at\na1;shown;03/04/2026\n")
    assert "line 2: at: '03/04/2026' is 2026-04-03 or 2026-03-04" in (
        run("outcomes", "import", str(file)).output
    )


def test_outcomes_of_accounts_that_nobody_knows_are_counted_and_named(run, tmp_path):
    """They are kept, since the account may come, and said, since its id may be a slip."""
    file = tmp_path / "outcomes.csv"
    file.write_text("account_id,stage\nnorthwind,shown\na9,shown\na9,done\n")

    assert run("outcomes", "import", str(file)).output == (
        "3 added, 0 were there already\n2 of accounts that no connection knows: a9\n"
    )


def test_a_wrong_line_keeps_the_whole_file_out(run, tmp_path):
    """Every mistake is named with its line."""
    file = tmp_path / "outcomes.csv"
    file.write_text("account_id,stage\na1,shown\n,shown\na3,won\n")
    result = run("outcomes", "import", str(file))

    assert result.exit_code == 1
    assert "line 3: account_id: is missing\n" in result.output
    assert "line 4: stage: " in result.output
    assert len(run("outcomes", "export").output.splitlines()) == 1


def test_a_header_without_what_is_needed_is_one_mistake(run, tmp_path):
    """Not one a line: what is wrong is the header, and it says what may stand there."""
    file = tmp_path / "outcomes.csv"
    file.write_text("acount_id,stage\na1,shown\na2,shown\n")
    result = run("outcomes", "import", str(file))

    assert result.exit_code == 1
    assert (
        result.output.count("line 1: the header lacks account_id; it may name id, account_id") == 1
    )
    assert "line 2" not in result.output


def test_erasing_gives_a_receipt_without_the_data(run):
    """Twice gives the same one."""
    results = [run("erase", "--email", "jo@example.com") for _ in range(2)]
    receipts = [json.loads(result.output) for result in results]

    assert receipts[0]["removed"] == {"pins": 1}
    assert "jo@" not in results[0].output
    assert receipts[1] == receipts[0]


def test_an_erasure_that_misses_the_shared_cache_says_so(written, store):
    """The receipt holds for memory; the command is to be run again for the rest."""
    del store
    with_cache = written.parent / "with-cache.toml"
    with_cache.write_text(written.read_text() + '\n[cache]\nurl = "redis://127.0.0.1:1/0"\n')
    words = ["erase", "--email", "jo@example.com", "--config", str(with_cache)]
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 1
    assert json.loads(result.stdout)["removed"] == {"pins": 1}
    assert "cache.url: the shared cache does not answer" in result.stderr


def test_a_workspace_that_was_taken_out_of_the_settings_can_still_be_erased(run, store):
    """Its memory goes; its audit and the receipt stay until their time is over."""
    with store.write() as connection:
        key = PinKey("contact", "jo@example.com")
        pins.put(connection, "gone", StoredPin(key, "a1", "One", "kim", NOW))
        audit.append(connection, "gone", audit.AuditEvent(NOW, "kim", "pinned", "contact"))
    result = run("erase", "--everything", "--workspace", "gone")

    assert json.loads(result.output)["removed"] == {"pins": 1}
    assert "✓ gone: 2 entries" in run("audit", "verify").output
    assert run("erase", "--everything", "--workspace", "never-there").exit_code == 2


@pytest.mark.parametrize(
    "words", [(), ("--email", "a@b.example", "--account", "a1"), ("--email", "jo")]
)
def test_erasing_wants_one_of_them(run, words):
    """Nothing is erased by a guess."""
    assert run("erase", *words).exit_code == 2


def test_a_sweep_says_what_it_removed(run):
    """Nothing, as long as nothing is too old."""
    assert run("sweep").output == "demo: nothing is too old\n"


def test_a_backup_is_restored_on_demand_only(run, store, tmp_path):
    """A store that holds something needs --replace."""
    file = str(tmp_path / "copy.jsonl.gz")
    assert run("backup", file).exit_code == 0
    run("erase", "--account", "a1")

    assert "not empty" in run("restore", file).output
    assert run("restore", file, "--replace").exit_code == 0
    with store.read() as connection:
        assert pins.find(connection, "demo", [PinKey("contact", "jo@example.com")]) is not None


def test_a_store_that_is_down_is_one_sentence(written, tmp_path):
    """It names the setting."""
    text = written.read_text().replace("/sidelight.db", "/data")
    broken = tmp_path / "sidelight.toml"
    for name in ("zendesk-public.pem", "zendesk-private.pem"):
        (tmp_path / name).write_text((written.parent / name).read_text())
    broken.write_text(text)
    result = CliRunner().invoke(main, ["audit", "verify", "--config", str(broken)])

    assert result.exit_code == 1
    assert result.output.startswith("Error: store.url: the store does not answer")


def test_what_leaves_or_replaces_the_store_is_in_the_audit(run, store, tmp_path):
    """An export, a backup and a restore, each with who did it."""
    file = str(tmp_path / "copy.jsonl.gz")
    for words in (
        ("audit", "export"),
        ("outcomes", "export"),
        ("backup", file),
        ("restore", file, "--replace"),
    ):
        assert run(*words).exit_code == 0
    with store.read() as connection:
        found = [one.event for one in audit.entries(connection, "demo")][1:]

    assert [(one.actor, one.action, one.target) for one in found] == [
        ("operator", "exported", "audit"),
        ("operator", "exported", "outcomes"),
        ("operator", "restored", ""),
    ]
