"""`sidelight arr`: JSON in, JSON out; a bad file is one sentence that names the place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from plugin.commands.arr import arr
from tests.plugin.revenue.shapes import at, monthly


def run(path: Path | str, *options: str, **more: Any) -> Result:
    """Run the command as of the examples' day."""
    return CliRunner().invoke(arr, [str(path), "--now", "2026-11-21", *options], **more)


def answer(path: Path | str) -> Any:
    """Return the JSON that it prints."""
    done = run(path)
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path of a file to write."""
    return tmp_path / "subscriptions.json"


SECOND = monthly(id="sub_2")
TEXTS = {
    "a list": json.dumps([monthly(), SECOND], indent=2),
    "a page": json.dumps({"object": "list", "data": [monthly(), SECOND], "has_more": False}),
    "one a line": f"{json.dumps(monthly())}\n\n{json.dumps(SECOND)}\n",
    "with a byte order mark": "\ufeff" + json.dumps([monthly(), SECOND]),
    "with a line separator in a text": json.dumps(
        [monthly(description="a\u2028b"), SECOND], ensure_ascii=False
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_reads_every_form_of_a_list(file: Path, name: str) -> None:
    """A list, a page, one object a line."""
    file.write_text(TEXTS[name], encoding="utf-8")

    assert answer(file)["currencies"] == {"usd": {"mrr": "200.00", "arr": "2400.00"}}


def test_reads_one_object_and_standard_input(file: Path) -> None:
    """A single subscription is a list of one; - reads what is piped in."""
    file.write_text(json.dumps(monthly(), indent=1))
    piped = run("-", input=file.read_text())

    assert answer(file)["currencies"]["usd"]["arr"] == "1200.00"
    assert json.loads(piped.stdout) == answer(file)


def test_answers_with_what_the_contract_names(file: Path) -> None:
    """Policy, currencies, dates, status, flags and items."""
    file.write_text(json.dumps(monthly(status="trialing", trial_end=at("2026-12-05"))))
    told = answer(file)

    assert told["policy"] == "P0"
    assert (told["renewal_at"], told["ends_at"], told["status"]) == (None, None, "complete")
    assert told["flags"] == ["converts_on=2026-12-05"]
    assert [row["potential_arr"] for row in told["items"]] == ["1200.00"]


def test_reads_fractions_exactly(file: Path) -> None:
    """A share of 33.3 % is not a binary fraction on the way."""
    coupon = {"duration": "forever", "percent_off": 33.3}
    file.write_text(json.dumps(monthly(discounts=[{"coupon": coupon}])))

    assert answer(file)["currencies"]["usd"]["arr"] == "800.40"


@pytest.mark.parametrize(
    ("now", "arr_then"),
    [("2026-12-31", "1200.00"), ("2027-01-01", "0.00"), ("2026-12-31T23:30:00-01:00", "0.00")],
)
def test_counts_as_of_a_day(file: Path, now: str, arr_then: str) -> None:
    """A day starts at midnight UTC; an instant in any zone is told apart."""
    file.write_text(json.dumps(monthly(cancel_at=at("2027-01-01"))))
    done = CliRunner().invoke(arr, [str(file), "--now", now])

    assert json.loads(done.stdout)["currencies"]["usd"]["arr"] == arr_then


def test_counts_as_of_today_without_a_day(file: Path) -> None:
    """The option may be left out."""
    file.write_text(json.dumps(monthly()))

    assert CliRunner().invoke(arr, [str(file)]).exit_code == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        (" \n ", "the file is empty"),
        ("{", "line 1, column 2: not JSON"),
        ('[\n {"id": 1,}\n]', "line 2, column 11: not JSON"),
        ('{"status": "active"}\n{bad', "line 2: not JSON"),
        ('{"a": 1, "a": 2}', "the key 'a' occurs twice"),
        ("[NaN]", "NaN is no number"),
        ("[Infinity]", "Infinity is no number"),
        ("[" * 100_000, "nested too deeply"),
        (f"[{'1' * 5_000}]", "thousands of digits"),
        ("{}", "no subscription in it"),
        ("42", "no subscription in it"),
        ('"sub_1"', "no subscription in it"),
        ("[1, null]", "no subscription in it"),
        ('{"object": "customer", "id": "cus_1"}', "no subscription in it"),
        ('{"error": {"message": "Invalid API Key"}}', "no subscription in it"),
    ],
)
def test_tells_a_bad_file_in_one_sentence(file: Path, text: str, sentence: str) -> None:
    """Exit code 1, nothing on standard output, and the file and place on standard error."""
    file.write_text(text)
    done = run(file)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("subscriptions.json")
    assert sentence in done.stderr


def test_tells_bytes_that_are_no_text(file: Path) -> None:
    """The sentence names the byte."""
    file.write_bytes(b"[\xff]")

    assert "not UTF-8 at byte 1" in run(file).stderr


def test_tells_a_single_alien_entry_in_the_answer(file: Path) -> None:
    """Among subscriptions, what is none makes the answer incomplete."""
    file.write_text(json.dumps([monthly(), None]))

    assert answer(file)["status"] == "incomplete"


@pytest.mark.parametrize(
    "options",
    [["nowhere.json"], ["."], [], ["--now", "tomorrow", "."], ["--then"]],
)
def test_tells_a_wrong_call(options: list[str]) -> None:
    """Exit code 2 for what was typed."""
    done = CliRunner().invoke(arr, options)

    assert (done.exit_code, done.stdout) == (2, "")


def test_shows_an_example() -> None:
    """`--help` has one."""
    assert "Example: sidelight arr" in CliRunner().invoke(arr, ["--help"]).stdout


def test_counts_by_the_policy_of_a_workspace(file: Path, tmp_path: Path):
    """The figure that a workspace shows is the figure that is checked by hand."""
    settings = tmp_path / "sidelight.toml"
    settings.write_text(
        f'[service]\nsecrets = ["{"s" * 40}"]\n[workspaces.acme]\nname = "Acme"\n'
        'arr_policy = { discounts = "none" }\n'
    )
    file.write_text(json.dumps([monthly()]))
    done = run(file, "--workspace", "acme", "--config", str(settings))

    assert json.loads(done.stdout)["policy"] == "P0 with discounts=none"
    assert run(file, "--workspace", "other", "--config", str(settings)).exit_code == 2
