"""What commands need of the service: accounts, schemas and rivals, read from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from plugin.account.context import AccountContext
from plugin.commands.account import look_up
from plugin.commands.settings import choose_workspace, read_settings
from plugin.fetching.clock import system_clock
from plugin.rules.conversion import Moment
from plugin.rules.rules import RuleSet
from plugin.rules.schema import Schema
from plugin.settings.records import Workspace
from plugin.text.competitors import NamedCompetitor
from plugin.text.own import NOTHING, Own
from plugin.workspace.setup import competitors_of, moment_of, own_of, runtime_of, schema_of
from plugin.workspace.start import load_settings, resources_of, settings_path


def account_context(
    who: str, workspace: str | None, config: Path | None = None
) -> tuple[AccountContext, RuleSet, Moment]:
    """Return the account that `who` names, the rules of its workspace, and now."""
    _, settings = read_settings(config)
    space = choose_workspace(settings, workspace)
    clock = system_clock()
    runtime = runtime_of(space, resources_of(settings, clock))
    _, record = look_up(who, runtime, "csm", clock)
    if record.signals is None:
        raise click.ClickException(f"no account is found for {who}: {record.match.reason}")
    return record.context, runtime.rules, moment_of(space, clock.now())


def workspace_schema(workspace: str) -> Schema:
    """Return what the rules of a workspace may read."""
    _, settings = read_settings(None)
    return schema_of(choose_workspace(settings, workspace))


def _reading(workspace: str | None) -> Workspace | None:
    """Return the workspace whose words are taken.

    None where there are no settings, or several workspaces, and none is asked for.
    """
    if workspace is None and not settings_path(None).is_file():
        return None
    settings = load_settings(settings_path(None))
    if workspace is None and len(settings.workspaces) != 1:
        return None
    return choose_workspace(settings, workspace)


def competitors(workspace: str | None) -> Sequence[NamedCompetitor]:
    """Return the rivals of a workspace; none where there are no settings and none are asked for."""
    chosen = _reading(workspace)
    return () if chosen is None else competitors_of(chosen)


def own_words(workspace: str | None) -> Own:
    """Return what a workspace adds to the reading, nothing where there are no settings."""
    chosen = _reading(workspace)
    return NOTHING if chosen is None else own_of(chosen)


WIRING: Mapping[str, Callable[..., Any]] = {
    "account_context": account_context,
    "workspace_schema": workspace_schema,
    "competitors": competitors,
    "own_words": own_words,
}
