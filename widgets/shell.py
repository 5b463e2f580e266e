"""The page around the widget: what the browser must know to ask for it and to keep it fresh."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.words import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class Shell:
    """One frame's page.

    `endpoint` is where the second step is asked for, with `token` as bearer; `origin` names
    the pages that the helpdesk's bridge listens to, divided by spaces; `bridge` is what else the
    bridge must know, as JSON. `scripts` and `styles` are loaded in this order, all from our own
    host. `part` is the first answer as markup and `ticket` the id of its ticket, when the launch
    has already told who asks; without them the page waits for the bridge. `actions` are names
    that `/frames/<install>/actions/` answers though no button says so: `fold` reports which
    sections the viewer opens. `shortcut` is whether R refreshes at first.
    """

    title: str
    endpoint: str
    token: str
    helpdesk: str
    origin: str = ""
    bridge: str = "{}"
    styles: tuple[str, ...] = ("/static/frame.css",)
    scripts: tuple[str, ...] = ("/static/frame.js",)
    part: str = ""
    ticket: str = ""
    theme: str = ""
    locale: str = "en"
    language: str = "en"  # of its texts
    shortcut: bool = True
    actions: tuple[str, ...] = ()
    words: Words = ENGLISH
