"""The shape of a helpdesk adapter: who asks, how that is proven, what answer it wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from plugin.frame import FrameRequest, Proof, SignedRequest
from plugin.settings.records import Install


@dataclass(frozen=True, slots=True)
class Trial:
    """A made-up frame request: what `sidelight try`, the playground and the tests ask for.

    `pressed` is what a helpdesk sends along when something on its own card is pressed.
    """

    email: str | None = None
    name: str | None = None
    ticket_id: str | None = None
    subject: str | None = None
    agent_id: str = "1"
    theme: str = "light"
    stage: str = "launch"
    pressed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that needs no account: text for `text/…`, a JSON value otherwise."""

    body: Any
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """Keys that the helpdesk itself publishes; they are fetched before `verify`, not by it.

    address  where an install's keys are published; None where it brings all of its own.
    key_id   the name of the key that a request says it was signed by; not proven, so it only
             picks one of the keys at that address.
    join     the install with these keys beside its own.
    """

    address: Callable[[Install], str | None]
    key_id: Callable[[SignedRequest], str | None]
    join: Callable[[Install, Sequence[Mapping[str, Any]]], Install]


def keep_answer(answer: Any, request: FrameRequest, install: Install) -> Any:
    """Answer with what was rendered, as it is."""
    del request, install
    return answer


def no_ancestors(install: Install) -> tuple[str, ...]:
    """Say that no page may frame the answer, because none ever does."""
    del install
    return ()


def never(request: SignedRequest) -> bool:
    """Say no: every request of this helpdesk brings its proof."""
    del request
    return False


def no_reply(request: SignedRequest, proof: Proof, install: Install) -> Reply | None:
    """Return no reply: every proven request wants an account."""
    del request, proof, install
    return None


@dataclass(frozen=True, slots=True)
class Helpdesk:
    """One helpdesk: a record of functions, all of them pure; *now* is `request.received_at`.

    verify   proves the raw request against the install's secrets, newest first; raises
             BadSignature, ExpiredSignature or UnknownTenant (proven, but not registered).
    reply    answers a proven request that wants no account, such as a handshake; or None.
    parse    reads who asks, only ever after verify (after UnknownTenant with an empty Proof,
             for the onboarding answer); raises BadRequest.
    format   names the renderer of the answer (`html` for helpdesks that open a page).
    wrap     puts what was rendered into the envelope that the helpdesk expects: JSON, or text
             for `text/html`; `extra["partial"]` of the request says that facts are missing.
    sign     builds a correctly signed request from a template that holds the install's public
             launch URL and the time; the secret, or option `private_key`, is the install's.
    ancestors  the origins that may frame the page, from the install's hosts.
    bridge   says that static/helpdesks/<name>.js speaks with the page around the frame.
    tells    says that this script also tells ticket and requester, a moment after the launch; where
             it does not, the launch is all there is, and its page comes with the answer.
    sdk_hosts  the origins of the helpdesk's own script; nothing else is loaded from outside.
    budget   seconds the helpdesk waits at most, where that is less than the frame budget.
    knocks   says that a request, by its form alone, comes before the helpdesk proves anything: a
             page of ours asks it to launch again, the same whatever install the request names.
    published  the keys that verify its requests, where no secret is shared; else None.
    """

    name: str
    title: str
    docs_url: str
    options: type[Schema]
    verify: Callable[[SignedRequest, Install], Proof]
    parse: Callable[[SignedRequest, Proof, Install], FrameRequest]
    sign: Callable[[Trial, Install, SignedRequest], SignedRequest]
    format: str = "html"
    reply: Callable[[SignedRequest, Proof, Install], Reply | None] = no_reply
    wrap: Callable[[Any, FrameRequest, Install], Any] = keep_answer
    ancestors: Callable[[Install], tuple[str, ...]] = no_ancestors
    bridge: bool = False
    tells: bool = False
    sdk_hosts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ("launch",)
    budget: float | None = None
    knocks: Callable[[SignedRequest], bool] = never
    published: PublishedKeys | None = None
