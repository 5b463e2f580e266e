"""Hear what other workers are told, though nobody asks this one anything."""

from __future__ import annotations

import logging
import threading

from plugin.web.services import Services

log = logging.getLogger("sidelight.web")
EVERY = 0.5  # seconds between two looks, each of which reads one number


def hear(house: Services) -> None:
    """Forget and fetch as other workers were told to."""
    try:
        house.resources.hear()
        house.prefetcher.hear(house.runtimes)
    except Exception as error:  # noqa: BLE001 — one bad notice must not end the thread
        log.error("a notice was not heard", extra={"kind": type(error).__name__})  # noqa: TRY400 — a trace quotes values


def _always(house: Services) -> None:
    while True:
        house.clock.pause(EVERY)
        hear(house)


def start_listening(house: Services) -> None:
    """Hear from now on, in a thread that ends with the process."""
    name = "sidelight-hearing"
    threading.Thread(target=_always, args=(house,), name=name, daemon=True).start()
