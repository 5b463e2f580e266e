"""Find a family's members by walking its folder: a new member is a new file and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

from plugin.errors import ConfigurationError, Problem

Member = TypeVar("Member")


def _member(module: ModuleType, shape: type[Member], name: str) -> Member:
    found = [value for value in vars(module).values() if isinstance(value, shape)]
    named = [value for value in found if _is_named(value, name)]
    if len(named) != 1 or len(found) != 1:
        hint = f"{name} = {shape.__name__}(name={name!r}, …)"
        message = (
            f"a module of this family holds exactly one {shape.__name__}, named like its place"
        )
        raise ConfigurationError([Problem(module.__name__, message, hint)])
    return named[0]


def _is_named(value: object, name: str) -> bool:
    own = str(getattr(value, "name", ""))
    return own == name or own.startswith(f"{name}_")


def _modules(package: ModuleType) -> list[str]:
    return sorted(info.name for info in pkgutil.iter_modules(package.__path__))


def discover(package: ModuleType, shape: type[Member]) -> dict[str, Member]:
    """Return name → record for each module of `package`, in the order of their names.

    Raises ConfigurationError naming the module that does not hold exactly one `shape`.
    """
    prefix = f"{package.__name__}."
    return {
        name: _member(importlib.import_module(prefix + name), shape, name)
        for name in _modules(package)
    }


def discover_in_folders(package: ModuleType, file: str, shape: type[Member]) -> dict[str, Member]:
    """Return the record's name → record for each folder of `package` that holds `file`.

    A record is called like its folder; where one vendor needs several names, like its folder
    with more behind it (`zendesk_tickets`). Raises ConfigurationError naming the module that
    does not hold exactly one `shape`.
    """
    found = [_member(module, shape, name) for name, module in _folders(package, file)]
    return {str(vars_name): one for one in found if (vars_name := getattr(one, "name", ""))}


def _folders(package: ModuleType, file: str) -> Iterator[tuple[str, ModuleType]]:
    for name in _modules(package):
        folder = importlib.import_module(f"{package.__name__}.{name}")
        if hasattr(folder, "__path__") and file in _modules(folder):
            yield name, importlib.import_module(f"{folder.__name__}.{file}")
