"""The demo workspace as the accounts that are measured, and requests signed for its installs."""

from __future__ import annotations

from pathlib import Path

from bench.load import Shot, shot_of
from plugin.demo.setup import set_up_demo
from plugin.families import HELPDESKS
from plugin.fetching.clock import system_clock
from plugin.helpdesk import Trial
from plugin.settings.records import Settings
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial

EMAIL = "billing.admin@northwind.example"


def written(folder: Path, port: int) -> tuple[Path, Settings]:
    """Write the demo's settings into a folder; return their path and what they say."""
    path = set_up_demo(folder, f"127.0.0.1:{port}", system_clock().now())
    # Without the playground: it looks at its data's day before every request.
    path.write_text(path.read_text().replace("demo = true\n", "frames_per_minute = 100000000\n"))
    return path, load_settings(path)


def signed(settings: Settings, install_id: str, trial: Trial) -> Shot:
    """Return a request as the helpdesk of an install would sign it now."""
    install = settings.installs[install_id]
    helpdesk = HELPDESKS[install.kind]
    base, now = settings.service.base_url, system_clock().now()
    return shot_of(signed_trial(helpdesk, install, trial, base, now))
