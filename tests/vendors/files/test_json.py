"""The `files` upstream: JSON is read strictly, and a bad row costs only itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.vendors.files.files_folder import connect, find, problems, write


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"account_id": "a-1", "name": "Acme"', "is not JSON"),
        ('[{"account_id": "a-1", "name": "Acme"},]', "is not continued"),
        ('[{"account_id": "a-1", "name": "Acme"}] []', "goes on after its array"),
        ('{\n"account_id": "a-1"}', "is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
def test_json_that_is_no_table_is_said(tmp_path: Path, text: str, said: str):
    """Broken JSON is one problem of the file, never half of it."""
    assert said in problems(connect(write(tmp_path, accounts_json=text)))[0]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ('{"account_id": "a-2", "name": "B", "employees": NaN}', "is not a number"),
        ('{"account_id": "a-2", "name": "B", "employees": Infinity}', "is not a number"),
        ('{"account_id": "a-2", "name": "B", "employees": 1e400}', "is out of range"),
        ('{"account_id": "a-2", "name": "B", "employees": ' + "9" * 5000 + "}", "is not a number"),
        ('{"account_id": "a-2", "name": "B", "employees": true}', "is not a number"),
        ('{"account_id": "a-2", "name": "B", "name": "C"}', "names name twice"),
        ('{"account_id": "a-2", "name": {"x": 1}}', "is not a text"),
        ('{"account_id": "a-2", "name": "\\ud800"}', "half a character"),
        ('"a-2"', "is not an object"),
        ("[]", "is not an object"),
    ],
)
def test_bad_json_rows_are_left_to_themselves(tmp_path: Path, item: str, said: str):
    """Python would take most of these; here each costs its row or its cell."""
    text = '[\n{"account_id": "a-1", "name": "Acme"},\n' + item + "\n]"
    link = connect(write(tmp_path, accounts_json=text))

    assert problems(link)[0].startswith("accounts.json, line 3")
    assert any(said in problem for problem in problems(link))
    assert find(link, "external_id", "a-1") == ["a-1"]


def test_an_object_with_very_many_keys_is_refused(tmp_path: Path):
    """A file that is no table of ours costs one look, and no minutes."""
    text = json.dumps([{f"key{number}": number for number in range(50_000)}])

    assert "at most 5000 are read" in problems(connect(write(tmp_path, accounts_json=text)))[0]


def test_one_bad_line_of_json_lines_costs_only_itself(tmp_path: Path):
    """Each line stands for itself."""
    text = (
        json.dumps({"account_id": "a-1", "name": "Acme"})
        + '\n{"account\n'
        + json.dumps({"account_id": "a-2", "name": "B"})
        + "\n"
    )
    link = connect(write(tmp_path, accounts_jsonl=text))

    assert find(link, "external_id", "a-2") == ["a-2"]
    assert problems(link)[0].startswith("accounts.jsonl, line 2: is not JSON")
