"""Send the calls that set an install up, one after the other, and stop at the first that fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import click

from manifest.calls import Call, fill_call, find_made, is_same, placeholders
from plugin.errors import UpstreamError
from plugin.fetching.clock import system_clock
from plugin.fetching.http.single import single_client

_PATIENCE = 20.0  # seconds for one call
_LONGEST = 500  # characters of what a helpdesk says
_SERVER_ERROR = 500
_SAID_IN = ("message", "error", "errors", "detail", "description", "msg")
_ADVICE = {
    400: "the helpdesk does not take what was sent: mend what it says, then run the command again",
    401: "make a new API token of an administrator and set SIDELIGHT_SETUP_TOKEN to it",
    403: "the token is known and may not do this: use one of an administrator",
    404: "see that the install's hosts and account_id are those of your helpdesk",
    409: "something of this name is there already: delete it in the helpdesk, or rename it",
    422: "the helpdesk does not take what was sent: mend what it says, then run the command again",
    429: "too many calls: wait a minute, then run the command again",
}
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


def _words(answer: Any) -> str:
    """Return what a refusal says, in the helpdesk's own words; empty where it says nothing."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, list):
        return "; ".join(filter(None, map(_words, answer)))
    if not isinstance(answer, Mapping):
        return ""
    named = [answer[name] for name in _SAID_IN if answer.get(name)]
    return "; ".join(filter(None, map(_words, named or list(answer.values()))))


def _advice(error: UpstreamError) -> str:
    if error.status is None:
        return "see that this machine reaches the address, then run the command again"
    if error.status >= _SERVER_ERROR:
        return "the helpdesk itself fails: run the command again later; nothing is made twice"
    return _ADVICE.get(error.status, "mend what it says, then run the command again")


def _refusal(call: Call, error: UpstreamError) -> click.ClickException:
    parts = urlsplit(call.url)
    status = f" (status {error.status})" if error.status else ""
    said = " ".join(_words(error.answer).split())[:_LONGEST]
    lines = [
        f"{call.method} {parts.scheme}://{parts.netloc}{parts.path}: {error}{status}",
        *([f"It says: {said}"] if said else []),
        f"What to do: {_advice(error)}.",
        "Nothing after it was sent.",
    ]
    return click.ClickException("\n".join(lines))


def _ask(call: Call, method: str, url: str, body: Any) -> Any:
    parts = urlsplit(url)
    try:
        client = single_client(url, system_clock(), _PATIENCE)
        if method == "GET":
            return client.get(parts.path, parse_qsl(parts.query), call.headers)
        return client.post(parts.path, body, call.headers)
    except UpstreamError as error:
        raise _refusal(call, error) from error


def _checked(call: Call, answer: Any) -> Any:
    complaint = _complaint(answer)
    if complaint:
        raise click.ClickException(f"{call.name} was refused: {complaint}")
    return answer


def _found(call: Call) -> Any:
    """Return what an earlier run made; end the command where it has to be changed by hand."""
    if call.made is None:
        return None
    item = find_made(
        call, _checked(call, _ask(call, call.made.method, call.made.url, call.made.body))
    )
    if item is not None and not is_same(call, item):
        own = item.get("id") if isinstance(item, Mapping) else None
        raise click.ClickException(
            f"{call.name} is there already (id {own}), with another key in its address; delete it "
            "in the helpdesk and run the command again, or change it there by hand"
        )
    return item


def _make(call: Call) -> Any:
    """Return what the call made, now or by an earlier run: twice does not make two."""
    item = _found(call)
    if item is not None:
        click.echo(f"✓ {call.name} is there already; nothing was sent")
        return item
    answer = _checked(call, _ask(call, call.method, call.url, call.body))
    click.echo(f"✓ {call.name}")
    return answer


def apply_calls(calls: Iterable[Call], key: str, token: str | None) -> None:
    """Send the calls with the install's newest secret and the admin's token.

    Everything is looked at before the first call leaves; what is there already is left as it is.
    """
    given = (token or "").strip().removeprefix("\ufeff")
    known: dict[str, Any] = {"KEY": key} | ({"TOKEN": given} if given else {})
    ready = [fill_call(call, known) for call in calls]
    for place, call in enumerate(ready):
        _refuse_gaps(call, [one.name for one in ready[:place]])
    for call in ready:
        answer = _make(fill_call(call, known))
        if isinstance(answer, Mapping) and "id" in answer:
            known[f"{call.name}.id"] = answer["id"]
