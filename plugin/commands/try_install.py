"""`sidelight try`: ask the service as the helpdesk would, correctly signed, and show its answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from werkzeug.test import TestResponse

from plugin.commands.install_check import tenant_of
from plugin.commands.settings import read_settings
from plugin.commands.trial_keys import with_trial_key
from plugin.errors import ConfigurationError
from plugin.families import HELPDESKS
from plugin.fetching.clock import system_clock
from plugin.frame import SignedRequest
from plugin.helpdesk import Trial
from plugin.log import start_logging
from plugin.settings.records import Settings
from plugin.web.app import create_app
from plugin.workspace.trial_request import signed_trial

OK = 200
_BLOCKS = frozenset({"p", "div", "li", "h1", "h2", "h3", "h4", "section", "tr", "summary", "dt"})
_SILENT = frozenset({"script", "style", "template", "noscript", "title", "svg"})


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What came back: the status, and the body as people read it."""

    status: int
    content_type: str
    body: str


class _Lines(HTMLParser):
    """Keeps the words of a page, one line a block, and what our page says of itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page: dict[str, str | None] = {}
        self.body: dict[str, str | None] = {}
        self._lines: list[str] = [""]
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag == "html":
            self.page = dict(attrs)
        if tag == "body":
            self.body = dict(attrs)
        if tag in _BLOCKS:
            self._lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT
        if tag in _BLOCKS:
            self._lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._lines[-1] += f" {data}"

    def text(self) -> str:
        """Return the lines that say something."""
        tidy = (" ".join(line.split()) for line in self._lines)
        return "\n".join(line for line in tidy if line)


def _read(page: str) -> _Lines:
    lines = _Lines()
    lines.feed(page)
    lines.close()
    return lines


def _path(signed: SignedRequest) -> str:
    split = urlsplit(signed.url)
    return f"{split.path}?{split.query}" if split.query else split.path


def _readable(response: TestResponse) -> str:
    text = response.get_data(as_text=True)
    if response.mimetype == "application/json":
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return _read(text).text()


def _answer(response: TestResponse) -> TrialAnswer:
    return TrialAnswer(response.status_code, str(response.mimetype), _readable(response))


def _claims(trial: Trial) -> dict[str, Any]:
    """Return what the page tells after its launch, as it hears it from the helpdesk."""
    return {
        "ticket": {"id": trial.ticket_id, "subject": trial.subject},
        "requester": {"email": trial.email, "name": trial.name},
    }


def _is_all(page: _Lines, trial: Trial) -> bool:
    """Say whether the page's script would ask for nothing: static/frame.js decides the same way.

    It keeps the answer that the page came with, for the ticket that the page names. Where no
    script tells a ticket after the launch, it has nothing to ask for either.
    """
    kind = page.page.get("data-helpdesk") or ""
    helpdesk = HELPDESKS.get(kind)
    if helpdesk is not None and not helpdesk.tells:
        return True
    ticket = page.body.get("data-ticket")
    return bool(ticket) and ticket == trial.ticket_id


def ask(app: Flask, signed: SignedRequest, trial: Trial) -> TrialAnswer:
    """Send the request through the service's own door, then what the page's script would send.

    A page that its own script would leave empty is an empty answer here, too.
    """
    client = app.test_client()
    headers = dict(signed.headers)
    first = client.open(_path(signed), method=signed.method, headers=headers, data=signed.body)
    if first.status_code != OK or first.mimetype != "text/html":
        return _answer(first)
    page = _read(first.get_data(as_text=True))
    body = page.body
    if not body.get("data-token") or not body.get("data-endpoint") or _is_all(page, trial):
        return _answer(first)
    bearer = {"Authorization": f"Bearer {body['data-token']}"}
    return _answer(client.post(str(body["data-endpoint"]), json=_claims(trial), headers=bearer))


def _service(settings: Settings) -> Flask:
    app = create_app(settings)
    start_logging("error")
    return app


def _signed(settings: Settings, install_id: str, trial: Trial) -> SignedRequest:
    install = settings.installs[install_id]
    helpdesk = HELPDESKS[install.kind]
    now = system_clock().now()
    return signed_trial(helpdesk, install, trial, settings.service.base_url, now)


def _show(answer: TrialAnswer, install_id: str, form: str) -> None:
    if form == "json":
        row = {"status": answer.status, "content_type": answer.content_type, "body": answer.body}
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
        return
    click.echo(f"{answer.status} {answer.content_type} from {install_id}\n", err=True)
    click.echo(answer.body)


@click.command("try")
@click.argument("install_id", metavar="INSTALL")
@click.option("--email", required=True, metavar="WHO", help="Who wrote the ticket.")
@click.option("--ticket", default="1", show_default=True, help="The ticket's id.")
@click.option("--subject", default="A question", show_default=True)
@click.option("--agent", default="1", show_default=True, help="The agent's id, for the role.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
def try_(  # noqa: PLR0913 - click hands each option over as an argument
    *,
    install_id: str,
    email: str,
    ticket: str,
    subject: str,
    agent: str,
    form: str,
    config: Path | None,
) -> None:
    """Send INSTALL a correctly signed frame request and show the answer.

    The service is started for this one request, with its settings and upstreams.

    Example: sidelight try acme-plain --email jane@customer.example
    """
    _, settings = read_settings(config)
    if install_id not in settings.installs:
        known = ", ".join(settings.installs) or "none"
        raise click.BadParameter(f"no such install; there are: {known}", param_hint="INSTALL")
    for problem in tenant_of(settings.installs[install_id]):
        raise click.ClickException(str(problem))
    settings, note = with_trial_key(settings, install_id)
    if note:
        click.echo(f"· {note}", err=True)
    trial = Trial(email=email, ticket_id=ticket, subject=subject, agent_id=agent)
    try:
        signed = _signed(settings, install_id, trial)
        answer = ask(_service(settings), signed, trial)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    _show(answer, install_id, form)
    if not answer.body.strip():
        raise click.ClickException("the answer is empty: agents would see nothing")
    raise SystemExit(0 if answer.status == OK else 1)
