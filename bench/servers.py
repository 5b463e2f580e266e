"""Start the servers that are measured, on loopback, under the project's own gunicorn settings."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
SETTINGS = "plugin/commands/gunicorn.conf.py"
STARTS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """One running gunicorn."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server on loopback
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return once `url` answers; raise when its process ends or takes too long."""
    over = time.monotonic() + STARTS_WITHIN
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > over:
            raise RuntimeError(f"{url} does not answer: its server ended or takes too long")
        time.sleep(0.05)  # noqa: TID251 - a script that waits for a process


@contextmanager
def gunicorn(
    app: str,
    environment: Mapping[str, str],
    port: int | None = None,
    log: IO[bytes] | int = subprocess.DEVNULL,
) -> Iterator[Server]:
    """Run `app` under gunicorn.conf.py for the length of a with block; it writes its log there."""
    port = port or free_port()
    variables = {**os.environ, "SIDELIGHT_BIND": f"127.0.0.1:{port}", **environment}
    command = [sys.executable, "-m", "gunicorn", "--config", SETTINGS]
    process = subprocess.Popen(
        [*command, "--chdir", str(ROOT), app], cwd=ROOT, env=variables, stderr=log
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children(process_id: int) -> list[int]:
    """Return the worker processes of a gunicorn master (Linux)."""
    path = Path(f"/proc/{process_id}/task/{process_id}/children")
    try:
        return [int(word) for word in path.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return []


def status(process_id: int) -> tuple[float, int]:
    """Return resident megabytes and threads of a process (Linux)."""
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(fields["VmRSS"].split()[0]) / 1024, int(fields["Threads"])
