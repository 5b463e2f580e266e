"""Serve Intercom's inbox panel: a canvas for each conversation that an agent opens."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from plugin.errors import BadRequest
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Reply, Trial
from plugin.incoming.installs import check_tenant, signing_secret, viewer
from plugin.incoming.json_body import at, email_at, items_at, read_object, text_at, texts_at
from plugin.incoming.launches import with_json
from plugin.proofs.mac import keyed_hash, prove
from plugin.settings.records import Install
from widgets.canvas_choices import CHOSEN, SHOW_MORE

DOCS = "https://developers.intercom.com/docs/canvas-kit"
SIGNATURE = "x-body-signature"
STAGES = ("initialize", "submit", "configure")
PEOPLE = ("contact", "customer", "user")  # what API versions have called the requester


class IntercomOptions(Schema):
    """What an Intercom install may set."""

    issues_secrets: ClassVar[bool] = True

    workspace_id = fields.String(
        validate=validate.Length(
            1,
            64,
            error='write what stands after /apps/ in Intercom\'s addresses, such as "ab12cd34"',
        ),
        metadata={"doc": "app id"},
    )


def _signature(secret: str, body: bytes) -> str:
    return keyed_hash(secret, body).hex()


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the raw body, then compare its workspace with the registered one."""
    given = request.headers.get(SIGNATURE)
    prove(given, install.secrets, lambda secret: _signature(secret, request.body))
    body = read_object(request.body)
    check_tenant("workspace_id", text_at(body, "workspace_id") or text_at(body, "app_id"), install)
    return Proof(claims=body, agent_id=text_at(body, "admin", "id"), timeless=True)


def _requester(body: Mapping[str, Any]) -> Requester | None:
    person = next((body[name] for name in PEOPLE if isinstance(body.get(name), Mapping)), None)
    if person is None:
        return None
    companies = [text_at(company, "id") for company in items_at(person, "companies", "data")]
    return Requester(
        email=email_at(person, "email"),
        name=text_at(person, "name"),
        external_id=text_at(person, "external_id"),
        # One of several companies would be a guess: the e-mail decides then.
        organization_id=companies[0] if len(companies) == 1 else None,
    )


def _ticket(body: Mapping[str, Any]) -> TicketRef | None:
    ticket_id = text_at(body, "conversation", "id") or text_at(body, "context", "conversation_id")
    return TicketRef(id=ticket_id) if ticket_id else None


def _press(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was pressed, what is filled in beside it, and what the canvas had kept."""
    inputs, kept = at(body, "input_values"), at(body, "current_canvas", "stored_data")
    pressed = text_at(body, "component_id") or ""
    is_full = pressed == SHOW_MORE or text_at(kept, "page") == "full"
    if pressed.startswith(CHOSEN):
        pressed = text_at(inputs, pressed.removeprefix(CHOSEN)) or ""
    filled = {name: text_at(inputs, name) for name in ("query", "about", "note")}
    mark = None if pressed == SHOW_MORE else text_at(kept, "mark")
    page = "full" if is_full else "first"
    return {"component_id": pressed or None, **filled, "mark": mark, "page": page}


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read who writes and who looks; contact, customer and user are the same person."""
    if request.stage not in STAGES:
        raise BadRequest(f"Intercom has no stage {request.stage!r}")
    body = proof.claims or read_object(request.body)
    return FrameRequest(
        install_id=install.id,
        stage=request.stage,
        ticket=_ticket(body),
        requester=_requester(body),
        viewer=viewer(
            install,
            proof.agent_id,
            email_at(body, "admin", "email"),
            texts_at(body, "admin", "team_ids"),
        ),
        locale=text_at(body, "context", "locale"),
        proven=frozenset({"ticket", "requester", "viewer"}),
        extra=_press(body),
    )


def reply(request: SignedRequest, proof: Proof, install: Install) -> Reply | None:
    """Answer `configure` at once: there is nothing to choose before the card is added."""
    del proof, install
    return Reply({"results": {}}) if request.stage == "configure" else None


def wrap(answer: Any, request: FrameRequest, install: Install) -> Any:
    """Put the components on a canvas, with what comes back when one of them is pressed.

    https://developers.intercom.com/docs/references/canvas-kit/responseobjects/stored-data
    """
    del install
    if at(answer, "canvas"):
        return answer
    content = answer if isinstance(answer, Mapping) else {"components": answer}
    names = ("mark", "page")
    kept = {name: request.extra[name] for name in names if request.extra.get(name)}
    return {"canvas": {"content": content} | ({"stored_data": kept} if kept else {})}


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as Intercom sends it when a conversation is opened."""
    stage = trial.stage if trial.stage in STAGES else STAGES[0]
    contact = {"id": "trial", "type": "contact", "email": trial.email, "name": trial.name}
    body: dict[str, Any] = {
        "workspace_id": install.options.get("workspace_id"),
        "admin": {"type": "admin", "id": trial.agent_id},
        "context": {"conversation_id": trial.ticket_id, "location": "conversation"},
        "conversation": {"id": trial.ticket_id},
        "contact": contact,
    }
    body |= {"component_id": SHOW_MORE, **trial.pressed} if stage == "submit" else {}
    raw = json.dumps(body).encode()
    url = template.url.removesuffix(f"/{stage}")
    staged = dataclasses.replace(template, url=f"{url}/{stage}", stage=stage)
    return with_json(staged, raw, {SIGNATURE: _signature(signing_secret(install), raw)})


intercom = Helpdesk(
    name="intercom",
    title="Intercom",
    docs_url=DOCS,
    options=IntercomOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="canvas_kit",
    reply=reply,
    wrap=wrap,
    stages=STAGES,
)
