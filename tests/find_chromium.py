"""Find Chromium for the browser tests; install Debian's where that needs nobody's consent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HINT = "Browser tests are skipped: install Chromium (Debian: apt-get install chromium)."


def find() -> str | None:
    """Return the path of a Chromium, None when there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def _may_install() -> bool:
    return (
        os.geteuid() == 0
        and shutil.which("apt-get") is not None
        and Path("/etc/debian_version").exists()
    )


def _install() -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", "chromium"]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Make Chromium present if possible; with CI=true its absence is a failure."""
    if find() is None and _may_install():
        sys.stdout.write("Installing Chromium for the browser tests …\n")
        _install()
    if find() is not None:
        return 0
    sys.stdout.write(f"{HINT}\n")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
