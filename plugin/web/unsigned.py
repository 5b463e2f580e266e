"""Who comes before any proof is asked to come again with one; nothing is learned by knocking."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, make_response

from plugin.frame import SignedRequest
from plugin.settings.records import Install
from plugin.web.assets import STYLE, asset, script_of
from plugin.web.headers import allow_framing
from plugin.web.services import Services
from widgets.renderers.html import render, render_page
from widgets.shell import Shell
from widgets.widget import Header, Section, Text, Widget

_WORDS = "Allow Sidelight where you are asked, or reload this page."


def answer_knock(services: Services, signed: SignedRequest) -> Response | None:
    """Return the page whose script asks the helpdesk for a proven launch; None for the rest.

    The same page for every install, also for one that does not exist.
    """
    helpdesk = next((one for one in services.helpdesks.values() if one.knocks(signed)), None)
    if helpdesk is None:
        return None
    origins = helpdesk.ancestors(Install("", helpdesk.name, ""))
    allow_framing(origins)
    section = Section("waiting", "", (Text(_WORDS),))
    shell = Shell(
        "Sidelight",
        "",
        "",
        helpdesk.name,
        origin=" ".join(origins),
        bridge='{"knocked": true}',
        styles=(asset(STYLE).url,),
        scripts=(asset(script_of(helpdesk)).url,),
        part=render(Widget("unconfigured", Header("Not yet"), (section,)), {}),
    )
    return make_response(render_page(shell), HTTPStatus.UNAUTHORIZED)
