"""The door of the systems that hold the facts: they tell what changed, and we forget it."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, g, jsonify, make_response, request

from plugin.errors import BadSignature
from plugin.hook import Hook
from plugin.incoming.json_body import read_json
from plugin.settings.records import Connection
from plugin.web.deliveries import heard
from plugin.web.metrics import HOOKS
from plugin.web.pages import signed_request
from plugin.web.services import Services, current_services
from plugin.workspace.runtime import WorkspaceRuntime

hooks = Blueprint("hooks", __name__)
log = logging.getLogger("sidelight.hooks")
_REFUSED, _FAULT = 400, 500


def _known(
    services: Services, workspace: str, name: str
) -> tuple[WorkspaceRuntime, Connection, Hook]:
    """Return who is meant; what is not there is refused like a bad signature."""
    runtime = services.runtimes.get(workspace)
    if runtime is None or name not in runtime.connections:
        raise BadSignature("there is no such connection")
    upstream, connection = runtime.connections[name]
    return runtime, connection, services.hooks[upstream.hook]


@hooks.route("/hooks/<workspace>/<name>", methods=["POST", "HEAD"])
def deliver(workspace: str, name: str) -> Response:
    """Take a delivery: proof first, then only what it is about.

    HEAD says no more than that we are here, of whatever name: Intercom asks before it sends,
    https://developers.intercom.com/docs/webhooks/setting-up-webhooks
    """
    if request.method == "HEAD":
        return make_response("")
    services, signed = current_services(), signed_request(current_services())
    runtime, connection, hook = _known(services, workspace, name)
    g.hook = {"workspace": workspace, "connection": name, "kind": connection.kind}
    hook.verify(signed, connection.webhook_secrets)
    services.deliveries.take((workspace, name))
    events = hook.read(read_json(signed.body))
    told = f"{hook.time(signed)}.".encode("utf-8", "surrogatepass") + signed.body
    g.outcome = heard(services, runtime, name, events, told)
    return jsonify(outcome=g.outcome)


def _outcome(status: int) -> str:
    if status >= _FAULT:
        return "fault"
    return "refused" if status >= _REFUSED else str(g.get("outcome", "ignored"))


@hooks.after_request
def _watch(response: Response) -> Response:
    """Count the delivery and write one line of it: names of the settings, never what it holds."""
    if request.method != "POST":
        return response
    told = g.get("hook") or {"workspace": "unknown", "connection": "unknown", "kind": "unknown"}
    outcome = _outcome(response.status_code)
    HOOKS.labels(told["kind"], outcome).inc()
    extra = {**told, "outcome": outcome, "status": response.status_code}
    log.info("hook", extra={**extra, "bytes": request.content_length})
    return response
