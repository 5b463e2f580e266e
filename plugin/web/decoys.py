"""Refuse alike: what no install proves costs the same work, whether the install exists or not.

Whoever is refused was tried by one install of each kind that is set up: by the one they named, if
it is there, and by the first of all other kinds. So the time of a refusal tells nothing.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import NoReturn

from plugin.errors import BadSignature, SidelightError
from plugin.frame import SignedRequest
from plugin.helpdesk import Helpdesk
from plugin.settings.records import Install
from plugin.web.services import Services


def _refuse(helpdesk: Helpdesk, signed: SignedRequest, install: Install) -> NoReturn:
    """Do the work of a proof; even a right one is for another address."""
    helpdesk.verify(signed, install)
    raise BadSignature("this proof is for another install")


def try_others(services: Services, signed: SignedRequest, tried: str | None) -> None:
    """Prove a refused request by every kind but the one that has `tried` it; nothing is kept."""
    others: dict[str, Install] = {}
    for install in services.installs.values():
        if install.kind != tried:
            others.setdefault(install.kind, install)
    for kind, install in others.items():
        helpdesk = services.helpdesks[kind]
        with suppress(SidelightError):
            services.verified_calls.call(partial(_refuse, helpdesk), helpdesk, signed, install)
