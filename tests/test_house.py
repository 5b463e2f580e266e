"""House rules that a test can see."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from plugin.errors import ConfigurationError
from plugin.families import HELPDESKS, HOOKS, UPSTREAMS
from plugin.registry import discover
from plugin.view import sections
from plugin.view.section import ViewSection
from tests.conftest import LeftTheMachine

SOURCES = [
    path
    for folder in ("plugin", "widgets", "manifest")
    for path in sorted(Path(folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def test_no_test_leaves_this_machine():
    """A test that reaches for the network fails at once."""
    with socket.socket() as probe, pytest.raises(LeftTheMachine):
        probe.connect(("192.0.2.1", 80))


def test_the_generated_pages_are_up_to_date():
    """`make docs` writes them; this compares."""
    found = subprocess.run(
        [sys.executable, "docs/build.py", "--check"], capture_output=True, text=True, check=False
    )

    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_a_file_fits_on_a_screen_or_two(path):
    """At most 300 lines, and every module says what it is for."""
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize(
    ("family", "file"),
    [(HELPDESKS, "helpdesk"), (UPSTREAMS, "source"), (HOOKS, "hook")],
    ids=["helpdesks", "sources", "hooks"],
)
def test_a_family_has_one_record_a_folder(family, file):
    """Discovery finds every vendor's record, named like the vendor's folder."""
    folders = {path.parent.name for path in Path("plugin/vendors").glob(f"*/{file}.py")}

    assert folders
    assert {name.removesuffix("_tickets") for name in family} == folders
    assert all(member.name == name for name, member in family.items())


def test_every_section_has_one_record_a_file():
    """Discovery finds every section, named like its file."""
    found = discover(sections, ViewSection)

    assert found
    assert all(member.name == name for name, member in found.items())


def test_a_module_without_its_record_is_named(monkeypatch):
    """A family member that forgot its record stops the start, by name."""
    monkeypatch.delattr("plugin.view.sections.usage.usage")

    with pytest.raises(ConfigurationError, match=r"plugin\.view\.sections\.usage"):
        discover(sections, ViewSection)


def test_the_floors_are_told_as_they_are_enforced():
    """ARCHITECTURE.md has a row for each floor, top to bottom, that import-linter enforces."""
    page = Path("ARCHITECTURE.md").read_text(encoding="utf-8")
    table = page.partition("| floor | what it holds |")[2].partition("\n\n")[0]
    told = [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines()[2:]]
    contracts = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (service,) = [
        one for one in contracts["importlinter"]["contracts"] if one.get("containers") == ["plugin"]
    ]

    assert told == [set(re.split(r" [|:] ", layer)) for layer in service["layers"]]
