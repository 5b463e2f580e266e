"""Send many requests over kept connections: by wrk where it is installed, else from Python."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.rounds import share
from plugin.frame import SignedRequest

GENERATOR = "wrk" if shutil.which("wrk") else "the Python generator"
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}

_SCRIPT = """
local n = 0
local all = {}
for line in io.lines("FILE") do
  local method, path, rest = line:match("^(%S+) (%S+) (.*)$")
  local headers, body = {}, ""
  for name, value in rest:gmatch("([^\\1]+)\\1([^\\1]*)\\1") do
    if name == "=body" then body = value else headers[name] = value end
  end
  all[#all + 1] = wrk.format(method, path, headers, body)
end
request = function() n = n % #all + 1; return all[n] end
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """One request to send."""

    path: str
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: requests a second, the 50th and 99th percentile in ms, failures."""

    rate: float
    p50: float
    p99: float
    failed: int


def shot_of(signed: SignedRequest) -> Shot:
    """Return a helpdesk's signed request as one to send."""
    parts = urlsplit(signed.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return Shot(path, signed.method, dict(signed.headers), signed.body)


def _line(shot: Shot) -> str:
    fields = {**shot.headers, "=body": shot.body.decode("latin-1")}
    rest = "".join(f"{name}\1{value}\1" for name, value in fields.items())
    return f"{shot.method} {shot.path} {rest}"


def _milliseconds(text: str, name: str) -> float:
    found = re.search(rf"{name}\s+([0-9.]+)(us|ms|s|m)\b", text)
    return float(found[1]) * _UNITS[found[2]] if found else 0.0


def _by_wrk(url: str, shots: Sequence[Shot], connections: int, seconds: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        lines, script = Path(folder) / "shots", Path(folder) / "shots.lua"
        lines.write_bytes("\n".join(_line(shot) for shot in shots).encode("latin-1"))
        script.write_text(_SCRIPT.replace("FILE", str(lines)))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        done = subprocess.run(
            [*command, "-s", str(script), url], capture_output=True, text=True, check=True
        )
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    errors = re.findall(r"(?:connect|read|write|timeout) (\d+)", done.stdout)
    return Outcome(
        float(rate[1]) if rate else 0.0,
        _milliseconds(done.stdout, "50%"),
        _milliseconds(done.stdout, "99%"),
        (int(bad[1]) if bad else 0) + sum(map(int, errors)),
    )


def _by_python(url: str, shots: Sequence[Shot], connections: int, seconds: int) -> Outcome:
    took: list[float] = []
    failed = [0]
    over = time.monotonic() + seconds

    def work(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        while time.monotonic() < over:
            number += 1
            shot = shots[number % len(shots)]
            began = time.perf_counter()
            connection.request(shot.method, shot.path, shot.body, shot.headers)
            answer = connection.getresponse()
            answer.read()
            took.append((time.perf_counter() - began) * 1000)
            failed[0] += answer.status != http.client.OK
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Outcome(len(took) / seconds, share(took, 0.5), share(took, 0.99), failed[0])


def run(url: str, shots: Sequence[Shot], connections: int = 16, seconds: int = 3) -> Outcome:
    """Send the requests in turn, over and over, for some seconds."""
    by = _by_wrk if GENERATOR == "wrk" else _by_python
    return by(url, shots, connections, seconds)


def once(url: str, shot: Shot) -> tuple[int, bytes, float]:
    """Send one request on a connection of its own; return status, body and seconds."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    began = time.perf_counter()
    connection.request(shot.method, shot.path, shot.body, shot.headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, time.perf_counter() - began


def widget_shot(page: bytes, claims: object) -> Shot:
    """Return the page's second step, with the token that the page carries."""
    token = re.search(rb'data-token="([^"]+)"', page)
    endpoint = re.search(rb'data-endpoint="([^"]+)"', page)
    if token is None or endpoint is None:
        raise RuntimeError("the launch brought no page with a token")
    headers = {"Authorization": f"Bearer {token[1].decode()}", "Content-Type": "application/json"}
    return Shot(endpoint[1].decode(), "POST", headers, json.dumps(claims).encode())
