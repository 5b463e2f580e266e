"""`sidelight check` says of each connection what is wrong with its mapping, and how full it is."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugin.cli import main

SETTINGS = """
[service]
base_url = "https://sidelight.example.com"
secrets = ["0123456789abcdef0123456789abcdef"]
[workspaces.acme]
name = "Acme"
[workspaces.acme.upstreams.crm]
kind = "sql"
url = "sqlite:///{folder}/w.db"
sample = ["a-1"]
[workspaces.acme.upstreams.crm.queries.account]
sql = "SELECT tier FROM accounts WHERE id = :account_id"
fields = {{ {fields} }}
"""
KEY = "workspaces.acme.upstreams.crm.queries.account.fields"


@pytest.fixture
def check(tmp_path: Path):
    """Check a workspace whose mapping is as a test says."""
    with closing(sqlite3.connect(tmp_path / "w.db")) as opened:
        opened.executescript("CREATE TABLE accounts (id TEXT, tier INT);")
        opened.executescript("INSERT INTO accounts VALUES ('a-1', 2);")

    def _check(fields: str, *words: str) -> Result:
        path = tmp_path / "sidelight.toml"
        path.write_text(SETTINGS.format(folder=tmp_path, fields=fields))
        return CliRunner().invoke(main, ["check", "--config", str(path), *words])

    return _check


def test_notes_are_no_problems(check):
    """How full a column is, is said, and the check is content."""
    result = check('"account.tier" = "tier"')

    assert result.exit_code == 0
    assert f"· {KEY}.account.tier: tier is filled in 1 of 1 sampled records" in result.output


def test_a_missing_column_is_a_problem_under_its_key(check):
    """The problem names the whole key of the setting, and what may be meant."""
    result = check('"account.tier" = "tiers"', "--format", "json")
    said = json.loads(result.output)

    assert result.exit_code == 1
    assert [problem["key"] for problem in said["problems"]] == [f"{KEY}.account.tier"]
    assert said["problems"][0]["hint"] == "did you mean tier?"


def test_a_path_that_does_not_exist_is_found_when_settings_are_read(check):
    """A slip in the mapping names its key as the file has it."""
    result = check('"account.tear" = "tier"')

    assert result.exit_code == 1
    assert f"{KEY}.account.tear: is no path of the vocabulary" in result.output
