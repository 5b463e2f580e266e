"""What is written in sidelight.toml is read by something, and means the same everywhere."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.errors import ConfigurationError
from plugin.fetching.entries import windows
from plugin.settings import schema
from plugin.settings.records import Settings
from plugin.store import opening
from plugin.workspace.start import load_settings

SETTINGS = """
[service]
secrets = ["{secret}"]
[cache]
url = "{cache}"
[workspaces.acme]
name = "Acme"
[workspaces.acme.upstreams.crm]
kind = "files"
folder = "{folder}"
"""
SECRET = "a secret of the service, of thirty-two letters"
SOURCES = [
    path.read_text(encoding="utf-8")
    for path in Path("plugin").rglob("*.py")
    if "settings" not in path.parts
]


def _load(tmp_path: Path, *, folder: str = "data", cache: str = "") -> Settings:
    path = tmp_path / "sidelight.toml"
    path.write_text(SETTINGS.format(secret=SECRET, folder=folder, cache=cache))
    return load_settings(path)


def test_a_relative_folder_lies_beside_the_settings(tmp_path, monkeypatch):
    """Wherever a command is started: `check` and `serve` read the same folder."""
    monkeypatch.chdir("/")
    found = _load(tmp_path).workspaces["acme"].upstreams["crm"]

    assert found.options["folder"] == str(tmp_path / "data")


def test_a_whole_folder_stays_as_it_is(tmp_path):
    """An absolute path is taken as written."""
    found = _load(tmp_path, folder="/srv/acme").workspaces["acme"].upstreams["crm"]

    assert found.options["folder"] == "/srv/acme"


@pytest.mark.parametrize("scheme", ["valkey", "valkeys", "redis", "rediss"])
def test_every_name_of_the_shared_cache_is_taken(tmp_path, scheme):
    """The docs write valkey://; Redis has its own."""
    assert _load(tmp_path, cache=f"{scheme}://127.0.0.1:6379/0").cache.url.startswith(scheme)


def test_another_scheme_is_refused(tmp_path):
    """What is no cache is named with its key."""
    with pytest.raises(ConfigurationError, match=r"cache\.url"):
        _load(tmp_path, cache="memcached://127.0.0.1")


@pytest.mark.parametrize("name", ["ServiceSchema", "StoreSchema", "CacheSchema", "WorkspaceSchema"])
def test_every_setting_has_a_reader(name):
    """A setting that nothing reads would be accepted and dropped."""
    fields = getattr(schema, name)().fields

    assert [
        field for field in fields if not any(re.search(rf"\.{field}\b", text) for text in SOURCES)
    ] == []


def test_the_example_loads_as_toml_and_names_known_sections():
    """sidelight.example.toml is what admins copy."""
    example = tomllib.loads(Path("sidelight.example.toml").read_text(encoding="utf-8"))

    assert set(example) <= {"service", "store", "cache", "workspaces"}


@pytest.mark.parametrize(
    ("fresh", "stale_for", "kept"),
    [(60, 3600, 3600), (60, 0, 60), (7200, 3600, 10_800)],
)
def test_an_old_copy_stands_in_as_long_as_is_set(fresh, stale_for, kept):
    """[cache] stale_for, counted from the answer or from the end of a longer budget."""
    assert windows(fresh, stale_for).kept == kept


def test_a_missing_driver_is_named(tmp_path, monkeypatch):
    """PostgreSQL without its extra says what to install, and is no traceback."""
    settings = _load(tmp_path)
    store = replace(settings.store, url="postgresql+psycopg://sidelight@127.0.0.1/sidelight")
    monkeypatch.setattr(opening, "find_spec", lambda _name: None)

    with pytest.raises(ConfigurationError, match=r"sidelight\[postgresql\]"):
        opening.database_of(replace(settings, store=store), float)
