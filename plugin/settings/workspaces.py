"""One workspace of the settings: its own keys, its connections and its installs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema

from plugin.account.domains import read_domains
from plugin.errors import did_you_mean
from plugin.settings import records
from plugin.settings import schema as shapes
from plugin.settings.reader import Reader, tables
from plugin.settings.secrets import HAS_LINES, SPACE_INSIDE

Kinds = Mapping[str, type[Schema]]


def _split(table: Any, schema: type[Schema]) -> tuple[dict[str, Any], dict[str, Any]]:
    known = schema().fields
    if not isinstance(table, dict):
        return {}, {}
    common = {name: value for name, value in table.items() if name in known}
    return common, {name: value for name, value in table.items() if name not in known}


def _kind(reader: Reader, table: Any, key: str, kinds: Kinds) -> tuple[str, dict[str, Any]]:
    """Return the kind of a connection or an install and its own options, checked."""
    if not isinstance(table, dict):
        reader.problem(key, "is not a table", f"write [{key}]")
        return "", {}
    rest = dict(table)
    kind = rest.pop("kind", None)
    if not isinstance(kind, str) or kind not in kinds:
        known = f"known: {', '.join(kinds)}"
        hint = did_you_mean(str(kind), kinds, known, form="'{}'")
        reader.problem(f"{key}.kind", "is missing" if kind is None else f"unknown {kind!r}", hint)
        return "", {}
    return kind, _beside(reader.folder, kinds[kind], reader.load(kinds[kind], rest, key))


def _beside(folder: Path, shape: type[Schema], options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with every folder as a whole path: a relative one lies in `folder`."""
    for name, field in shape().fields.items():
        if isinstance(field, shapes.FolderPath) and isinstance(options.get(name), str):
            options[name] = str((folder / options[name]).resolve())
    return options


def _connections(reader: Reader, value: Any, key: str, kinds: Kinds) -> dict[str, Any]:
    found = {}
    for name, table in tables(reader, value, key).items():
        place = f"{key}.{name}"
        common, rest = _split(table, shapes.ConnectionSchema)
        kind, options = _kind(reader, rest if isinstance(table, dict) else table, place, kinds)
        loaded = reader.load(shapes.ConnectionSchema, common, place)
        loaded["webhook_secrets"] = tuple(loaded.get("webhook_secrets", ()))
        found[name] = records.Connection(name=name, kind=kind, options=options, **loaded)
    return found


def _people(value: Mapping[str, list[str]]) -> dict[str, str]:
    return {person.lower(): role for role, people in value.items() for person in people}


def _installs(
    reader: Reader, value: Any, key: str, kinds: Kinds, roles: Mapping[str, str]
) -> dict[str, records.Install]:
    found = {}
    workspace = key.split(".")[1]
    for name, table in tables(reader, value, key).items():
        place = f"{key}.{name}"
        common, rest = _split(table, shapes.InstallSchema)
        kind, options = _kind(reader, rest if isinstance(table, dict) else table, place, kinds)
        loaded = reader.load(shapes.InstallSchema, common, place)
        if kind and "secrets" not in common and getattr(kinds[kind], "needs_secrets", True):
            reader.problem(f"{place}.secrets", "is missing: set it")
        loaded |= {name: tuple(loaded.get(name, ())) for name in ("secrets", "hosts")}
        # Who makes a secret up may use spaces; a helpdesk that issues one does not.
        issued = kind and getattr(kinds[kind], "issues_secrets", False)
        for number, secret in enumerate(loaded["secrets"] if issued else ()):
            if " " in secret and not secret.startswith(HAS_LINES):
                reader.problem(f"{place}.secrets[{number}]", SPACE_INSIDE)
        given = records.roles_given(roles, name, value)
        loaded["roles"] = {**given, **_people(loaded.get("roles", {}))}
        found[name] = records.Install(
            id=name, kind=kind, workspace=workspace, options=options, **loaded
        )
    return found


def read_workspace(reader: Reader, name: str, table: Any, kinds: tuple[Kinds, Kinds]) -> Any:
    """Return the workspace of a table, None where it is no table; `kinds`: sources, helpdesks."""
    key = f"workspaces.{name}"
    if not isinstance(table, dict):
        reader.problem(key, "is not a table", f"write [{key}]")
        return None
    own = {part: value for part, value in table.items() if part not in ("upstreams", "installs")}
    loaded = reader.load(shapes.WorkspaceSchema, own, key)
    loaded.setdefault("name", name)
    for part in ("own_domains", "shared_domains", "company_domains"):
        loaded[part] = frozenset(read_domains(loaded.get(part, ())))
    loaded["roles"] = _people(loaded.get("roles", {}))
    loaded["grants"] = {role: frozenset(paths) for role, paths in loaded.get("grants", {}).items()}
    loaded["api_keys"] = tuple(
        _api_key(entry) for entry in _whole(loaded, "api_keys", {"name", "key"})
    )
    loaded["competitors"] = tuple(
        _competitor(entry) for entry in _whole(loaded, "competitors", {"name"})
    )
    loaded["components"] = {k: tuple(v) for k, v in loaded.get("components", {}).items()}
    loaded["health"] = records.HealthWeights(**loaded.get("health", {}))
    loaded["phrases"] = {kind: tuple(rows) for kind, rows in loaded.get("phrases", {}).items()}
    for part in ("arr_bands", "plans", "own_names"):
        if part in loaded:
            loaded[part] = tuple(loaded[part])
    if "rules" in loaded:
        loaded["rules"] = reader.folder / loaded["rules"]
        if not loaded["rules"].is_file():
            reader.problem(f"{key}.rules", f"there is no file {loaded['rules']}")
    upstreams = _connections(reader, table.get("upstreams", {}), f"{key}.upstreams", kinds[0])
    roles = loaded["roles"]
    installs = _installs(reader, table.get("installs", {}), f"{key}.installs", kinds[1], roles)
    reader.problems += records.roles_of_nobody(key, roles, installs)
    return records.Workspace(id=name, upstreams=upstreams, installs=installs, **loaded)


def _whole(loaded: Mapping[str, Any], name: str, needed: set[str]) -> list[dict[str, Any]]:
    """Return the entries that have all they need; what the others lack is reported already."""
    entries = loaded.get(name, ())
    return [entry for entry in entries if isinstance(entry, dict) and needed <= set(entry)]


def _api_key(entry: Mapping[str, Any]) -> records.ApiKey:
    scopes = frozenset(entry.get("scopes", records.API_SCOPES))
    return records.ApiKey(**{**entry, "scopes": scopes})


def _competitor(entry: Mapping[str, Any]) -> records.Competitor:
    lists = {name: tuple(entry.get(name, ())) for name in ("aliases", "domains", "ignore_near")}
    return records.Competitor(
        name=entry["name"], case_sensitive=entry.get("case_sensitive", False), **lists
    )
