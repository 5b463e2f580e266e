"""Do what a person asks for, at the page's door and at a helpdesk's: not too often."""

from __future__ import annotations

from plugin.actions.context import ActionContext, ActionRequest, ActionResult
from plugin.actions.perform import perform
from plugin.web.services import Services
from plugin.workspace.answer_cache import invalidate, turn_for


def do(services: Services, action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Perform an act; raises TooMany, and what `perform` raises.

    Sources are asked anew only so often: in between their last answers are shown.
    """
    services.actions.take((context.request.install_id, context.actor))
    key = (context.runtime.workspace.id, context.request.requester)
    if action_request.action == "refresh" and not services.refreshes.allows(key):
        return ActionResult("Refreshed a moment ago.")
    result = perform(action_request, context)
    _forget(result, context)
    return result


def _forget(result: ActionResult, context: ActionContext) -> None:
    """Forget what was made before an act, as far as it shows; what changed nothing, nothing."""
    if result.changed == "workspace":
        invalidate(context.runtime.workspace.id)
    elif result.changed == "viewer":
        turn_for(context.request)
