"""What a process starts with: its settings, read for every family, and what it shares."""

from __future__ import annotations

import os
from pathlib import Path

from plugin.families import HELPDESKS, UPSTREAMS
from plugin.fetching.clock import Clock
from plugin.fetching.resources import ResourceOptions, Resources
from plugin.fetching.worker_bus import WorkerBus
from plugin.settings.file import load
from plugin.settings.records import Settings


def settings_path(config: Path | None) -> Path:
    """Return the settings file: as given, else by SIDELIGHT_CONFIG, else sidelight.toml."""
    return config or Path(os.environ.get("SIDELIGHT_CONFIG") or "sidelight.toml")


def load_settings(path: Path) -> Settings:
    """Return the settings at `path`; raise ConfigurationError with every problem."""
    known_upstreams = {name: one.options for name, one in UPSTREAMS.items()}
    known_helpdesks = {name: one.options for name, one in HELPDESKS.items()}
    return load(path, upstreams=known_upstreams, helpdesks=known_helpdesks)


def resources_of(
    settings: Settings,
    clock: Clock,
    *,
    threads: int = 0,
    processes: int = 1,
    board: WorkerBus | None = None,
) -> Resources:
    """Return the shared parts of one process, as the settings size them.

    `threads` serve requests: half of them may wait for first answers, the others stay free.
    `board` is what the `processes` of this host share.
    """
    options = ResourceOptions(
        max_bytes=settings.cache.max_bytes,
        waiting=max(1, threads // 2) if threads else None,
        processes=processes,
        shared_url=settings.cache.url,
        secrets=settings.service.secrets,
        stale_for=settings.cache.stale_for,
        board=board,
    )
    return Resources(options, clock)
