"""How gunicorn runs the service: few processes, many threads, and an end that loses no request."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

wsgi_app = "plugin.web.app:create_app()"
bind = os.environ.get("SIDELIGHT_BIND", "127.0.0.1:8321")
worker_class = "plugin.web.worker.SharingWorker"  # gthread, whose threads wait for no client
workers = int(os.environ.setdefault("WEB_CONCURRENCY", "2"))
threads = int(os.environ.setdefault("SIDELIGHT_THREADS", "32"))
worker_connections = 2000  # of a worker; beyond them whoever has waited longest goes
backlog = 512
forwarder_headers = ""  # no client says where the application lies: SCRIPT_NAME would move paths
secure_scheme_headers: dict[str, str] = {}  # nor how it came: [service] base_url says it
sendfile = False  # answers are kept until clients take them
keepalive = 30
timeout = 30  # of a worker's heartbeat; the frame budget bounds an answer
graceful_timeout = 10  # longer than any frame budget: a reload lets answers under way finish
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 16380
accesslog = None  # query strings carry signatures: Sidelight writes its own log without them
errorlog = "-"
loglevel = os.environ.get("SIDELIGHT_GUNICORN_LOG", "warning")

# The application itself is not preloaded: its threads, connections and keys belong to one
# process, and a reload must read the settings again. Its modules are: they are most of its
# memory and of its start, and workers share their pages.
preload_app = False

# Read when prometheus-client is first imported, so it must be set before any module is.
_METRICS = "PROMETHEUS_MULTIPROC_DIR"
_FOLDER = "sidelight-metrics-"
if _METRICS not in os.environ:
    os.environ[_METRICS] = tempfile.mkdtemp(prefix=_FOLDER)


def on_starting(server: Any) -> None:
    """Import the modules once, before workers are forked."""
    del server
    import plugin.web.app  # noqa: F401, PLC0415 - for its effect, and only once the folder above is set


def when_ready(server: Any) -> None:
    """Let a reload hand over without a gap, and begin none with settings that have a mistake."""
    from plugin.commands.serve import try_out  # noqa: PLC0415 - as above
    from plugin.web.handover import Handover  # noqa: PLC0415 - as above
    from plugin.workspace.start import load_settings, settings_path  # noqa: PLC0415 - as above

    reload = Handover(server).reload

    def reload_what_is_right() -> None:
        try:
            try_out(load_settings(settings_path(None)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the workers go on
            said = "Not reloaded, the settings from before stay in use:\n%s"
            server.log.error(said, error)  # noqa: TRY400 - a trace quotes values
            return
        reload()

    server.reload = reload_what_is_right


def pre_fork(server: Any, worker: Any) -> None:
    """Give a worker the lowest seat that is free."""
    from plugin.web.seats import free  # noqa: PLC0415 - as above

    worker.seat = free(one.seat for one in server.WORKERS.values())


def post_fork(server: Any, worker: Any) -> None:
    """Let a worker count where the one before it stopped."""
    del server
    from plugin.web.seats import take  # noqa: PLC0415 - as above

    take(worker.seat)


def post_worker_init(worker: Any) -> None:
    """Spare the collector of garbage what is none."""
    del worker
    gc.collect()
    gc.freeze()  # what lives as long as the worker is no garbage to look for


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that ended."""
    del server
    from prometheus_client import multiprocess  # noqa: PLC0415 - as above

    multiprocess.mark_process_dead(f"seat{worker.seat}")  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Remove the folder that workers shared their metrics in."""
    del server
    folder = Path(os.environ[_METRICS])  # made by this file, which a reload has read again
    if folder.name.startswith(_FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
