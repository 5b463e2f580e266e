"""Files that the settings name end in a named problem, in bounded time, whatever they are."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from plugin.errors import ConfigurationError
from plugin.settings.file import load

SECONDS = 10.0
HEAD = "[service]\nsecrets = ['{}']\n"
DEEP = {
    "key": "a." * 20_000 + "a = 1",
    "header": "[" + "a." * 20_000 + "a]",
    "quoted": '"a" . ' * 20_000 + "a = 1",
    "inline": "x = {" + "a." * 20_000 + "a = 1}",
    "many": "".join(f"a{number}.b.c = 1\n" for number in range(20_000)),
    "lists": "x = " + "[" * 20_000,
}


def _problems(path: Path) -> str:
    began = time.monotonic()
    with pytest.raises(ConfigurationError) as raised:
        load(path, upstreams={}, helpdesks={}, environ={})
    assert time.monotonic() - began < SECONDS
    return str(raised.value)


@pytest.fixture
def endless(tmp_path, request):
    """A file that never ends, or never begins."""
    if request.param == "zero":
        return Path("/dev/zero")
    path = tmp_path / request.param
    if request.param == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(5_000_000_000)
    return path


@pytest.mark.parametrize("endless", ["pipe", "zero", "huge"], indirect=True)
def test_a_secret_is_never_read_from_what_has_no_end(tmp_path, endless):
    """The setting that names it is named."""
    path = tmp_path / "sidelight.toml"
    path.write_text(HEAD.format(f"file:{endless}"))
    assert "service.secrets[0]" in _problems(path)


@pytest.mark.parametrize("endless", ["pipe", "zero", "huge"], indirect=True)
def test_settings_are_never_read_from_what_has_no_end(endless):
    """The file is named."""
    assert str(endless) in _problems(endless)


@pytest.mark.parametrize("name", DEEP)
def test_keys_without_an_end_are_refused_at_once(tmp_path, name):
    """The file is named, and nothing runs out of room."""
    path = tmp_path / "sidelight.toml"
    path.write_text(HEAD.format("x") + DEEP[name])
    found = _problems(path)
    assert ("service.a" if name == "many" else str(path)) in found
    assert len(found.splitlines()) <= 200
