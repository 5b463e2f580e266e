"""Read sidelight.toml and the environment into Settings; every problem at once, with its key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugin.errors import ConfigurationError, Problem, did_you_mean
from plugin.settings import records
from plugin.settings import schema as shapes
from plugin.settings.bounds import NoFile, bounded_text, shallow
from plugin.settings.reader import Reader, tables
from plugin.settings.workspaces import Kinds, read_workspace

__all__ = ["Kinds", "load"]


def _unique_installs(reader: Reader, workspaces: Mapping[str, records.Workspace]) -> None:
    seen: dict[str, str] = {}
    for space in workspaces.values():
        for name in space.installs:
            if name in seen:
                key = f"workspaces.{space.id}.installs.{name}"
                reader.problem(key, f"this install id is used in workspace {seen[name]} already")
            seen[name] = space.id


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(shallow(bounded_text(path)))
    except NoFile as error:
        problem = Problem(str(path), f"cannot be read: {error}", "name a file of settings")
    except OSError as error:
        hint = "copy sidelight.example.toml, or name a file by --config or SIDELIGHT_CONFIG"
        problem = Problem(str(path), f"cannot be read: {error.strerror}", hint)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = Problem(str(path), f"is not TOML: {error}", "mend the line and start again")
    raise ConfigurationError([problem])


def _told_once(problems: list[Problem]) -> list[Problem]:
    """Return the first problem of each key: what cannot be read is not complained of again."""
    first: dict[str, Problem] = {}
    for one in problems:
        key = one.key.lstrip(".")
        first.setdefault(key, Problem(key, one.message, one.hint))
    return list(first.values())


def load(
    path: Path, *, upstreams: Kinds, helpdesks: Kinds, environ: Mapping[str, str] = os.environ
) -> records.Settings:
    """Return the settings in the file at `path`, or raise ConfigurationError with every problem."""
    reader = Reader(path.parent, environ)
    raw = reader.expand(_read_toml(path), "")
    raw = raw if isinstance(raw, dict) else {}
    parts = ("service", "store", "cache", "workspaces")
    for name in raw:
        if name not in parts and not reader.is_full:
            reader.problem(name, "is not a section", did_you_mean(name, parts, form="[{}]"))
    service = reader.load(shapes.ServiceSchema, raw.get("service", {}), "service")
    service["secrets"] = tuple(service.get("secrets", ()))
    store = reader.load(shapes.StoreSchema, raw.get("store", {}), "store")
    store["retention"] = {**records.RETENTION, **store.get("retention", {})}
    cache = reader.load(shapes.CacheSchema, raw.get("cache", {}), "cache")
    spaces = {
        name: space
        for name, table in tables(reader, raw.get("workspaces", {}), "workspaces").items()
        if (space := read_workspace(reader, name, table, (upstreams, helpdesks)))
    }
    _unique_installs(reader, spaces)
    reader.problems += records.shared_keys(spaces, service["secrets"])
    if reader.problems:
        raise ConfigurationError(_told_once(reader.problems))
    return records.Settings(
        records.Service(**service),
        records.Store(**store),
        records.Cache(**cache),
        spaces,
        path.parent,
    )
