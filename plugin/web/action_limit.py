"""Do what a person asks for, at the page's door and at a helpdesk's: not too often."""

from __future__ import annotations

from plugin.actions.context import Done, Place, Wish
from plugin.actions.perform import perform
from plugin.web.services import House


def do(parts: House, wish: Wish, place: Place) -> Done:
    """Perform an act; raises TooMany, and what `perform` raises.

    Sources are asked anew only so often: in between their last answers are shown.
    """
    parts.actions.take((place.request.install_id, place.actor))
    key = (place.desk.workspace.id, place.request.requester)
    if wish.action == "refresh" and not parts.refreshes.allows(key):
        return Done("Refreshed a moment ago.")
    return perform(wish, place)
