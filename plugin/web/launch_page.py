"""Answer a proven launch with the page that the helpdesk frames."""

from __future__ import annotations

import json

from flask import url_for

from plugin.frame import FrameRequest
from plugin.helpdesk import Helpdesk
from plugin.settings.records import Install
from plugin.web.assets import STYLE, asset, script_of
from plugin.web.headers import allow_framing
from plugin.web.page_claims import token_claims
from plugin.web.pages import HTML
from plugin.web.services import Services
from plugin.workspace.answer_cache import Answer, key_of
from widgets.renderers.html import render_page
from widgets.shell import Shell


def launched(
    services: Services, install: Install, asked: FrameRequest, helpdesk: Helpdesk, part: str
) -> Answer:
    """Return the page around `part`, the first answer; empty where the page has to ask for it.

    The same launch, still waiting for its ticket, is answered with the same page for a moment.
    """
    ancestors = helpdesk.ancestors(install)
    allow_framing(ancestors, helpdesk.sdk_hosts)
    if part:
        return Answer(_page(services, install, asked, helpdesk, part), HTML)
    runtime = services.runtimes[install.workspace]
    key = key_of(runtime, install, asked, "page")
    kept = services.answers.get(key, runtime)
    if kept is None:
        basis = services.answers.basis(runtime, asked)
        kept = Answer(_page(services, install, asked, helpdesk, ""), HTML)
        services.answers.put(key, kept, basis)
    return kept


def _page(
    services: Services, install: Install, asked: FrameRequest, helpdesk: Helpdesk, part: str
) -> bytes:
    shell = Shell(
        title="Sidelight",
        endpoint=url_for("frames.widget", install_id=install.id),
        token=services.tokens.issue(token_claims(asked)),
        helpdesk=helpdesk.name,
        origin=" ".join(helpdesk.ancestors(install)),
        bridge=json.dumps(asked.extra.get("bridge") or {}),
        styles=(asset(STYLE).url,),
        scripts=(asset(script_of(helpdesk)).url,),
        part=part,
        # Only a ticket whose answer is here is one that the page need not ask for.
        ticket=((asked.ticket.id if asked.ticket else None) or "") if part else "",
        theme=asked.theme or "",
        actions=("fold", "refresh"),
        locale=asked.locale or services.runtimes[install.workspace].workspace.locale,
    )
    return render_page(shell).encode()
