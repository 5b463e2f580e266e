"""Find a family's members by walking its folder: a new member is a new file and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

from plugin.errors import ConfigurationError, Problem

Member = TypeVar("Member")


def _member(module: ModuleType, shape: type[Member]) -> Member:
    name = module.__name__.rpartition(".")[2]
    found = [value for value in vars(module).values() if isinstance(value, shape)]
    named = [value for value in found if getattr(value, "name", None) == name]
    if len(named) != 1 or len(found) != 1:
        hint = f"{name} = {shape.__name__}(name={name!r}, …)"
        message = f"a module of this family holds exactly one {shape.__name__}, named like the file"
        raise ConfigurationError([Problem(module.__name__, message, hint)])
    return named[0]


def discover(package: ModuleType, shape: type[Member]) -> dict[str, Member]:
    """Return name → record for each module of `package`, in the order of their names.

    Raises ConfigurationError naming the module that does not hold exactly one `shape`.
    """
    prefix = f"{package.__name__}."
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
    return {name: _member(importlib.import_module(prefix + name), shape) for name in names}
