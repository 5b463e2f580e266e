"""`sidelight check`: every problem of an installation, each with where it is and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from plugin.commands.connection_check import links_of, live_keys_of
from plugin.commands.hook_check import webhook_of
from plugin.commands.install_check import confirming_of, keys_of, missing_of
from plugin.demo.guard import strange_installs, unsafe
from plugin.errors import ConfigurationError, Problem
from plugin.families import HELPDESKS, UPSTREAMS
from plugin.fetching.clock import system_clock
from plugin.fetching.key_sets import KeySets
from plugin.fetching.shared.server import trouble
from plugin.settings.records import Settings, Workspace
from plugin.store.opening import database_of
from plugin.view.wording import plural
from plugin.workspace.setup import runtime_of
from plugin.workspace.start import load_settings, resources_of, settings_path

_FIRST_YEAR = 2026  # a clock before this release is wrong


def _service(settings: Settings) -> Iterator[Problem]:
    service = settings.service
    if not service.demo and not service.base_url.startswith("https://"):
        yield Problem("service.base_url", "is not https", "helpdesks only call https addresses")
    if system_clock().now().year < _FIRST_YEAR:
        yield Problem("clock", "this machine's clock is years behind", "signatures need the time")


def _store(settings: Settings) -> Iterator[Problem]:
    database = database_of(settings, system_clock().monotonic)
    if not database.is_up():
        hint = "see that it runs, and that its folder can be written"
        yield Problem("store.url", "the store does not answer: nothing is remembered", hint)
    database.close()


def _cache(settings: Settings) -> Iterator[Problem]:
    url = settings.cache.url
    wrong = trouble(url) if url else None
    if wrong is not None:
        yield Problem("cache.url", f"the shared cache {wrong}", "without it each host asks alone")


def _installs(settings: Settings, workspace: Workspace, key_sets: KeySets) -> Iterator[Problem]:
    family = HELPDESKS
    for install in workspace.installs.values():
        helpdesk, base_url = family[install.kind], settings.service.base_url
        yield from missing_of(helpdesk, install, workspace.locale, base_url)
        yield from keys_of(helpdesk, install, key_sets)
        yield from confirming_of(install, workspace.upstreams)


def _workspace(settings: Settings, workspace: Workspace) -> Iterator[Problem]:
    resources = resources_of(settings, system_clock())
    yield from _installs(settings, workspace, KeySets(resources))
    try:
        runtime = runtime_of(workspace, resources)
    except ConfigurationError as error:
        yield from error.problems
        return
    if not workspace.upstreams:
        yield Problem(f"workspaces.{workspace.id}.upstreams", "none is connected", "add one")
    yield from links_of(workspace)
    yield from live_keys_of(settings, workspace)
    for name, connection in workspace.upstreams.items():
        key = f"workspaces.{workspace.id}.upstreams.{name}"
        title = UPSTREAMS[connection.kind].title
        yield from webhook_of(UPSTREAMS[connection.kind], connection, key)
        for problem in runtime.sources.check(name):
            yield _placed(problem, key, title)
    resources.close()


def _placed(problem: Problem, key: str, title: str) -> Problem:
    """Return what a connection's check found under the whole key of the setting."""
    own = key.partition(".upstreams.")[2]
    if problem.key.startswith(f"upstreams.{own}"):
        return replace(problem, key=key + problem.key.removeprefix(f"upstreams.{own}"))
    if problem.key.startswith("workspaces."):
        return problem
    return replace(problem, key=f"{key} ({title})", message=f"{problem.key}: {problem.message}")


def problems_of(settings: Settings) -> list[Problem]:
    """Return everything that is wrong with an installation whose settings could be read."""
    found = [*_service(settings), *unsafe(settings), *strange_installs(settings)]
    found += [*_store(settings), *_cache(settings)]
    for workspace in settings.workspaces.values():
        found += _workspace(settings, workspace)
    if not settings.workspaces:
        found.append(Problem("workspaces", "there is none", "add [workspaces.<id>]"))
    return found


def _row(problem: Problem) -> dict[str, str]:
    return {"key": problem.key, "message": problem.message, "hint": problem.hint}


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def check(config: Path | None, form: str) -> None:
    """Say all that is wrong with settings, secrets, upstreams, installs, store, cache and clock.

    Example: sidelight check --config sidelight.toml
    """
    try:
        found = problems_of(load_settings(settings_path(config)))
    except ConfigurationError as error:
        found = list(error.problems)
    wrong = [one for one in found if not one.is_note]
    notes = [one for one in found if one.is_note]
    if form == "json":
        kinds = {"problems": wrong, "notes": notes}
        rows = {kind: [_row(one) for one in those] for kind, those in kinds.items()}
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for problem in found:
            click.echo(f"{'·' if problem.is_note else '✗'} {problem}")
        click.echo(plural(len(wrong), "problem") if wrong else "✓ All is well.")
    raise SystemExit(1 if wrong else 0)
