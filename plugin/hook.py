"""The shape of a webhook: how a delivery is proven, and what it says has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.frame import Requester, SignedRequest


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket that was just written, and will be opened soon; each id may be unknown.

    `requester` is set where the event itself tells the address.
    """

    id: str | None = None
    customer_id: str | None = None
    requester: Requester | None = None


@dataclass(frozen=True, slots=True)
class HookEvent:
    """That something changed, never how: facts are only ever fetched.

    id      the vendor's name of the event, the same at each repetition; "" where it has none.
    about   ids and addresses by which its account may be known; () where that cannot be told,
            and then everything that the connection said is out of date.
    erased  a person was deleted at the vendor: what is remembered of their addresses goes, too.
    """

    id: str
    about: tuple[str, ...] = ()
    ticket: NewTicket | None = None
    erased: bool = False


def words(*found: str | None) -> tuple[str, ...]:
    """Return the words that an event does hold, each once."""
    return tuple(dict.fromkeys(word for word in found if word))


def no_time(request: SignedRequest) -> str:
    """Return "": this vendor signs no time."""
    del request
    return ""


def any_secret(secret: str) -> str | None:
    """Accept every secret: the vendor's have no form of their own."""
    del secret
    return None


@dataclass(frozen=True, slots=True)
class Hook:
    """One vendor's webhooks: a record of functions, all of them pure.

    verify  proves the raw request against secrets, newest first; raises BadSignature or
            ExpiredSignature. Nothing is read before it.
    read    what a proven, decoded body tells; () where nothing that is read has changed.
            Raises BadRequest where it holds no event at all.
    fault   what is wrong with the form of a secret, in words, for `sidelight check`.
    time    the signed time of a proven request, as it stands there; "" where none is signed. A
            repetition carries it again, another delivery of the same words does not.
    """

    name: str
    title: str
    docs_url: str
    verify: Callable[[SignedRequest, Sequence[str]], None]
    read: Callable[[Any], tuple[HookEvent, ...]]
    fault: Callable[[str], str | None] = any_secret
    time: Callable[[SignedRequest], str] = no_time
