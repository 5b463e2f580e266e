"""The Node that Playwright brings along: the front ends run without anything else installed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent


def run(script: str, *words: str, **given: Any) -> Any:
    """Run a script beside this file; `given` is its input as JSON, and it prints JSON."""
    node, _ = compute_driver_executable()
    found = subprocess.run(
        [str(node), str(HERE / script), *words],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)
