"""Build the package that an admin installs, from a few facts and the files of its folder."""

from __future__ import annotations

import functools
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from manifest.calls import Call, as_json
from manifest.facts import Facts
from manifest.kinds import kind_of
from manifest.package import AppPackage
from manifest.setup import SETUPS

FOLDER = "packages"
SETUP = "setup.json"
BINARY = frozenset({".png"})
MARKUP = ("html", "xml", "page")


class UnknownHelpdesk(ValueError):
    """There is no package for a helpdesk of this name; `known` are those that there are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known = helpdesks()
        super().__init__(f"no package for {name!r}; known: {', '.join(self.known)}")


@functools.cache
def _templates() -> Environment:
    # Packages are full of {{…}} and <%…%> of their own: ours is what stands in square brackets.
    return Environment(
        loader=PackageLoader("manifest", FOLDER),
        autoescape=select_autoescape(MARKUP),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
    )


def _root() -> Traversable:
    return files("manifest").joinpath(FOLDER)


def helpdesks() -> tuple[str, ...]:
    """Return the helpdesks that have a package, in the order of their names."""
    found = (one.name for one in _root().iterdir() if one.is_dir())
    return tuple(sorted(name for name in found if not name.startswith("_")))


def _paths(folder: Traversable, prefix: str = "") -> list[str]:
    found: list[str] = []
    for one in folder.iterdir():
        path = f"{prefix}{one.name}"
        found += _paths(one, f"{path}/") if one.is_dir() else [path]
    return sorted(found)


def _content(helpdesk: str, path: str, facts: Facts) -> bytes:
    if PurePosixPath(path).suffix in BINARY:
        return _root().joinpath(helpdesk, *path.split("/")).read_bytes()
    template = _templates().get_template(f"{helpdesk}/{path}")
    return template.render(facts=facts).encode()


def setup_calls(helpdesk: str, facts: Facts) -> tuple[Call, ...]:
    """Return the calls that set the install up by the helpdesk's API; none where it has none."""
    setup = SETUPS.get(helpdesk)
    return setup(facts) if setup else ()


def build(helpdesk: str, facts: Facts) -> AppPackage:
    """Return the package of a helpdesk; the same facts always give the same bytes.

    Raises UnknownHelpdesk where there is none.
    """
    if helpdesk not in helpdesks():
        raise UnknownHelpdesk(helpdesk)
    paths = _paths(_root().joinpath(helpdesk))
    made = {path: _content(helpdesk, path, facts) for path in paths}
    calls = [one.as_json() for one in setup_calls(helpdesk, facts)]
    if calls:
        made[SETUP] = as_json({"helpdesk": helpdesk, "calls": calls})
    return AppPackage(kind_of(helpdesk), made)
