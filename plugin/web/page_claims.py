"""What the page tells after a proven launch: the ticket, the requester, the looks of the page.

The proven launch becomes the content of our own token (`token_claims`); each later call of the
page brings the token and its claims, which `read_claims` joins. What is proven wins, and a
claim about another ticket or person than the proven one is not believed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from plugin.errors import BadRequest, BadSignature
from plugin.frame import FrameRequest, Requester, TicketRef
from plugin.incoming.installs import viewer
from plugin.incoming.json_body import MAX_EMAIL, email, read_object, text, text_at, texts_at, whole
from plugin.settings.records import Install

MAX_BODY = 16_384  # bytes; four times what the longest valid claims need
THEMES = ("light", "dark")
IDENTITY = ("id", "email", "external_id", "organization_id")  # what tells one from another

Part = TypeVar("Part", TicketRef, Requester)


class _Text(fields.Field[str | None]):
    """A text, or a whole number as text, of a limited length; blank is None.

    One that `names` somebody or something must be whole. What customers write may end in half an
    emoji, where somebody has cut it off: it is mended and shown.
    """

    def __init__(self, longest: int, *, names: bool = True) -> None:
        super().__init__(load_default=None, allow_none=True)
        self.longest = longest
        self.names = names

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str | None:
        del attr, data
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise ValidationError("Not a text.")
        if len(str(value)) > self.longest:
            raise ValidationError(f"Longer than {self.longest} characters.")
        if self.names and isinstance(value, str):
            whole(value)
        return text(value)


class _Lenient(Schema):
    class Meta:
        unknown = EXCLUDE


class _Ticket(_Lenient):
    id = _Text(128)
    subject = _Text(500, names=False)


class _Requester(_Lenient):
    email = _Text(MAX_EMAIL)
    name = _Text(300, names=False)
    id = _Text(128)
    organization_id = _Text(128)


class _Claims(_Lenient):
    ticket = fields.Nested(_Ticket, load_default=dict, allow_none=True)
    requester = fields.Nested(_Requester, load_default=dict, allow_none=True)
    theme = _Text(20)
    locale = _Text(35)  # https://www.rfc-editor.org/rfc/rfc5646#section-4.4.1


def _filled(part: Part) -> Part | None:
    values = dataclasses.astuple(part)
    return part if any(values) else None


def _load(body: bytes) -> Mapping[str, Any]:
    if len(body) > MAX_BODY:
        raise BadRequest(f"the claims are longer than {MAX_BODY} bytes")
    try:
        loaded: Mapping[str, Any] = _Claims().load(read_object(body) if body.strip() else {})
    except ValidationError as error:
        raise BadRequest.of_fields(error.messages) from error
    return loaded


def _claimed_ticket(loaded: Mapping[str, Any]) -> TicketRef | None:
    return _filled(TicketRef(text_at(loaded, "ticket", "id"), text_at(loaded, "ticket", "subject")))


def _claimed_requester(loaded: Mapping[str, Any]) -> Requester | None:
    found = loaded["requester"] or {}
    organization = found.get("organization_id")
    return _filled(
        Requester(email(found.get("email")), found.get("name"), found.get("id"), organization)
    )


def _contradicts(proven: object, claimed: object) -> bool:
    for name in IDENTITY:
        ours, theirs = getattr(proven, name, None), getattr(claimed, name, None)
        if ours is not None and theirs is not None and ours.casefold() != theirs.casefold():
            return True
    return False


def _joined(proven: Part | None, claimed: Part | None) -> Part | None:
    if proven is None or claimed is None:
        return proven or claimed
    names = [field.name for field in dataclasses.fields(proven)]
    missing = {name: getattr(claimed, name) for name in names if getattr(proven, name) is None}
    return dataclasses.replace(proven, **missing)


def _identity(part: object) -> tuple[object, ...]:
    return tuple(getattr(part, name, None) for name in IDENTITY)


def token_claims(request: FrameRequest) -> dict[str, Any]:
    """Return what our token holds for the page of a proven launch: its proven parts only."""
    parts = {"ticket": request.ticket, "requester": request.requester}
    proven = {
        name: {key: value for key, value in dataclasses.asdict(part).items() if value}
        for name, part in parts.items()
        if part is not None and name in request.proven
    }
    known = request.viewer if "viewer" in request.proven else None
    agent: dict[str, Any] = {}
    if known is not None:
        agent = {"id": known.id, "email": known.email, "groups": list(known.groups)}
    return {"install": request.install_id, "agent": agent, **proven}


def _proven(kind: type[Part], value: object) -> Part | None:
    names = [field.name for field in dataclasses.fields(kind)]
    if not value:
        return None
    told: dict[str, Any] = {name: text_at(value, name) for name in names}
    if "more_emails" in told:
        told["more_emails"] = texts_at(value, "more_emails")
    return _filled(kind(**told))


def read_claims(body: bytes, token: Mapping[str, Any], install: Install) -> FrameRequest:
    """Join the content of a verified token with what the page claims.

    A requester is proven as long as nothing that tells who it is was only claimed. Raises
    BadSignature for a token of another install, BadRequest for claims that cannot be read.
    """
    if token.get("install") != install.id:
        raise BadSignature("the token belongs to another install")
    loaded = _load(body)
    ticket = _proven(TicketRef, token.get("ticket"))
    requester = _proven(Requester, token.get("requester"))
    new_ticket, new_requester = _claimed_ticket(loaded), _claimed_requester(loaded)
    if _contradicts(ticket, new_ticket) or _contradicts(requester, new_requester):
        new_ticket = new_requester = None
    joined = _joined(requester, new_requester)
    agent = text_at(token, "agent", "id"), text_at(token, "agent", "email")
    groups = texts_at(token, "agent", "groups")
    certain = {
        "viewer": any(agent),
        "ticket": ticket is not None,
        "requester": requester is not None and _identity(joined) == _identity(requester),
    }
    return FrameRequest(
        install_id=install.id,
        stage="widget",
        ticket=_joined(ticket, new_ticket),
        requester=joined,
        viewer=viewer(install, *agent, groups),
        locale=loaded["locale"],
        theme=loaded["theme"] if loaded["theme"] in THEMES else None,
        proven=frozenset(name for name, is_proven in certain.items() if is_proven),
    )
