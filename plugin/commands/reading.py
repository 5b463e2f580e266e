"""Read the settings for a command, or stop with every problem on a line of its own."""

from __future__ import annotations

import os
from pathlib import Path

import click

from plugin import helpdesks, upstreams
from plugin.context.board import Board
from plugin.context.clock import Clock
from plugin.context.runtime import Runtime, RuntimeOptions
from plugin.errors import ConfigurationError
from plugin.helpdesk import Helpdesk
from plugin.registry import discover
from plugin.settings import Settings, Workspace
from plugin.settings_file import load
from plugin.upstream import Upstream


def settings_path(config: Path | None) -> Path:
    """Return the settings file: as given, else by SIDELIGHT_CONFIG, else sidelight.toml."""
    return config or Path(os.environ.get("SIDELIGHT_CONFIG") or "sidelight.toml")


def load_settings(path: Path) -> Settings:
    """Return the settings at `path`; raise ConfigurationError with every problem."""
    known_upstreams = {name: one.options for name, one in discover(upstreams, Upstream).items()}
    known_helpdesks = {name: one.options for name, one in discover(helpdesks, Helpdesk).items()}
    return load(path, upstreams=known_upstreams, helpdesks=known_helpdesks)


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


def runtime_of(
    settings: Settings,
    clock: Clock,
    *,
    threads: int = 0,
    processes: int = 1,
    board: Board | None = None,
) -> Runtime:
    """Return the shared parts of one process, as the settings size them.

    `threads` serve requests: half of them may wait for first answers, the others stay free.
    `board` is what the `processes` of this host share.
    """
    options = RuntimeOptions(
        max_bytes=settings.cache.max_bytes,
        waiting=max(1, threads // 2) if threads else None,
        processes=processes,
        shared_url=settings.cache.url,
        secrets=settings.service.secrets,
        board=board,
    )
    return Runtime(options, clock)
