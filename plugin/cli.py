"""The `sidelight` command."""

from __future__ import annotations

import importlib
import pkgutil

import click

from plugin import commands
from plugin.commands.service import WIRING


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sidelight")
@click.pass_context
def main(context: click.Context) -> None:
    """Put the whole B2B account beside every support ticket.

    Start with: sidelight demo
    """
    context.obj = WIRING


def _commands() -> list[click.Command]:
    """Return the commands of every module of the folder, those inside a group left to it."""
    names = [info.name for info in pkgutil.iter_modules(commands.__path__)]
    modules = [importlib.import_module(f"{commands.__name__}.{name}") for name in names]
    values = [value for module in modules for value in vars(module).values()]
    found = [value for value in values if isinstance(value, click.Command)]
    inside = [
        part for one in found if isinstance(one, click.Group) for part in one.commands.values()
    ]
    return [one for one in dict.fromkeys(found) if one not in inside]


for _command in _commands():
    main.add_command(_command)

if __name__ == "__main__":
    main()
