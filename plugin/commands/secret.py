"""`sidelight secret`: a fresh secret of our own, as settings want it."""

from __future__ import annotations

import secrets

import click

from plugin.settings.secrets import SHORTEST_OWN


@click.command()
def secret() -> None:
    """Print a fresh secret: for [service] secrets, an API key, or a helpdesk that lets you choose.

    Example: export SIDELIGHT_SECRET="$(sidelight secret)"
    """
    click.echo(secrets.token_urlsafe(SHORTEST_OWN))
