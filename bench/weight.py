"""Goal 15: what the first view of a frame weighs on the wire, and what it asks of our host."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from bench.table import Row
from plugin.web.assets import STYLE, asset

KB = 1024


def _sent(text: bytes) -> int:
    return len(gzip.compress(text))


def rows(page: bytes, helpdesk: str = "zendesk") -> Iterator[Row]:
    """Weigh a page with its part, the style and the script that it names."""
    files = [asset(STYLE), asset(f"{helpdesk}.js")]
    parts = [_sent(page), *(len(one.packed) for one in files)]
    note = " + ".join(f"{size / KB:.1f}" for size in parts) + " (page with its part, style, script)"
    yield Row("15", "first view, compressed", sum(parts) / KB, 14, 30, unit=" KB", note=note)
    named = sum(f'"{one.url}"'.encode() in page for one in files)
    note = "page, style and script; the last two are kept for a year"
    yield Row("15", "requests to our host, first view", 1 + named, 3, None, note=note)
