"""Goal 15: what the first view of a frame weighs on the wire, and what it asks of our host."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from bench.table import Row

STATIC = Path(__file__).parents[1] / "static"
KB = 1024


def _sent(text: bytes) -> int:
    return len(gzip.compress(text))


def rows(page: bytes, bridge: str = "zendesk") -> Iterator[Row]:
    """Weigh a page with its part, the style, the script and the helpdesk's bridge."""
    files = [STATIC / "frame.css", STATIC / "frame.js", STATIC / "helpdesks" / f"{bridge}.js"]
    parts = [_sent(page), *(_sent(path.read_bytes()) for path in files)]
    note = " + ".join(f"{size / KB:.1f}" for size in parts) + " (page, style, script, bridge)"
    yield Row("15", "first view, compressed", sum(parts) / KB, 14, 30, unit=" KB", note=note)
    kept = sum(f'/{path.relative_to(STATIC)}"'.encode() in page for path in files)
    note = "style, script and bridge are kept by the browser for an hour"
    yield Row("15", "requests to our host, first view", 1 + kept, 3, None, note=note)
