"""What a proven request sees whose tenant is not registered yet: the id to register, no data."""

from __future__ import annotations

import json

from flask import Response, make_response

from plugin.errors import UnknownTenant
from plugin.frame import Proof, SignedRequest
from plugin.helpdesk import Helpdesk
from plugin.settings.records import Install
from plugin.web.headers import allow_framing
from plugin.web.services import Services
from widgets.renderers.html import render, render_page
from widgets.shell import Shell
from widgets.widget import Header, Section, Text, Widget


def missing_setting(install: Install, unknown: UnknownTenant) -> Widget:
    """Return what is shown: the line to add, and that settings are read at start."""
    line = f'{unknown.setting} = "{unknown.tenant}"'
    texts = (
        Text("One setting is missing before accounts can be shown here.", strong=True),
        Text(f"In sidelight.toml, below the install {install.id}, add:"),
        Text(line),
        Text(
            "Settings are read at start: restart or reload Sidelight, then open the ticket again.",
            "muted",
        ),
    )
    return Widget("unconfigured", Header("Almost there"), (Section("onboarding", "", texts),))


def onboarding(
    services: Services,
    helpdesk: Helpdesk,
    signed: SignedRequest,
    install: Install,
    unknown: UnknownTenant,
) -> Response:
    """Answer in the helpdesk's own format with the setting that is missing."""
    shown = missing_setting(install, unknown)
    if helpdesk.format == "html":
        allow_framing(helpdesk.ancestors(install))
        shell = Shell("Sidelight", "", "", helpdesk.name, scripts=(), part=render(shown, {}))
        return make_response(render_page(shell))
    asked = helpdesk.parse(signed, Proof(), install)
    rendered = services.renderers[helpdesk.format].render(shown, {"page": "full"})
    answer = helpdesk.wrap(rendered, asked, install)
    if isinstance(answer, str):
        return make_response(answer)
    response = make_response(json.dumps(answer, ensure_ascii=False))
    response.mimetype = "application/json"
    return response
