"""What keeps the demo to itself: a folder that it made, this machine alone, its own installs.

Its playground opens every account without credentials and its data is written anew each day, so
that `demo = true` beside somebody's own data would be the end of both.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plugin.errors import ConfigurationError, Problem
from plugin.settings.records import Install, Settings

MARK = ".sidelight-demo"
_MOVE = "rename or remove this folder, or start `sidelight demo` in another one"
_HINT = "take demo = true out; `sidelight demo` makes a folder of its own"


def _digest(kind: str, secrets: tuple[str, ...]) -> str:
    words = json.dumps([kind, list(secrets)])
    return hashlib.sha256(words.encode()).hexdigest()


def _marked(folder: Path) -> Mapping[str, Any] | None:
    """Return the installs that the mark of a folder names, with their digests; None without one."""
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def is_made_by_demo(folder: Path) -> bool:
    """Tell whether the demo made this folder, and may write into it."""
    return _marked(folder) is not None


def claim(folder: Path) -> None:
    """Make a folder the demo's own; raise ConfigurationError where it holds what others wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    if is_made_by_demo(folder):
        return
    if any(folder.iterdir()):
        raise ConfigurationError(
            [Problem(str(folder), "holds files that are not the demo's", _MOVE)]
        )
    (folder / MARK).write_text("{}", encoding="utf-8")


def name_installs(folder: Path, installs: Mapping[str, tuple[str, tuple[str, ...]]]) -> None:
    """Keep in the mark of a folder which installs the demo made: id → kind and secrets."""
    named = {name: _digest(kind, secrets) for name, (kind, secrets) in installs.items()}
    (folder / MARK).write_text(json.dumps(named), encoding="utf-8")


def own_installs(settings: Settings) -> dict[str, Install]:
    """Return the installs that the demo made, by id."""
    named = _marked(settings.folder / "data") or {}
    return {
        name: install
        for name, install in settings.installs.items()
        if named.get(name) == _digest(install.kind, install.secrets)
    }


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def unsafe(settings: Settings, bind: str = "") -> Iterator[Problem]:
    """Yield why the demo must not run with these settings at all; `bind` is where it would."""
    if not settings.service.demo:
        return
    folder = settings.folder / "data"
    if not is_made_by_demo(folder):
        yield Problem(
            "service.demo", f"{folder} was not made by the demo, which overwrites it", _HINT
        )
    places = {
        "service.bind": (bind or settings.service.bind).rpartition(":")[0],
        "service.base_url": urlsplit(settings.service.base_url).hostname or "",
    }
    for key, host in places.items():
        if not _is_here(host):
            said = (
                f"the demo opens every account to everybody, and {host} is not this machine alone"
            )
            yield Problem(key, said, "use 127.0.0.1, or take demo = true out")


def strange_installs(settings: Settings) -> Iterator[Problem]:
    """Yield a problem for each install beside the demo that the demo has not made."""
    own = own_installs(settings) if settings.service.demo else settings.installs
    for name, install in settings.installs.items():
        if name not in own:
            key = f"workspaces.{install.workspace}.installs.{name}"
            yield Problem(key, "is not one that the demo made: its accounts are not for all", _HINT)
