"""What a connection's webhook still lacks: a secret, or one of the right form."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.errors import Problem
from plugin.families import HOOKS
from plugin.settings.records import Connection
from plugin.upstream import Upstream

_PAGE = "see docs/hooks.md"


def webhook_of(upstream: Upstream, connection: Connection, key: str) -> Iterator[Problem]:
    """Yield what is wrong with the secrets below `key`; a note where a vendor's are missing."""
    hook, place = HOOKS[upstream.hook], f"{key}.webhook_secrets"
    if not connection.webhook_secrets and upstream.hook != "generic":
        message = f"is not set: {hook.title} cannot say what changed, so answers have to age"
        yield Problem(place, message, _PAGE, is_note=True)
    for number, secret in enumerate(connection.webhook_secrets):
        fault = hook.fault(secret)
        if fault is not None:
            yield Problem(f"{place}[{number}]", fault, _PAGE)
