"""A secret as people paste it: cleaned where that is safe, named where it cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.errors import ConfigurationError
from plugin.workspace.start import load_settings

SECRET = "0123456789abcdef0123456789abcdef"
PEM = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
SETTINGS = """
[service]
base_url = "https://ctx.acme.test"
secrets = ["0123456789abcdef0123456789abcdef"]
[workspaces.acme]
name = "Acme"
[workspaces.acme.installs.acme-front]
kind = "front"
secrets = ["${PASTED}"]
[workspaces.acme.upstreams.crm]
kind = "hubspot"
token = "${PASTED}"
webhook_secrets = ["${PASTED}"]
"""
KEYS = (
    "workspaces.acme.upstreams.crm.token",
    "workspaces.acme.upstreams.crm.webhook_secrets[0]",
    "workspaces.acme.installs.acme-front.secrets[0]",
)


def _config(tmp_path: Path, text: str = SETTINGS) -> Path:
    path = tmp_path / "sidelight.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "pasted",
    [f"{SECRET}\n", f"  {SECRET}", f"{SECRET}\r\n", f"\ufeff{SECRET}", f"\u00a0{SECRET}\u200b\t"],
)
def test_what_stands_around_is_taken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pasted: str
) -> None:
    """White space and a byte order mark at the ends of a secret are no part of it."""
    monkeypatch.setenv("PASTED", pasted)
    space = load_settings(_config(tmp_path)).workspaces["acme"]

    assert space.installs["acme-front"].secrets == (SECRET,)
    assert space.upstreams["crm"].options["token"] == SECRET
    assert space.upstreams["crm"].webhook_secrets == (SECRET,)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        (f'"{SECRET}"', "quotes"),
        (f"'{SECRET}'", "quotes"),
        (f"“{SECRET}”", "quotes"),
        (f"{SECRET}'", "quotes"),
        ("0123456789abcdef\n0123456789abcdef", "line break"),
        ("0123456789abcdef 0123456789abcdef", "space"),
        ("0123456789abcdef\t0123456789abcdef", "cannot be seen"),
        ("0123456789abcdef\ufeff0123456789abcdef", "cannot be seen"),
        ("0123456789abcdef\u200b0123456789abcdef", "cannot be seen"),
    ],
)
def test_what_stands_inside_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pasted: str, said: str
) -> None:
    """What cannot be part of a secret is named with its key, and the secret is not repeated."""
    monkeypatch.setenv("PASTED", pasted)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(_config(tmp_path))
    problems = {one.key: one.message for one in caught.value.problems}

    assert set(problems) == set(KEYS)
    assert all(said in message for message in problems.values())
    assert SECRET[:8] not in str(caught.value)


def test_keys_in_lines_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in PEM form keeps its lines."""
    monkeypatch.setenv("PASTED", f"{PEM}\n")
    space = load_settings(_config(tmp_path)).workspaces["acme"]
    assert space.installs["acme-front"].secrets == (PEM,)


def test_files_with_a_byte_order_mark_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings and secrets saved by an editor that begins files with a mark are read."""
    monkeypatch.delenv("PASTED", raising=False)
    (tmp_path / "secret.txt").write_text(f"\ufeff{SECRET}\n", encoding="utf-8")
    text = "\ufeff" + SETTINGS.replace("${PASTED}", "file:secret.txt")
    space = load_settings(_config(tmp_path, text)).workspaces["acme"]
    assert space.installs["acme-front"].secrets == (SECRET,)


def test_a_missing_variable_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is not complained of again because of its form."""
    monkeypatch.delenv("PASTED", raising=False)
    text = SETTINGS.replace(
        'name = "Acme"', 'name = "Acme"\napi_keys = [{ name = "r", key = "${PASTED}" }]'
    )
    with pytest.raises(ConfigurationError) as caught:
        load_settings(_config(tmp_path, text))
    keys = [one.key for one in caught.value.problems]

    assert keys.count("workspaces.acme.api_keys[0].key") == 1
    assert all("is not set" in one.message for one in caught.value.problems)
