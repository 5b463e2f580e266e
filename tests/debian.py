"""Install a package of Debian where that needs nobody's consent: as root, on Debian."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def _may_install() -> bool:
    return (
        os.geteuid() == 0
        and shutil.which("apt-get") is not None
        and Path("/etc/debian_version").exists()
    )


def _install(package: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", package]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def provide(find: Callable[[], str | None], package: str, hint: str) -> int:
    """Make a program present if possible; return 1 where it is missing although CI=true."""
    if find() is None and _may_install():
        sys.stdout.write(f"Installing {package} for the tests …\n")
        sys.stdout.flush()
        _install(package)
    if find() is not None:
        return 0
    sys.stdout.write(f"{hint}\n")
    return 1 if os.environ.get("CI") == "true" else 0
