"""The page on ARR tells what the code does: its examples run, its tables are complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from plugin.revenue.policy import CHOICES, P0
from plugin.revenue.prices import PERIODS_A_YEAR
from plugin.revenue.standing import FLAGS
from tests.plugin.revenue.shapes import monthly, told

PAGE = (Path(__file__).parents[3] / "docs" / "arr.md").read_text()
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
HEADINGS = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
EXAMPLES = dict(zip(HEADINGS, zip(BLOCKS[::2], BLOCKS[1::2], strict=True), strict=True))


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_runs(name: str) -> None:
    """What the page says of a subscription is what comes out."""
    body, wanted = EXAMPLES[name]
    answer: dict[str, Any] = told(body)

    assert {key: answer[key] for key in wanted} == wanted


def test_every_flag_has_its_line() -> None:
    """In the order in which they are told."""
    assert [row[0] for row in rows("Flags")] == list(FLAGS)


def test_every_factor_is_stated() -> None:
    """The factors of the page are those that are used."""
    assert {row[0]: int(row[1]) for row in rows("Factors")} == PERIODS_A_YEAR


def test_every_setting_of_the_policy_is_listed() -> None:
    """With its values, the default first."""
    listed = {row[0]: tuple(re.findall(r"\w+", row[1])) for row in rows("Other policies")}

    assert listed == CHOICES


def test_the_label_is_the_one_that_is_shown() -> None:
    """The page and the answer call the figure the same."""
    assert P0.label in PAGE


def test_every_key_of_the_answer_is_listed() -> None:
    """Nothing is printed that the page does not name."""
    listed = {key for row in rows("The answer") for key in re.findall(r"\w+", row[0])}

    assert listed == set(told(monthly()))
