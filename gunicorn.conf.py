"""How gunicorn runs the service: few processes, many threads, and an end that loses no request."""

from __future__ import annotations

import os

wsgi_app = "wsgi:create_app()"
bind = os.environ.get("SIDELIGHT_BIND", "127.0.0.1:8321")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("SIDELIGHT_THREADS", "32"))
keepalive = 30
timeout = 30  # of a worker's heartbeat; the frame budget bounds an answer
graceful_timeout = 10
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 16380
accesslog = None  # query strings carry signatures: Sidelight writes its own log without them
errorlog = "-"
loglevel = os.environ.get("SIDELIGHT_GUNICORN_LOG", "warning")
