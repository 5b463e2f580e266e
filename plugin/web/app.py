"""Settings become the running service: what it needs is made here, once, and joined."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from flask import Flask

from plugin.families import HELPDESKS, HOOKS
from plugin.fetching.clock import Clock, system_clock
from plugin.fetching.key_sets import KeySets
from plugin.fetching.resources import Runtime
from plugin.fetching.worker_bus import OF_THE_WORKERS
from plugin.log import start_logging
from plugin.settings.records import Settings
from plugin.store.audit import Event
from plugin.store.memory import Memory
from plugin.store.opening import open_store
from plugin.web.actions import actions
from plugin.web.api import api
from plugin.web.assets import assets
from plugin.web.bus_listener import start_hearing
from plugin.web.frames import frames
from plugin.web.headers import install_headers
from plugin.web.hooks import hooks
from plugin.web.limits import Limit
from plugin.web.metrics import Publisher
from plugin.web.operations import operations
from plugin.web.packages import packages
from plugin.web.playground import playground
from plugin.web.refusals import install_refusals
from plugin.web.request_log import Logbook
from plugin.web.services import House
from plugin.web.tokens import Tokens
from plugin.web.verified_calls import Proven
from plugin.workspace.answer_cache import WIDGET_BYTES, Presentations, turn
from plugin.workspace.prefetch import Warmer
from plugin.workspace.setup import desks_of
from plugin.workspace.start import load_settings, runtime_of, settings_path
from widgets.registry import discover as discover_renderers

STATIC = Path(__file__).parents[2] / "static"
THREADS, PROCESSES = "SIDELIGHT_THREADS", "WEB_CONCURRENCY"
_ACTIONS = 120  # that one person may take in a minute
_DELIVERIES = 3_000  # that one connection may send in a minute; vendors try again later
_REFRESH = 15.0  # seconds before the sources of one requester are asked anew again
_KEPT = 3600  # seconds that a browser keeps our script and style


def _forget(runtime: Runtime, proven: Proven, workspace: str) -> None:
    """Drop what is held of a workspace's upstreams and of who asked, and all made from it."""
    runtime.purge(workspace)
    proven.forget()
    turn()


def _generation(runtime: Runtime, memories: Mapping[str, Memory], workspace: str) -> Hashable:
    """Return what is another one whenever something of a workspace may be shown differently."""
    return runtime.generation(workspace), memories[workspace].turns()


def _house(settings: Settings, clock: Clock) -> House:
    # Under gunicorn its settings file names both; elsewhere nobody has to share anything.
    threads, processes = (int(os.environ.get(name, "0")) for name in (THREADS, PROCESSES))
    runtime = runtime_of(
        settings, clock, threads=threads, processes=max(1, processes), board=OF_THE_WORKERS
    )
    service, store = settings.service, open_store(settings, clock.monotonic)
    proven = Proven(clock.now)
    generation = partial(_generation, runtime, store.memories)
    desks = desks_of(settings, runtime)
    for name, memory in store.memories.items():
        memory.on_erasure = partial(_forget, runtime, proven, name)
        loaded = Event(
            clock.now(), "sidelight", "settings_loaded", f"rules:{desks[name].rules.hash}"
        )
        memory.keep_event("", loaded)
    desks = {name: replace(one, memory=store.memories[name]) for name, one in desks.items()}
    publisher = Publisher(runtime, store.writer)
    return House(
        settings=settings,
        desks=desks,
        helpdesks=HELPDESKS,
        hooks=HOOKS,
        renderers=discover_renderers(),
        tokens=Tokens(service.secrets, lambda: clock.now().timestamp(), service.token_life),
        clock=clock,
        installs=settings.installs,
        runtime=runtime,
        warmer=Warmer(runtime),
        publisher=publisher,
        logbook=Logbook(partial(publisher.publish, desks)),
        answers=Presentations(clock, generation, lambda answer: len(answer.body)),
        widgets=Presentations(clock, generation, lambda _told: WIDGET_BYTES),
        proven=proven,
        key_sets=KeySets(runtime),
        store=store,
        actions=Limit(clock.monotonic, _ACTIONS, 60.0),
        refreshes=Limit(clock.monotonic, 1, _REFRESH),
        deliveries=Limit(clock.monotonic, _DELIVERIES, 60.0),
    )


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Return the service; without settings those of SIDELIGHT_CONFIG.

    Raises ConfigurationError with every problem: the service never starts half-configured.
    """
    settings = settings or load_settings(settings_path(None))
    start_logging(settings.service.log_level)
    app = Flask("sidelight", static_folder=str(STATIC))
    app.config["MAX_CONTENT_LENGTH"] = settings.service.max_body
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.service.max_body
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _KEPT
    house = _house(settings, clock or system_clock())
    app.extensions["sidelight"] = house
    if PROCESSES in os.environ:  # under gunicorn; elsewhere a line is read when it is told
        house.logbook.start(house.clock)
    if int(os.environ.get(PROCESSES, "0")) > 1:
        start_hearing(house)
    install_headers(app, https=settings.service.base_url.startswith("https://"))
    install_refusals(app)
    app.register_blueprint(operations)
    app.register_blueprint(assets)
    app.register_blueprint(frames)
    app.register_blueprint(actions)
    app.register_blueprint(hooks)
    app.register_blueprint(api)
    app.register_blueprint(packages)
    if settings.service.demo:
        app.register_blueprint(playground)
    return app
