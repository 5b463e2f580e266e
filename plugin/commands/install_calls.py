"""Send the calls that set an install up, one after the other, and stop at the first that fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import click

from manifest.calls import Call, fill_call, placeholders
from plugin.errors import UpstreamError
from plugin.fetching.clock import system_clock
from plugin.fetching.http.single import single_client

_PATIENCE = 20.0  # seconds for one call
_HINTS = {
    "TOKEN": "set SIDELIGHT_SETUP_TOKEN to an administrator's API token",
    "HOST": "name the helpdesk's address in the install's hosts",
    "ACCOUNT_ID": "set the install's account_id",
    "ACCOUNT": "name the helpdesk's address in the install's hosts",
}


def _refuse_gaps(call: Call, answered_by: Iterable[str]) -> None:
    """Stop where something is left to fill in that no earlier call answers."""
    earlier = tuple(f"{name}." for name in answered_by)
    missing = sorted(name for name in placeholders(call) if not name.startswith(earlier))
    if missing:
        hints = "; ".join(_HINTS.get(name, name) for name in missing)
        raise click.UsageError(f"the call {call.name!r} needs {', '.join(missing)}: {hints}")


def _complaint(answer: Any) -> str | None:
    """Return what a GraphQL answer complains of; such an answer has the status 200."""
    if not isinstance(answer, Mapping):
        return None
    if answer.get("errors"):
        return str(answer["errors"])[:300]
    data = answer.get("data")
    parts = data.values() if isinstance(data, Mapping) else ()
    errors = [part["error"] for part in parts if isinstance(part, Mapping) and part.get("error")]
    return str(errors[0])[:300] if errors else None


def _send(call: Call) -> Any:
    parts = urlsplit(call.url)
    try:
        client = single_client(call.url, system_clock(), _PATIENCE)
        answer = client.post(parts.path, call.body, call.headers)
    except UpstreamError as error:
        status = f" (status {error.status})" if error.status else ""
        where = f"{call.method} {parts.scheme}://{parts.netloc}{parts.path}"
        raise click.ClickException(
            f"{where}: {error}{status}; nothing after it was sent"
        ) from error
    complaint = _complaint(answer)
    if complaint:
        raise click.ClickException(f"{call.name} was refused: {complaint}")
    return answer


def apply_calls(calls: Iterable[Call], key: str, token: str | None) -> None:
    """Send the calls with the install's newest secret and the admin's token.

    Everything is looked at before the first call leaves.
    """
    known: dict[str, Any] = {"KEY": key} | ({"TOKEN": token} if token else {})
    ready = [fill_call(call, known) for call in calls]
    for place, call in enumerate(ready):
        _refuse_gaps(call, [one.name for one in ready[:place]])
    for call in ready:
        answer = _send(fill_call(call, known))
        if isinstance(answer, Mapping) and "id" in answer:
            known[f"{call.name}.id"] = answer["id"]
        click.echo(f"✓ {call.name}")
