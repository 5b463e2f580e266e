"""`sidelight serve` and `sidelight demo`: the service under gunicorn, settings checked first."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path

import click
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from plugin.commands.reading import read_settings
from plugin.context.clock import system_clock
from plugin.demo.workspace import write_demo

ROOT = Path(__file__).resolve().parents[2]
DEMO = Path("var/demo")
_ENDED = 2

_DEMO_SETTINGS = """# The demo's settings, written anew at each start.
[service]
base_url = "http://{bind}"
bind = "{bind}"
demo = true
secrets = ["{secret}"]

[workspaces.demo]
name = "Lumen Reports"
own_domains = ["lumen-reports.example"]
locale = "en"
roles = {{ csm = ["2"], ae = ["3"] }}
exchange_rates = {{ eur = "1.08", gbp = "1.27", jpy = "0.0067" }}

[workspaces.demo.upstreams.crm]
kind = "files"
folder = "data"
parts = ["accounts", "contacts"]

[workspaces.demo.upstreams.billing]
kind = "files"
folder = "data"
parts = ["subscriptions", "invoices"]

[workspaces.demo.upstreams.analytics]
kind = "files"
folder = "data"
parts = ["usage"]

[workspaces.demo.upstreams.helpdesk]
kind = "files"
folder = "data"
parts = ["tickets"]

[workspaces.demo.upstreams.survey]
kind = "files"
folder = "data"
parts = ["survey"]

[workspaces.demo.installs.demo-zendesk]
kind = "zendesk"
subdomain = "demo"
installation_id = "42"
hosts = ["http://{bind}"]
secrets = ["file:zendesk-public.pem"]
private_key = "file:zendesk-private.pem"

[workspaces.demo.installs.demo-intercom]
kind = "intercom"
workspace_id = "demo"
secrets = ["{intercom}"]

[workspaces.demo.installs.demo-plain]
kind = "plain"
workspace_id = "demo"
secrets = ["{plain}"]
"""


def _write_keys(folder: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (folder / "zendesk-private.pem").write_bytes(private)
    (folder / "zendesk-public.pem").write_bytes(public)


def write_demo_folder(folder: Path, bind: str) -> Path:
    """Write the demo's data, keys and settings below `folder`; return the settings file."""
    folder.mkdir(parents=True, exist_ok=True)
    now = system_clock().now()
    write_demo(folder / "data", now.date(), now)
    _write_keys(folder)
    words = {name: secrets.token_hex(24) for name in ("secret", "intercom", "plain")}
    path = folder / "sidelight.toml"
    path.write_text(_DEMO_SETTINGS.format(bind=bind, **words), encoding="utf-8")
    return path


def _check_port(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except (OSError, OverflowError) as error:
            message = f"cannot listen on {bind}: {error}. Stop what uses it, or give --bind."
            raise click.ClickException(message) from error


def _run(bind: str, settings: Path) -> None:
    """Become gunicorn; nothing after this line runs."""
    _check_port(bind)
    os.environ["SIDELIGHT_CONFIG"] = str(settings.resolve())
    os.environ["SIDELIGHT_BIND"] = bind
    sys.stdout.flush()
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    os.execv(sys.executable, [*command, "--chdir", str(ROOT)])  # noqa: S606 - our own interpreter


@click.command()
@click.option("--bind", default="127.0.0.1:8321", metavar="HOST:PORT", show_default=True)
def demo(bind: str) -> None:
    """Start the demo: sixty made-up accounts and an inbox to try the widget in.

    Example: sidelight demo --bind 127.0.0.1:9000
    """
    _check_port(bind)
    settings = write_demo_folder(DEMO, bind)
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
    click.echo(f"Sidelight serves {len(settings.installs)} installs on {where}", err=True)
    _run(where, path)
