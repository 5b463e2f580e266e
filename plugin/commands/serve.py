"""`sidelight serve` and `sidelight demo`: the service under gunicorn, settings checked first."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from plugin.commands.settings import read_settings
from plugin.demo.guard import strange_installs, unsafe
from plugin.demo.setup import set_up_demo
from plugin.errors import ConfigurationError
from plugin.fetching.clock import system_clock
from plugin.settings.records import Settings
from plugin.workspace.setup import runtimes_of
from plugin.workspace.start import load_settings, resources_of

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = Path(__file__).resolve().with_name("gunicorn.conf.py")
DEMO = Path("var/demo")
_LAST_PORT = 65_535


def _check_port(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port) > _LAST_PORT:
        raise click.UsageError(f"--bind: {bind!r} is not HOST:PORT, such as 127.0.0.1:8321")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except (OSError, OverflowError) as error:
            message = f"cannot listen on {bind}: {error}. Stop what uses it, or give --bind."
            raise click.ClickException(message) from error


def try_out(settings: Settings, bind: str = "") -> None:
    """Raise ConfigurationError with every reason why a workspace cannot be set up.

    `bind`: where it would be served, if not where the settings say.
    """
    problems = [*unsafe(settings, bind), *strange_installs(settings)]
    if problems:
        raise ConfigurationError(problems)
    resources = resources_of(settings, system_clock())
    try:
        runtimes_of(settings, resources)
    finally:
        resources.close()


def _check_workspaces(settings: Settings, bind: str) -> None:
    """End the command when a workspace cannot be set up, before any worker starts."""
    try:
        try_out(settings, bind)
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error


def _run(bind: str, settings: Path) -> None:
    """Become gunicorn; nothing after this line runs."""
    os.environ["SIDELIGHT_CONFIG"] = str(settings.resolve())
    os.environ["SIDELIGHT_BIND"] = bind
    sys.stdout.flush()
    os.chdir(
        ROOT
    )  # Python and gunicorn import from where they start: a `plugin` there may be anybody's
    command = [sys.executable, "-m", "gunicorn", "--config", str(GUNICORN)]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter


@click.command()
@click.option("--bind", default="127.0.0.1:8321", metavar="HOST:PORT", show_default=True)
def demo(bind: str) -> None:
    """Start the demo: sixty made-up accounts and an inbox to try the widget in.

    Example: sidelight demo --bind 127.0.0.1:9000
    """
    _check_port(bind)
    try:
        settings = set_up_demo(DEMO, bind, system_clock().now())
        try_out(load_settings(settings), bind)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Sidelight's demo: open http://{bind}/playground  (Ctrl-C stops it)")
    _run(bind, settings)


@click.command()
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
@click.option("--bind", metavar="HOST:PORT", help="Default: [service] bind.")
def serve(config: Path | None, bind: str | None) -> None:
    """Start the service under gunicorn, once all settings are right.

    Example: sidelight serve --config /etc/sidelight/sidelight.toml
    """
    path, settings = read_settings(config)
    where = bind or settings.service.bind
    _check_workspaces(settings, where)
    _check_port(where)
    click.echo(f"Sidelight serves {len(settings.installs)} installs on {where}", err=True)
    _run(where, path)
