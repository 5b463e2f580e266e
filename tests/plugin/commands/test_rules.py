"""`sidelight rules` on the terminal: what it prints, and how it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugin.commands.rules import rules
from plugin.rules.rule_file import shipped_text
from plugin.rules.schema import vocabulary_schema

GOOD = """\
version: 1
extends: default
override:
  - {id: health_drop, replace: {severity: high}}
"""
TESTS = """\
version: 1
rule_files: [acme.yaml]
now: "2026-11-21T12:00:00Z"
accounts:
  north:
    health: {score: 50, score_7d_ago: 61, score_30d_ago: 72}
tests:
  - {name: it fell, account: north, expect: {severity: {health_drop: high}}}
"""


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """Return a workspace's rule file with its tests beside it."""
    (tmp_path / "acme_test.yaml").write_text(TESTS)
    path = tmp_path / "acme.yaml"
    path.write_text(GOOD)
    return path


def run(*words: object, **wiring: object) -> Result:
    """Run one command of the group."""
    return CliRunner().invoke(rules, [str(word) for word in words], obj=wiring or None)


def test_check_is_quiet_about_what_is_right(acme: Path) -> None:
    """Nothing to report, exit 0."""
    result = run("check", acme)

    assert result.exit_code == 0
    assert result.output == "1 checked: nothing to report.\n"


def test_check_prints_every_finding_and_leaves_with_1(acme: Path) -> None:
    """File, line, column, code and sentence, the source below, then the count."""
    acme.write_text(GOOD.replace("severity: high", "severty: high, when: health.scor < 1"))
    lines = run("check", acme).output.splitlines()

    assert lines[0].startswith(f"{acme}:4:33: unknown-key: unknown key 'severty'; did you mean")
    assert lines[-1] == "2 errors, 0 warnings"
    assert run("check", acme).exit_code == 1


def test_check_gives_json_for_editors(acme: Path) -> None:
    """Each finding has the keys of the contract."""
    acme.write_text(GOOD.replace("high", "hihg"))
    (finding,) = json.loads(run("check", acme, "--format", "json").output)["findings"]

    assert set(finding) == {
        *("file", "line", "column", "end_line", "end_column"),
        *("code", "severity", "message", "hint", "rule", "key"),
    }
    assert (finding["line"], finding["code"], finding["rule"]) == (4, "bad-value", "health_drop")


def test_warnings_alone_leave_with_0_unless_strict(acme: Path) -> None:
    """`--strict` makes warnings count."""
    acme.write_text(GOOD + "defs:\n  unused: health.score < 1\n")

    assert run("check", acme).exit_code == 0
    assert run("check", acme, "--strict").exit_code == 1


@pytest.mark.parametrize("words", [("check",), ("check", "nowhere.yaml"), ("test",), ("nonsense",)])
def test_wrong_usage_leaves_with_2(words: tuple[str, ...]) -> None:
    """A missing file or an unknown command is a usage error."""
    assert run(*words).exit_code == 2


def test_check_reads_test_files_too(acme: Path) -> None:
    """A mistake in a test is found by check."""
    tests = acme.with_name("acme_test.yaml")
    tests.write_text(TESTS.replace("account: north,", "account: south,"))

    assert "unknown-id: no account 'south'" in run("check", tests).output


def test_check_knows_a_workspaces_own_fields(acme: Path) -> None:
    """With --workspace the file may read custom fields."""
    acme.write_text(GOOD.replace("severity: high", "when: custom.seats_used > 3, headline: x"))

    def schema_of(workspace: str):
        return vocabulary_schema({"seats_used": "number"} if workspace == "acme" else {})

    assert run("check", acme).exit_code == 1
    assert run("check", acme, "--workspace", "acme", workspace_schema=schema_of).exit_code == 0
    assert run("check", acme, "--workspace", "acme").exit_code == 2


def test_fmt_writes_the_canonical_form(acme: Path) -> None:
    """The file changes once; then there is nothing to change."""
    acme.write_text(GOOD.replace("{id: health_drop, ", "{ id:   health_drop,"))

    assert run("fmt", acme, "--check").exit_code == 1
    assert run("fmt", acme).output == f"{acme}: changed\n"
    assert acme.read_text() == GOOD
    assert run("fmt", acme, "--check").exit_code == 0


def test_fmt_leaves_a_broken_file_alone(acme: Path) -> None:
    """What cannot be read is reported and not touched."""
    acme.write_text("version: [1")
    result = run("fmt", acme)

    assert (result.exit_code, acme.read_text()) == (1, "version: [1")
    assert "yaml-syntax" in result.output


def test_test_runs_what_stands_beside_the_rules(acme: Path) -> None:
    """One line a test with its time, then the counts of written and generated tests."""
    lines = run("test", acme).output.splitlines()

    assert lines[0].startswith(f"ok   {acme.with_name('acme_test.yaml')}:8 it fell (")
    assert lines[-1].startswith("1 passed, 0 failed, 0 todo; generated: ")
    assert lines[-1].endswith(" 0 failed")


def test_test_takes_a_test_file_of_any_name(acme: Path) -> None:
    """What names its rule files is a test file."""
    tests = acme.with_name("checks.yaml")
    tests.write_text(TESTS)

    assert run("test", tests).output.splitlines()[0].startswith(f"ok   {tests}:8 it fell (")


def test_test_explains_a_failure_and_leaves_with_1(acme: Path) -> None:
    """A failed test shows what decided."""
    acme.write_text(GOOD.replace("high", "low"))
    result = run("test", acme)

    assert result.exit_code == 1
    assert "health_drop: 'low'; expected 'high'" in result.output


def test_test_gives_json_for_ci(acme: Path) -> None:
    """Counts, each test with file, line, name and result, and the generated ones."""
    report = json.loads(run("test", acme, "--format", "json").output)

    assert (report["passed"], report["failed"], report["todo"]) == (1, 0, 0)
    assert report["tests"][0] == {
        "file": str(acme.with_name("acme_test.yaml")),
        "line": 8,
        "name": "it fell",
        "result": "passed",
        "problems": [],
    }
    assert report["generated"]["failed"] == 0
    assert report["generated"]["passed"] > 100


def test_rules_without_tests_are_a_finding(acme: Path) -> None:
    """Nothing passes merely because nothing was asked."""
    acme.with_name("acme_test.yaml").unlink()
    result = run("test", acme)

    assert result.exit_code == 1
    assert "not-found: no tests for acme_test.yaml" in result.output


def test_cover_names_live_rules_that_lack_a_test(acme: Path) -> None:
    """Each live rule must be seen firing, silent and unknown."""
    result = run("cover", acme)

    assert result.exit_code == 1
    assert "health_drop: no test in which it is silent or unknown" in result.output


def test_cover_is_content_with_the_pack(tmp_path: Path) -> None:
    """What ships is covered; the fields that no rule reads are listed."""
    for name in ("default", "default_test"):
        (tmp_path / f"{name}.yaml").write_text(shipped_text(name))
    result = run("cover", tmp_path / "default.yaml", "--format", "json")
    report = json.loads(result.output)

    assert (result.exit_code, report["problems"]) == (0, [])
    assert "account.city" in report["unread_fields"]
    assert "contract.renewal_at" not in report["unread_fields"]
    assert {"condition", "true", "false", "unknown"} == set(report["rules"][0]["leaves"][0])


@pytest.mark.parametrize("command", ["check", "fmt", "test", "cover", "explain"])
def test_each_command_helps_with_an_example(command: str) -> None:
    """--help shows how it is called."""
    assert f"sidelight rules {command}" in run(command, "--help").output
