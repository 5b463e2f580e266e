"""Earlier mails below a message, as mail programs of many languages introduce them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.text.clean import own_words
from plugin.text.competitors import Dictionary
from plugin.text.mine import mine_text

HEADERS = [
    line.replace("\\n", "\n")
    for line in (Path(__file__).parents[2] / "data" / "text" / "headers.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("# ")
]


@pytest.mark.parametrize("mark", ["", "> "])
@pytest.mark.parametrize("header", HEADERS)
def test_nothing_is_read_below_a_header(header: str, mark: str) -> None:
    """What stands below the header of an earlier mail is no mention, the words above it stay."""
    below = f"{mark}We will cancel our subscription.\n{mark}Wir kündigen den Vertrag."
    text = f"Thanks, the export works now.\n\n{header}\n{below}\n"

    assert mine_text(text, Dictionary())["mentions"] == []
    assert own_words(text).startswith("Thanks, the export works now.")


def test_answers_between_quoted_lines_are_read() -> None:
    """Who answers below each quoted line is heard."""
    text = (
        "Am Di., 3. Nov. 2026 um 10:12 Uhr schrieb Bob <bob@acme.com>:\n"
        "> Do you want to stay?\nNo, please cancel our subscription.\n> Since when?\nMay."
    )

    assert [row["kind"] for row in mine_text(text, Dictionary())["mentions"]] == ["cancel"]


@pytest.mark.parametrize(
    "text",
    [
        "At 10:12 on 3 Nov 2026 it failed:\nwe will cancel our contract.",
        "Please note the following:\nwe will cancel our contract.",
        "From Monday to Friday it fails.\nWe will cancel our contract.",
        "Subject: our contract\nWe will cancel our contract.",
        "--- Update ---\nWe will cancel our contract.",
    ],
)
def test_lines_that_only_look_like_a_header_cut_nothing(text: str) -> None:
    """A date or a label alone introduces no earlier mail."""
    assert [row["kind"] for row in mine_text(text, Dictionary())["mentions"]] == ["cancel"]
