"""Hand a proof the keys that its helpdesk publishes: fetched here, because proofs do no I/O."""

from __future__ import annotations

from plugin.frame import Proof, SignedRequest
from plugin.helpdesk import Helpdesk
from plugin.settings.records import Install
from plugin.web.services import Services
from plugin.web.verified_calls import Verify


def with_published_keys(services: Services, helpdesk: Helpdesk) -> Verify:
    """Return the helpdesk's `verify`, which finds the published keys beside the install's own."""
    published = helpdesk.published
    if published is None:
        return helpdesk.verify

    def verify(signed: SignedRequest, install: Install) -> Proof:
        address, key_id = published.address(install), published.key_id(signed)
        if address is None or key_id is None:
            return helpdesk.verify(signed, install)
        keys = services.key_sets.keys(address, key_id, services.deadline(install))
        return helpdesk.verify(signed, published.join(install, keys))

    return verify
