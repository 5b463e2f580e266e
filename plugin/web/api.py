"""The door of other tools: the record as JSON and the outcome ledger, by a workspace's key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request
from marshmallow import ValidationError

from plugin.errors import BadRequest, StoreUnavailable
from plugin.frame import FrameRequest, Requester, Viewer
from plugin.incoming.json_body import read_object, text, whole
from plugin.store import outcomes
from plugin.store.audit import AuditEvent
from plugin.store.ledger import read_entry
from plugin.view.record_json import record_json
from plugin.web.callers import caller, note_call
from plugin.web.services import Services, current_services
from plugin.workspace.answering import Record, know, remember, seen_by, wording_for
from plugin.workspace.runtime import WorkspaceRuntime

api = Blueprint("api", __name__)
_MOST = 500  # outcomes in one request


def _requester() -> Requester:
    """Return whom the query names: by e-mail, or by the account's id."""
    email, account_id = (_named(name) for name in ("email", "id"))
    if not email and not account_id:
        raise BadRequest("name an account by email= or id=")
    return Requester(email=email, external_id=account_id)


def _named(name: str) -> str | None:
    given = request.args.get(name)
    try:
        whole(given or "")
    except ValidationError as error:
        raise BadRequest(str(error.messages[0]), name) from error
    return text(given)


@api.get("/api/v1/accounts")
def accounts() -> Response:
    """Answer with the record of one account, as the key's role may see it."""
    services = current_services()
    runtime, key = caller(services, "read")
    viewer = Viewer(id=f"api:{key.name}", role=key.role)
    asked = FrameRequest("", stage="api", requester=_requester(), viewer=viewer)
    deadline = services.clock.monotonic() + services.settings.service.frame_budget
    record = know(asked, runtime, services.now(), deadline)
    response = make_response(
        json.dumps(_body(record, asked, runtime, services), ensure_ascii=False)
    )
    response.mimetype = "application/json"
    remember(record, asked, runtime, services.now())
    read = AuditEvent(services.now(), f"api:{key.name}", "account_read", "", key.role)
    note_call(runtime, read, record.match.account_id or "")
    return response


def _body(
    record: Record, asked: FrameRequest, runtime: WorkspaceRuntime, services: Services
) -> Any:
    wording = wording_for(asked, runtime, services.now())
    context, signals = seen_by(record, asked.viewer.role, runtime, wording)
    return record_json(record.match, context, signals)


def _entries(
    given: Sequence[Any], who: str, services: Services, *, is_list: bool
) -> list[outcomes.Outcome]:
    """Return the entries; raise BadRequest naming the first field that cannot be read."""
    entries = []
    for number, one in enumerate(given):
        try:
            entries.append(read_entry(one, who, "api", services.now()))
        except ValidationError as error:
            messages = {"outcomes": {number: error.messages}} if is_list else error.messages
            raise BadRequest.of_fields(messages) from error
    return entries


@api.post("/api/v1/outcomes")
def tell_outcomes() -> Response:
    """Add one outcome, or a list under `outcomes`; all of them, or none when one is wrong."""
    services = current_services()
    runtime, key = caller(services, "outcomes")
    memory = runtime.memory
    if memory is None:
        raise StoreUnavailable("nothing is remembered here")
    body = read_object(request.get_data(cache=True))
    given = body["outcomes"] if isinstance(body.get("outcomes"), list) else [body]
    if len(given) > _MOST:
        raise BadRequest(f"at most {_MOST} outcomes at once")
    who = f"api:{key.name}"
    entries = _entries(given, who, services, is_list=given is body.get("outcomes"))
    with memory.database.write() as connection:
        added = sum(outcomes.add(connection, memory.workspace, entry) for entry in entries)
        event = AuditEvent(services.now(), who, "outcomes_told", "", key.role, {"added": added})
        memory.append(connection, None, event)
    return make_response(jsonify(added=added, known=len(entries) - added), 201)
