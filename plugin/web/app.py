"""Settings become the running service: what it needs is made here, once, and joined."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import partial

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from plugin.demo.guard import unsafe
from plugin.errors import ConfigurationError
from plugin.families import HELPDESKS, HOOKS
from plugin.fetching.clock import Clock, system_clock
from plugin.fetching.counts import OF_THE_WORKERS as COUNTS
from plugin.fetching.key_sets import KeySets
from plugin.fetching.resources import Resources
from plugin.fetching.worker_bus import OF_THE_WORKERS
from plugin.log import start_logging
from plugin.settings.records import Settings
from plugin.store.audit import AuditEvent
from plugin.store.memory import Memory
from plugin.store.opening import open_store
from plugin.web.actions import actions
from plugin.web.api import api
from plugin.web.assets import STATIC, assets
from plugin.web.bus_listener import start_listening
from plugin.web.frames import frames
from plugin.web.headers import install_headers
from plugin.web.hooks import hooks
from plugin.web.limits import RequestLimit
from plugin.web.metrics import Publisher
from plugin.web.operations import operations
from plugin.web.packages import packages
from plugin.web.playground import playground
from plugin.web.refusals import install_refusals
from plugin.web.request_log import RequestLog
from plugin.web.services import Services
from plugin.web.tokens import PageTokens
from plugin.web.verified_calls import VerifiedCalls
from plugin.workspace.answer_cache import WIDGET_BYTES, AnswerCache, invalidate
from plugin.workspace.prefetch import Prefetcher
from plugin.workspace.setup import runtimes_of
from plugin.workspace.start import load_settings, resources_of, settings_path
from widgets.registry import discover as discover_renderers

THREADS, PROCESSES = "SIDELIGHT_THREADS", "WEB_CONCURRENCY"
BIND = "SIDELIGHT_BIND"
_ACTIONS = 120  # that one person may take in a minute
_DELIVERIES = 3_000  # that one connection may send in a minute; vendors try again later
_REFRESH = 15.0  # seconds before the sources of one requester are asked anew again
_KEPT = 3600  # seconds that a browser keeps our script and style


def _forget(resources: Resources, verified_calls: VerifiedCalls, workspace: str) -> None:
    """Drop what is held of a workspace's upstreams and of who asked, and all made from it."""
    resources.purge(workspace)
    verified_calls.forget()
    invalidate(workspace)


def _generation(resources: Resources, memories: Mapping[str, Memory], workspace: str) -> Hashable:
    """Return what is another one whenever something of a workspace may be shown differently."""
    return resources.generation(workspace), memories[workspace].turns()


def _services(settings: Settings, clock: Clock) -> Services:
    # Under gunicorn its settings file names both; elsewhere nobody has to share anything.
    threads, processes = (int(os.environ.get(name, "0")) for name in (THREADS, PROCESSES))
    resources = resources_of(
        settings, clock, threads=threads, processes=max(1, processes), board=OF_THE_WORKERS
    )
    service, store = settings.service, open_store(settings, clock.monotonic)
    verified_calls = VerifiedCalls(clock.now)
    generation = partial(_generation, resources, store.memories)
    runtimes = runtimes_of(settings, resources)
    for name, memory in store.memories.items():
        memory.on_erasure = partial(_forget, resources, verified_calls, name)
        loaded = AuditEvent(
            clock.now(), "sidelight", "settings_loaded", f"rules:{runtimes[name].rules.hash}"
        )
        memory.keep_event("", loaded)
    runtimes = {name: replace(one, memory=store.memories[name]) for name, one in runtimes.items()}
    publisher = Publisher(resources, store.writer)
    host = COUNTS if processes > 1 else None
    shared = resources.shared.count if resources.shared is not None else None
    limit = partial(RequestLimit, clock.monotonic, host=host, elsewhere=shared)
    return Services(
        settings=settings,
        runtimes=runtimes,
        helpdesks=HELPDESKS,
        hooks=HOOKS,
        renderers=discover_renderers(),
        tokens=PageTokens(service.secrets, lambda: clock.now().timestamp(), service.token_life),
        clock=clock,
        installs=settings.installs,
        resources=resources,
        prefetcher=Prefetcher(resources),
        publisher=publisher,
        request_log=RequestLog(partial(publisher.publish, runtimes)),
        answers=AnswerCache(clock, generation, lambda answer: len(answer.body)),
        widgets=AnswerCache(clock, generation, lambda _told: WIDGET_BYTES),
        verified_calls=verified_calls,
        key_sets=KeySets(resources),
        store=store,
        actions=limit(_ACTIONS, 60.0),
        refreshes=limit(1, _REFRESH),
        deliveries=limit(_DELIVERIES, 60.0),
        # Not over several hosts: a warm frame asks nobody.
        frames=RequestLimit(clock.monotonic, service.frames_per_minute, 60.0, host, is_rough=True),
    )


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Return the service; without settings those of SIDELIGHT_CONFIG.

    Raises ConfigurationError with every problem: the service never starts half-configured.
    """
    settings = settings or load_settings(settings_path(None))
    if problems := list(unsafe(settings, os.environ.get(BIND, ""))):
        raise ConfigurationError(problems)
    start_logging(settings.service.log_level)
    app = Flask("sidelight", static_folder=str(STATIC))
    # A redirect would go where the Host header says, which any client may write.
    app.url_map.merge_slashes = app.url_map.redirect_defaults = False
    app.url_map.strict_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = settings.service.max_body
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.service.max_body
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _KEPT
    house = _services(settings, clock or system_clock())
    app.extensions["sidelight"] = house
    if PROCESSES in os.environ:  # under gunicorn; elsewhere a line is read when it is told
        house.request_log.start(house.clock)
    if int(os.environ.get(PROCESSES, "0")) > 1:
        start_listening(house)
    https = settings.service.base_url.startswith("https://")
    app.config["PREFERRED_URL_SCHEME"] = "https" if https else "http"  # the worker reads it, too
    install_headers(app, https=https)
    if proxies := settings.service.trusted_proxies:  # the client's address, and nothing else
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]  # as Flask says
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
