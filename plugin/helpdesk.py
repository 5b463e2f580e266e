"""The shape of a helpdesk adapter: who asks, how that is proven, what answer it wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.settings import Install


@dataclass(frozen=True, slots=True)
class Trial:
    """A made-up frame request: what `sidelight try`, the playground and the tests ask for."""

    email: str | None = None
    name: str | None = None
    ticket_id: str | None = None
    subject: str | None = None
    agent_id: str = "1"
    theme: str = "light"
    stage: str = "launch"


def keep_answer(answer: Any, request: FrameRequest, install: Install) -> Any:
    """Answer with what was rendered, as it is."""
    del request, install
    return answer


def no_ancestors(install: Install) -> tuple[str, ...]:
    """Say that no page may frame the answer, because none ever does."""
    del install
    return ()


@dataclass(frozen=True, slots=True)
class Helpdesk:
    """One helpdesk: a record of functions, all of them pure; *now* is `request.received_at`.

    verify   proves the raw request against the install's secrets, newest first; raises
             BadSignature, ExpiredSignature or UnknownTenant (proven, but not registered).
    parse    reads who asks, only ever after verify; raises BadRequest.
    format   names the renderer of the answer (`html` for helpdesks that open a page).
    wrap     puts the rendered JSON into the envelope that the helpdesk expects.
    sign     builds a correctly signed request, given a private key or secret in the install.
    ancestors  the origins that may frame the page, from the install's hosts.
    sdk_hosts  the origins of the helpdesk's own script; nothing else is loaded from outside.
    budget   seconds the helpdesk waits at most, where that is less than the frame budget.
    """

    name: str
    title: str
    docs_url: str
    options: type[Schema]
    verify: Callable[[SignedRequest, Install], Proof]
    parse: Callable[[SignedRequest, Proof, Install], FrameRequest]
    sign: Callable[[Trial, Install, SignedRequest], SignedRequest]
    format: str = "html"
    wrap: Callable[[Any, FrameRequest, Install], Any] = keep_answer
    ancestors: Callable[[Install], tuple[str, ...]] = no_ancestors
    sdk_hosts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ("launch",)
    budget: float | None = None
