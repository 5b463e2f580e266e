"""The settings that an admin's page shows are settings that the service takes."""

from __future__ import annotations

import re
import tomllib

import pytest

from plugin.families import HELPDESKS
from plugin.settings.schema import InstallSchema
from tests.families.helpdesks.bench import ROOT, bench

EXAMPLE = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_the_example_of_the_page_is_valid(name: str) -> None:
    """Each page's example of an install has the right kind, and loads."""
    page = (ROOT / f"docs/vendors/{name}.md").read_text(encoding="utf-8")
    example = EXAMPLE.search(page)
    assert example is not None
    written = re.sub(r"(?m)^   ", "", example[1])
    (install,) = tomllib.loads(written)["workspaces"]["acme"]["installs"].values()
    common = InstallSchema().fields
    own = {key: value for key, value in install.items() if key not in common and key != "kind"}
    own = {key: PLACEHOLDERS.get(key, value) for key, value in own.items()}

    assert install["kind"] == name
    assert InstallSchema().validate({k: v for k, v in install.items() if k in common}) == {}
    assert HELPDESKS[name].options().validate(own) == {}


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_the_page_names_every_option(name: str) -> None:
    """An admin finds each setting of the helpdesk on its page, and how its proof is replaced."""
    page = (ROOT / f"docs/vendors/{name}.md").read_text(encoding="utf-8")
    options = HELPDESKS[name].options().fields

    assert [option for option in options if f"`{option}`" not in page] == []
    assert all(part in page for part in ("## Set up", "## Rotate", "## Remove", "## What is sent"))


PLACEHOLDERS = {"organization_id": "00Dx00000001hxy"}  # shown as 00D… on the page


def test_the_overview_names_every_helpdesk() -> None:
    """The table of all helpdesks has a row for each, with what its launch proves."""
    page = (ROOT / "docs/vendors/README.md").read_text(encoding="utf-8")
    rows = {
        name: line for name in HELPDESKS for line in page.splitlines() if f"({name}.md)" in line
    }

    assert rows.keys() == HELPDESKS.keys()
    for name, row in rows.items():
        desk = bench(name)
        proven = desk.asked(desk.signed()).proven
        shown = row.split("|")[4]
        words = {"viewer": "agent", "ticket": "ticket", "requester": "requester"}
        assert {part for part, word in words.items() if word in shown} == proven


@pytest.mark.parametrize("name", list(HELPDESKS))
def test_the_set_up_ends_with_its_proof(name: str) -> None:
    """The last step asks Sidelight as the helpdesk would, by the id of the page's own example."""
    page = (ROOT / f"docs/vendors/{name}.md").read_text(encoding="utf-8")
    set_up = page.split("## Set up\n", 1)[1].split("\n## ", 1)[0]
    example = re.search(r"\.installs\.([\w-]+)\]", set_up)
    last = re.findall(r"^\d+\. .*(?:\n   .*)*", set_up, re.MULTILINE)[-1]

    assert example is not None
    assert f"`sidelight try {example[1]} --email " in last
