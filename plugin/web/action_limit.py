"""Do what a person asks for, at the page's door and at a helpdesk's: not too often."""

from __future__ import annotations

from plugin.actions.context import ActionContext, ActionRequest, ActionResult
from plugin.actions.perform import perform
from plugin.web.services import Services


def do(services: Services, action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Perform an act; raises TooMany, and what `perform` raises.

    Sources are asked anew only so often: in between their last answers are shown.
    """
    services.actions.take((context.request.install_id, context.actor))
    key = (context.runtime.workspace.id, context.request.requester)
    if action_request.action == "refresh" and not services.refreshes.allows(key):
        return ActionResult("Refreshed a moment ago.")
    return perform(action_request, context)
