"""Find the answer formats by walking their folder: a new format is a new file and nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from widgets import renderers
from widgets.renderer import Renderer


class NotOneRenderer(ValueError):
    """A module of the family does not hold exactly one Renderer, named like the file."""

    def __init__(self, module: str, found: int) -> None:
        self.module = module
        name = module.rpartition(".")[2]
        hint = f"{name} = Renderer(name={name!r}, …)"
        super().__init__(f"{module} holds {found} renderers named like the file; write {hint}")


def _renderer(module: ModuleType) -> Renderer:
    name = module.__name__.rpartition(".")[2]
    found = [value for value in vars(module).values() if isinstance(value, Renderer)]
    named = [renderer for renderer in found if renderer.name == name]
    if len(named) != 1 or len(found) != 1:
        raise NotOneRenderer(module.__name__, len(named))
    return named[0]


def discover(package: ModuleType = renderers) -> dict[str, Renderer]:
    """Return name → renderer for each module of `package`, in the order of their names."""
    prefix = f"{package.__name__}."
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
    return {name: _renderer(importlib.import_module(prefix + name)) for name in names}
