"""Take launches that count once: those whose proof has no end of its own."""

from __future__ import annotations

from datetime import timedelta

from plugin.errors import ExpiredSignature
from plugin.frame import Proof
from plugin.settings.records import Install
from plugin.store.taken import digest_of
from plugin.web.services import Services

LIFE = timedelta(days=30)  # such a proof has no end, so whoever finds it later is refused, too


def take_launch(services: Services, install: Install, proof: Proof) -> None:
    """Take a launch; raise ExpiredSignature when it was taken before, in whichever process."""
    if proof.once is None:
        return
    digest = digest_of("launch", install.id, proof.once)
    if not services.store.taken.take(install.workspace, [digest], services.now(), LIFE):
        raise ExpiredSignature("this launch was used before")
