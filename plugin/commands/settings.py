"""Read the settings for a command, or stop with every problem on a line of its own."""

from __future__ import annotations

from pathlib import Path

import click

from plugin.errors import ConfigurationError
from plugin.settings.records import Settings, Workspace
from plugin.workspace.start import load_settings, settings_path


def read_settings(config: Path | None) -> tuple[Path, Settings]:
    """Return the settings and where they lie, or end the command with exit code 1."""
    path = settings_path(config)
    try:
        return path, load_settings(path)
    except ConfigurationError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1) from error


def choose_workspace(settings: Settings, name: str | None) -> Workspace:
    """Return the workspace called `name`, or the only one; end the command otherwise."""
    spaces = settings.workspaces
    if name is None and len(spaces) == 1:
        return next(iter(spaces.values()))
    if name is None or name not in spaces:
        known = ", ".join(spaces) or "none"
        raise click.UsageError(f"--workspace: name one of the settings' workspaces: {known}")
    return spaces[name]
