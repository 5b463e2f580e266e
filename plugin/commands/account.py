"""`sidelight account`: the whole record of one account, as people or as programs read it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from plugin.account.domains import read_domain
from plugin.account.words import VIEWER_ROLE
from plugin.commands.settings import choose_workspace, read_settings
from plugin.errors import ConfigurationError
from plugin.fetching.clock import Clock, system_clock
from plugin.frame import FrameRequest, Requester, Viewer
from plugin.view.record_json import record_json
from plugin.workspace.answering import Record, know, seen_by, show, wording_for
from plugin.workspace.runtime import WorkspaceRuntime
from plugin.workspace.setup import runtime_of
from plugin.workspace.start import resources_of
from widgets.renderers.text import render as as_text

_PATIENCE = 10.0  # seconds: a person at a terminal waits longer than a ticket


def _requests(who: str, role: str) -> list[FrameRequest]:
    """Return how `who` may be asked for, first the likelier: an address, an id, a domain."""
    viewer = Viewer(role=role)
    if "@" in who:
        return [FrameRequest("", requester=Requester(who), viewer=viewer)]
    asked = [FrameRequest("", requester=Requester(external_id=who), viewer=viewer)]
    domain = read_domain(who)
    if domain:
        anybody = Requester(f"anybody@{domain}")
        asked.append(FrameRequest("", requester=anybody, viewer=viewer))
    return asked


def look_up(
    who: str, runtime: WorkspaceRuntime, role: str, clock: Clock
) -> tuple[FrameRequest, Record]:
    """Return the record of the account that `who` names, and the request that found it."""
    deadline = clock.monotonic() + _PATIENCE
    asked = _requests(who, role)
    found = [(request, know(request, runtime, clock.now(), deadline)) for request in asked]
    return next((pair for pair in found if pair[1].match.status != "none"), found[-1])


@click.command()
@click.argument("who")
@click.option("--workspace", help="Needed where the settings have several.")
@click.option("--as", "role", type=click.Choice(VIEWER_ROLE), default="csm", show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
def account(who: str, workspace: str | None, role: str, form: str, config: Path | None) -> None:
    """Show the account of WHO: an e-mail address, a domain or an account id.

    Example: sidelight account billing.admin@northwind.example --as ae
    """
    _, settings = read_settings(config)
    space = choose_workspace(settings, workspace)
    clock = system_clock()
    try:
        runtime = runtime_of(space, resources_of(settings, clock))
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    request, record = look_up(who, runtime, role, clock)
    if form == "json":
        wording = wording_for(request, runtime, clock.now())
        context, signals = seen_by(record, role, runtime, wording)
        click.echo(
            json.dumps(record_json(record.match, context, signals), ensure_ascii=False, indent=2)
        )
    else:
        shown = show(record, request, runtime, clock.now())
        click.echo(as_text(shown, {"color": "yes"} if sys.stdout.isatty() else {}))
