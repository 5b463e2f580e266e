"""Read sidelight.toml and the environment into Settings; every problem at once, with its key."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from plugin.account.domains import read_domains
from plugin.errors import ConfigurationError, Problem
from plugin.settings import records
from plugin.settings import schema as shapes
from plugin.settings.schema import NoFile, bounded_text, shallow

Kinds = Mapping[str, type[Schema]]
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LISTS = (list, tuple)
_MOST = 100  # problems that are said at once
_UNSET = "unset-" * 6  # long enough that one mistake is told once
_TO_DO = {
    "Not a valid string.": 'is no text: write it in quotes, such as "…"',
    "Not a valid list.": 'is no list: write it in brackets, such as ["…"]',
    "Not a valid integer.": "is no whole number: write digits without quotes",
    "Not a valid boolean.": "is neither true nor false: write one of them, without quotes",
    "Not a valid mapping type.": "is no table: write it in braces, such as { name = … }",
    "Shorter than minimum length 1.": "is empty: set it",
}


class _Reader:
    """Collects problems while the file is turned into records."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = environ
        self.problems: list[Problem] = []

    def problem(self, key: str, message: str, hint: str = "") -> None:
        if not self.is_full:
            self.problems.append(Problem(key, message, hint))

    @property
    def is_full(self) -> bool:
        """Tell whether more is wrong than anybody reads at once."""
        return len(self.problems) >= _MOST

    def expand(self, value: Any, key: str) -> Any:
        """Replace ${NAME} and file:PATH in every string below `value`."""
        if isinstance(value, dict):
            return {name: self.expand(part, f"{key}.{name}") for name, part in value.items()}
        if isinstance(value, list):
            return [self.expand(part, f"{key}[{place}]") for place, part in enumerate(value)]
        if not isinstance(value, str):
            return value
        text = _VARIABLE.sub(lambda match: self._variable(match[1], key), value)
        return self._file(text[5:], key) if text.startswith("file:") else text

    def _variable(self, name: str, key: str) -> str:
        if not self.environ.get(name):
            self.problem(key, f"the environment variable {name} is not set", f"export {name}=…")
        return self.environ.get(name) or _UNSET

    def _file(self, path: str, key: str) -> str:
        try:
            return bounded_text(self.folder / path).strip()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not readable as UTF-8 text"
            reason = str(error) if isinstance(error, NoFile) else reason
            self.problem(key, f"cannot read the file {path}: {reason}")
            return _UNSET

    def load(self, schema: type[Schema], table: Any, key: str) -> dict[str, Any]:
        """Return the valid part of a table; report the rest."""
        if not isinstance(table, dict):
            self.problem(key, "is not a table", f"write [{key}]")
            return {}
        try:
            return dict(schema().load(table))
        except ValidationError as error:
            known = [field.data_key or name for name, field in schema().fields.items()]
            self._report(error.messages, key, known)
            return dict(error.valid_data) if isinstance(error.valid_data, dict) else {}

    def _report(self, messages: Any, key: str, known: list[str], *, is_named: bool = False) -> None:
        if self.is_full:
            return
        if isinstance(messages, dict):
            # What marshmallow puts between a freely named entry and its own keys.
            is_pair = is_named and set(messages) <= {"key", "value"}
            for name, inner in messages.items():
                place = f"[{name}]" if isinstance(name, int) else f".{name}"
                here = key if name == "_schema" or is_pair else key + place
                self._report(inner, here, known, is_named=isinstance(name, str))
            return
        for message in messages if isinstance(messages, _LISTS) else [messages]:
            if message == "Unknown field.":
                near = difflib.get_close_matches(key.rpartition(".")[2], known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
                self.problem(key, "is not a setting", hint)
            else:
                self.problem(key, _calm(str(message)))


def _calm(message: str) -> str:
    """Return what marshmallow says as what to do, where it only says what the value is not."""
    if message.startswith("Missing data"):
        return "is missing: set it"
    if message in _TO_DO:
        return _TO_DO[message]
    return message[0].lower() + message[1:].rstrip(".")


def _tables(reader: _Reader, value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        reader.problem(key, "is not a table of tables", f"write [{key}.<name>]")
        return {}
    for name in value:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,62}", name):
            reader.problem(f"{key}.{name}", "is not a good name", "a-z, 0-9, - and _ only")
    return value


def _split(table: Any, schema: type[Schema]) -> tuple[dict[str, Any], dict[str, Any]]:
    known = schema().fields
    if not isinstance(table, dict):
        return {}, {}
    common = {name: value for name, value in table.items() if name in known}
    return common, {name: value for name, value in table.items() if name not in known}


def _kind(reader: _Reader, table: Any, key: str, kinds: Kinds) -> tuple[str, dict[str, Any]]:
    """Return the kind of a connection or an install and its own options, checked."""
    if not isinstance(table, dict):
        reader.problem(key, "is not a table", f"write [{key}]")
        return "", {}
    rest = dict(table)
    kind = rest.pop("kind", None)
    if not isinstance(kind, str) or kind not in kinds:
        near = difflib.get_close_matches(str(kind), list(kinds), 1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(kinds)}"
        reader.problem(f"{key}.kind", "is missing" if kind is None else f"unknown {kind!r}", hint)
        return "", {}
    return kind, _beside(reader.folder, kinds[kind], reader.load(kinds[kind], rest, key))


def _beside(folder: Path, shape: type[Schema], options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with every folder as a whole path: a relative one lies in `folder`."""
    for name, field in shape().fields.items():
        if isinstance(field, shapes.Folder) and isinstance(options.get(name), str):
            options[name] = str((folder / options[name]).resolve())
    return options


def _connections(reader: _Reader, value: Any, key: str, kinds: Kinds) -> dict[str, Any]:
    found = {}
    for name, table in _tables(reader, value, key).items():
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
    reader: _Reader, value: Any, key: str, kinds: Kinds, roles: Mapping[str, str]
) -> dict[str, records.Install]:
    found = {}
    workspace = key.split(".")[1]
    for name, table in _tables(reader, value, key).items():
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
            if " " in secret and not secret.startswith(shapes.HAS_LINES):
                reader.problem(f"{place}.secrets[{number}]", shapes.SPACE_INSIDE)
        given = records.roles_given(roles, name, value)
        loaded["roles"] = {**given, **_people(loaded.get("roles", {}))}
        found[name] = records.Install(
            id=name, kind=kind, workspace=workspace, options=options, **loaded
        )
    return found


def _workspace(reader: _Reader, name: str, table: Any, kinds: tuple[Kinds, Kinds]) -> Any:
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


def _unique_installs(reader: _Reader, workspaces: Mapping[str, records.Workspace]) -> None:
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
    reader = _Reader(path.parent, environ)
    raw = reader.expand(_read_toml(path), "")
    raw = raw if isinstance(raw, dict) else {}
    parts = ("service", "store", "cache", "workspaces")
    for name in raw:
        if name not in parts and not reader.is_full:
            near = difflib.get_close_matches(name, parts, 1)
            reader.problem(name, "is not a section", f"did you mean [{near[0]}]?" if near else "")
    service = reader.load(shapes.ServiceSchema, raw.get("service", {}), "service")
    service["secrets"] = tuple(service.get("secrets", ()))
    store = reader.load(shapes.StoreSchema, raw.get("store", {}), "store")
    store["retention"] = {**records.RETENTION, **store.get("retention", {})}
    cache = reader.load(shapes.CacheSchema, raw.get("cache", {}), "cache")
    spaces = {
        name: space
        for name, table in _tables(reader, raw.get("workspaces", {}), "workspaces").items()
        if (space := _workspace(reader, name, table, (upstreams, helpdesks)))
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
