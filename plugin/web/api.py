"""The door of other tools: the record as JSON and the outcome ledger, by a workspace's key."""

from __future__ import annotations

import hmac
import json
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request
from marshmallow import ValidationError

from plugin.errors import BadRequest, BadSignature, StoreUnavailable
from plugin.frame import FrameRequest, Requester, Viewer
from plugin.incoming.json_body import read_object, text
from plugin.settings.records import ApiKey
from plugin.store import outcomes
from plugin.store.audit import Event
from plugin.store.ledger import read_entry
from plugin.view.record_json import record_json
from plugin.web.pages import bearer
from plugin.web.services import House, house
from plugin.workspace.answering import Record, know, remember, seen_by, wording_for
from plugin.workspace.runtime import Desk

api = Blueprint("api", __name__)
_MOST = 500  # outcomes in one request


def _caller(parts: House) -> tuple[Desk, ApiKey]:
    """Return whose key the request brings; every key is compared, each in constant time."""
    given, found = bearer().encode(), None
    for desk in parts.desks.values():
        for key in desk.workspace.api_keys:
            if hmac.compare_digest(key.key.encode(), given):
                found = (desk, key)
    if found is None:
        raise BadSignature("no workspace has this key")
    parts.actions.take(("api", found[0].workspace.id, found[1].name))
    return found


def _requester() -> Requester:
    """Return whom the query names: by e-mail, or by the account's id."""
    email, account_id = (text(request.args.get(name)) for name in ("email", "id"))
    if not email and not account_id:
        raise BadRequest("name an account by email= or id=")
    return Requester(email=email, external_id=account_id)


@api.get("/api/v1/accounts")
def accounts() -> Response:
    """Answer with the record of one account, as the key's role may see it."""
    parts = house()
    desk, key = _caller(parts)
    viewer = Viewer(id=f"api:{key.name}", role=key.role)
    asked = FrameRequest("api", stage="api", requester=_requester(), viewer=viewer)
    deadline = parts.clock.monotonic() + parts.settings.service.frame_budget
    record = know(asked, desk, parts.now(), deadline)
    response = make_response(json.dumps(_body(record, asked, desk, parts), ensure_ascii=False))
    response.mimetype = "application/json"
    remember(record, asked, desk, parts.now())
    return response


def _body(record: Record, asked: FrameRequest, desk: Desk, parts: House) -> Any:
    wording = wording_for(asked, desk, parts.now())
    context, signals = seen_by(record, asked.viewer.role, desk, wording)
    return record_json(record.match, context, signals)


@api.post("/api/v1/outcomes")
def tell_outcomes() -> Response:
    """Add one outcome, or a list under `outcomes`; all of them, or none when one is wrong."""
    parts = house()
    desk, key = _caller(parts)
    memory = desk.memory
    if memory is None:
        raise StoreUnavailable("nothing is remembered here")
    body = read_object(request.get_data(cache=True))
    given = body["outcomes"] if isinstance(body.get("outcomes"), list) else [body]
    if len(given) > _MOST:
        raise BadRequest(f"at most {_MOST} outcomes at once")
    who = f"api:{key.name}"
    try:
        entries = [read_entry(one, who, "api", parts.now()) for one in given]
    except ValidationError as error:
        raise BadRequest("an outcome cannot be read") from error
    with memory.database.write() as connection:
        added = sum(outcomes.add(connection, memory.workspace, entry) for entry in entries)
        event = Event(parts.now(), who, "outcomes_told", "", key.role, {"added": added})
        memory.append(connection, None, event)
    return make_response(jsonify(added=added, known=len(entries) - added), 201)
