"""What the pages tell people to type is there: commands with their options, settings that load."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

from plugin.cli import main
from plugin.demo.setup import set_up_demo
from plugin.workspace.start import load_settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted({ROOT / "README.md", *(ROOT / "docs").rglob("*.md")})
SHEETS = sorted((ROOT / "manifest/packages").rglob("*.html"))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
INLINE = re.compile(r"`((?:\.venv/bin/)?sidelight [^`]+)`")
BOX = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
SECRET = "0123456789abcdef0123456789abcdef"
OWN = "fedcba9876543210fedcba9876543210"
BASE: dict[str, Any] = {
    "service": {"base_url": "https://sidelight.example", "secrets": [OWN]},
    "workspaces": {
        "acme": {
            "name": "Acme",
            "upstreams": {
                "crm": {"kind": "hubspot", "token": SECRET},
                "billing": {"kind": "stripe", "key": f"rk_{SECRET}"},
            },
            "installs": {
                "acme-zendesk": {"kind": "zendesk", "subdomain": "acme", "secrets": [SECRET]}
            },
        }
    },
}


def _blocks(page: Path, language: str) -> list[str]:
    found: list[str] = []

    def keep(example: Example) -> None:
        found.append(example.parsed)

    for example in Sybil(parsers=[CodeBlockParser(language, keep)]).parse(page).examples():
        example.evaluate()
    return found


def _lines(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    yield from INLINE.findall(text)
    for box in [*_blocks(page, "sh"), *BOX.findall(text)]:
        yield from re.findall(r"(?m)^(?:\.venv/bin/)?sidelight [^|&#\n]+", box.replace("\\\n", " "))


def _parse(line: str) -> None:
    words = shlex.split(re.sub(r"\[\[.*?\]\]", "x", line))[1:]
    if words == ["…"]:  # stands for any command
        return
    command: click.Command = main
    with click.Context(main) as context:
        while isinstance(command, click.Group):
            name = words.pop(0)
            found = command.get_command(context, name)
            assert found is not None, f"there is no command {name}"
            command = found
        with click.Context(command) as inside:
            # In a sentence, an option may be named without its value.
            command.make_parser(inside).parse_args([*words, "x"])


def _merged(old: Any, new: Any) -> Any:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or "kind" in new:
        return new
    return {**old, **{name: _merged(old.get(name), value) for name, value in new.items()}}


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_of_a_page_is_there(page: Path) -> None:
    """Each `sidelight …` on a page names a command that exists, with options that it has."""
    for line in _lines(page):
        _parse(line)


@pytest.mark.parametrize("sheet", SHEETS, ids=[str(one.relative_to(ROOT)) for one in SHEETS])
def test_every_command_of_a_sheet_is_there(sheet: Path) -> None:
    """Each `sidelight …` on an install sheet names a command that exists."""
    for line in _lines(sheet):
        _parse(line)


def test_commands_are_found() -> None:
    """The search for commands finds them in text, in lists and in boxes."""
    assert len([line for page in PAGES for line in _lines(page)]) > 60
    with pytest.raises(click.NoSuchOption):
        _parse("sidelight check --confg x")


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_setting_of_a_page_loads(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each TOML example, put into settings of a small company, loads without a problem."""
    for block in _blocks(page, "toml"):
        for name in re.findall(r"\$\{(\w+)\}", block):
            start = "rk_" if "STRIPE" in name and "WEBHOOK" not in name else ""
            monkeypatch.setenv(name, start + SECRET)
        for name in re.findall(r"\"file:([^\"]+)\"|rules = \"([^\"]+)\"", block):
            path = tmp_path / "".join(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SECRET, encoding="utf-8")
        settings = _merged(BASE, tomllib.loads(block))
        file = tmp_path / "sidelight.toml"
        text = "\n".join(f"{name} = {_toml(part)}" for name, part in settings.items())
        file.write_text(text, encoding="utf-8")
        load_settings(file)


def test_the_commands_for_cs_leads_run_on_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What README prints for CS leads works as printed, beside a demo that was started."""
    (tmp_path / "plugin").symlink_to(ROOT / "plugin")
    monkeypatch.chdir(tmp_path)
    set_up_demo(Path("var/demo"), "127.0.0.1:8321", datetime(2027, 3, 1, 9, 0, tzinfo=UTC))
    lines = [one for one in _lines(ROOT / "README.md") if one.startswith("sidelight rules")]
    assert len(lines) == 3
    for line in lines:
        result = CliRunner().invoke(main, shlex.split(line)[1:])
        assert result.exit_code == 0, f"{line}: {result.output[-500:]}"


def test_make_install_says_how_to_find_the_command() -> None:
    """After `make install` a shell finds `sidelight` by the line that it prints."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert 'export PATH="$(CURDIR)/$(BIN):$$PATH"' in makefile
    assert 'export PATH="$PWD/.venv/bin:$PATH"' in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_key_file_has_one_name() -> None:
    """The example settings and the page call Zendesk's key by the same name."""
    named = set()
    for path in (ROOT / "sidelight.example.toml", ROOT / "docs/vendors/zendesk.md"):
        named |= set(re.findall(r"[\w-]+\.pem\b(?!`)", path.read_text(encoding="utf-8")))
    assert named - {"public_key.pem"} == {"zendesk.pem"}
