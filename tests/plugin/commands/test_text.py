"""The `sidelight text` command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from click.testing import CliRunner, Result

from plugin.commands.text import WORKSPACE_COMPETITORS, text
from plugin.text.competitors import NamedCompetitor


def run(data: bytes | str, *arguments: str, obj: Any = None) -> Result:
    """Run the command on standard input."""
    return CliRunner().invoke(text, arguments, input=data, obj=obj)


def answers(result: Result) -> list[dict[str, Any]]:
    """Return the printed objects."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_prints_one_object_a_line() -> None:
    """Each line has its answer, an empty one too, with the contract's keys."""
    result = run("We will cancel our contract.\n\nHow do I export a report?")

    rows = answers(result)
    assert [row["text"] for row in rows] == [
        "We will cancel our contract.",
        "",
        "How do I export a report?",
    ]
    assert list(rows[0]) == ["text", "topics", "mentions", "sentiment", "language", "not_judged"]
    assert rows[0]["mentions"][0]["kind"] == "cancel"
    assert rows[2]["topics"][0] == "how_to"


def test_line_breaks_can_be_written_out() -> None:
    r"""A written \n breaks the line of a message, so that quoted lines can be tried."""
    rows = answers(run("Thanks for your help\\n> We cancel our contract\n"))

    assert rows[0]["mentions"] == []


def test_competitors_as_given() -> None:
    """Each --competitor is looked for by its name."""
    rows = answers(run("Rivaldesk or Otherdesk?", "--competitor", "Rivaldesk", "--competitor", "X"))

    assert [mention["name"] for mention in rows[0]["mentions"]] == ["Rivaldesk"]


def test_competitors_of_a_workspace() -> None:
    """With settings, --workspace takes its dictionary."""

    def rivals(workspace: str | None) -> Sequence[NamedCompetitor]:
        return [NamedCompetitor("Otherdesk")] if workspace == "acme" else []

    result = run("We like Otherdesk", "--workspace", "acme", obj={WORKSPACE_COMPETITORS: rivals})

    assert answers(result)[0]["mentions"][0]["name"] == "Otherdesk"


def test_workspace_without_settings_is_a_usage_error() -> None:
    """The sentence says what to give instead; exit code 2."""
    result = run("hello", "--workspace", "acme")

    assert result.exit_code == 2
    assert "--competitor" in result.stderr


def test_other_encodings_are_read() -> None:
    """Windows-1252 lines, a UTF-8 mark and UTF-16 files are read as text."""
    assert answers(run("größer\n".encode("cp1252")))[0]["text"] == "größer"
    assert answers(run(b"\xef\xbb\xbfhello\r\n"))[0]["text"] == "hello"
    assert [row["text"] for row in answers(run("ä\nb\n".encode("utf-16")))] == ["ä", "b"]


def test_bytes_that_are_no_text_do_not_end_the_run() -> None:
    """Each line has its answer, whatever the bytes."""
    assert len(answers(run(b"\xff\xfe\x00\n\x81\x8d\nok\n"[2:]))) == 3


def test_nothing_in_nothing_out() -> None:
    """An empty input has no lines."""
    result = run("")

    assert (result.exit_code, result.stdout) == (0, "")


def test_missing_file_is_named() -> None:
    """A file that is not there is a usage error that names it."""
    result = run("", "nowhere.txt")

    assert result.exit_code == 2
    assert "nowhere.txt" in result.stderr
