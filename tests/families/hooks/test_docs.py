"""The page of the webhooks says what is true of each form."""

from __future__ import annotations

import re
import tomllib

import pytest

from plugin.families import HOOKS, UPSTREAMS
from plugin.settings.schema import ConnectionSchema
from tests.families.hooks.bench import ROOT, bench

PAGE = (ROOT / "docs/hooks.md").read_text(encoding="utf-8")
PARTS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
TITLES = {name: "Any other system" if name == "generic" else HOOKS[name].title for name in HOOKS}


@pytest.mark.parametrize("name", list(HOOKS))
def test_each_form_has_its_part(name: str) -> None:
    """Where to set it up, which secret, which events, and the header that proves."""
    part, header = PARTS[TITLES[name]], bench(name).header

    if name != "generic":
        assert all(f"| {row} |" in part for row in ("where", "secret", "proof"))
    assert header in part.lower() or header == "authorization"
    assert ("five\nminutes" in part or "five minutes" in part) == (bench(name).max_age == 300)


@pytest.mark.parametrize("name", [n for n, one in UPSTREAMS.items() if one.hook != "generic"])
def test_each_connection_leads_to_its_form(name: str) -> None:
    """The page of the upstream names the part that is about its webhooks."""
    page = (ROOT / f"docs/vendors/{name.removesuffix('_tickets')}.md").read_text(encoding="utf-8")
    anchor = TITLES[UPSTREAMS[name].hook].lower()

    assert f"(../hooks.md#{anchor})" in page


def test_the_page_tells_how_to_rotate_and_its_examples_load() -> None:
    """What is written there is what the settings take."""
    assert "Rotation" in PARTS
    for example in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL):
        written = tomllib.loads(re.sub(r"(?m)^   ", "", example))
        connection = written.get("workspaces", {}).get("acme", {}).get("upstreams", {})
        for found in connection.values() or [written]:
            known = {key: found[key] for key in found if key in ConnectionSchema().fields}
            assert "webhook_secrets" in known
            assert ConnectionSchema().validate(known) == {}


def test_the_example_in_a_shell_signs_as_we_verify() -> None:
    """The words of the shell are those of the proof."""
    part = PARTS["Any other system"]

    assert 'printf \'%s.%s\' "$time" "$body"' in part
    assert '-H "X-Sidelight-Signature: t=$time,v1=$sign"' in part
