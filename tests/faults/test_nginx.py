"""The proxy's configuration that operators are given, run by nginx in front of the service."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.demo import written
from bench.servers import children, free_port, gunicorn, wait_for
from tests.faults.workers import held
from tests.find_nginx import HINT, find

CONFIGURATION = Path("docs/nginx/sidelight.conf")
AROUND = """
daemon off; master_process off; pid "{folder}/pid"; error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path "{folder}/bodies"; proxy_temp_path "{folder}/answers";
    fastcgi_temp_path "{folder}/f"; uwsgi_temp_path "{folder}/u"; scgi_temp_path "{folder}/s";
{inner}
}}
"""
HALF = b"POST /hooks/a/b HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nab"
MANY = 20
Ports = tuple[int, int, list[int]]  # of the proxy, of the service; the service's workers


def _configured(folder: Path, front: int, behind: int) -> Path:
    """Write the configuration but for the certificate, which is the operator's own."""
    lines = CONFIGURATION.read_text(encoding="utf-8").replace("443 ssl", f"127.0.0.1:{front}")
    lines = lines.replace("127.0.0.1:8321", f"127.0.0.1:{behind}")
    inner = "\n".join(line for line in lines.splitlines() if "ssl_" not in line)
    path = folder / "nginx.conf"
    path.write_text(AROUND.format(folder=folder, inner=inner), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def nginx() -> str:
    """Return the path of nginx; in CI it has to be there."""
    found = find()
    if found is None:
        assert os.environ.get("CI") != "true", HINT
        pytest.skip(HINT)
    return found


@pytest.fixture(scope="module")
def ports(nginx: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """Run the service, and nginx in front of it."""
    folder, front, behind = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    settings, _ = written(folder, behind)
    words = settings.read_text(encoding="utf-8")
    settings.write_text(words.replace("[service]\n", "[service]\ntrusted_proxies = 1\n"))
    configured = _configured(folder, front, behind)
    with gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(settings)}, behind) as server:
        proxy = subprocess.Popen([nginx, "-p", str(folder), "-c", str(configured)])
        try:
            wait_for(f"http://127.0.0.1:{front}/healthz", proxy)
            yield front, behind, children(server.process.pid)
        finally:
            proxy.terminate()
            proxy.wait(15)


def _ask(
    port: int,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    source: str = "127.0.0.1",
) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=15, source_address=(source, 0))
    try:
        line.request(method, path, body, dict(headers or {}))
        answer = line.getresponse()
        answer.read()
        return answer
    finally:
        line.close()


def test_a_request_goes_through_to_the_service(ports: Ports) -> None:
    """The answer is the service's own, with its headers."""
    answer = _ask(ports[0], "GET", "/healthz")

    assert answer.status == 200
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_a_body_reaches_the_service_once_it_is_whole(ports: Ports) -> None:
    """Clients that drip stay at the proxy: the service holds no connection for them."""
    front, behind, workers = ports

    def waiting() -> int:
        return sum(held(worker, behind) for worker in workers)

    with ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", front), 15))
            for _ in range(MANY)
        ]
        for line in lines:
            line.sendall(HALF)
        assert _ask(front, "GET", "/healthz").status == 200  # by then nginx has read the halves
        assert waiting() < MANY // 2  # those that nginx keeps open for whoever comes next
        for line in lines:
            line.sendall(b"cd")
        assert all(line.recv(99).startswith(b"HTTP/1.1 401") for line in lines)


def test_the_service_sees_who_asks_and_believes_no_header(ports: Ports) -> None:
    """Wrong keys of one client are counted as its own, whatever address it claims."""
    statuses = [
        _ask(
            ports[0],
            "GET",
            "/api/v1/accounts?id=a",
            headers={"Authorization": "Bearer wrong", "X-Forwarded-For": f"203.0.113.{number}"},
            source="127.0.0.2",
        ).status
        for number in range(130)
    ]
    other = _ask(
        ports[0],
        "GET",
        "/api/v1/accounts?id=a",
        headers={"Authorization": "Bearer wrong"},
        source="127.0.0.3",
    )

    assert (statuses[0], statuses[-1], other.status) == (401, 429, 401)


def test_a_doubled_slash_is_another_address(ports: Ports) -> None:
    """Nothing redirects, and nothing is served under a second spelling."""
    for path in ("//healthz", "/static//frame.css", "//api/v1/accounts?id=a"):
        answer = _ask(ports[0], "GET", path)
        assert (path, answer.status, answer.getheader("Location")) == (path, 404, None)


@pytest.mark.parametrize("name", ["metrics", "readyz"])
def test_what_operators_watch_stays_inside(ports: Ports, name: str) -> None:
    """However a stranger spells it."""
    for path in (
        f"/{name}",
        f"/{name}/",
        f"//{name}",
        f"/x/../{name}",
        f"/%{ord(name[0]):x}{name[1:]}",
    ):
        assert (path, _ask(ports[0], "GET", path).status) == (path, 404)
    assert _ask(ports[1], "GET", f"/{name}").status == 200


def test_too_large_a_body_ends_at_the_proxy(ports: Ports) -> None:
    """The limit is that of the settings' default; what is below it arrives whole."""
    sizes = {
        size: _ask(ports[0], "POST", "/hooks/a/b", b"a" * size).status
        for size in (200_000, 300_000)
    }

    assert sizes == {200_000: 401, 300_000: 413}
