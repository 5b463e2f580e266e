"""Find nginx for the tests of the proxy; install Debian's where that needs nobody's consent."""

from __future__ import annotations

import os
import shutil
import sys

from tests.debian import provide

HINT = "Tests of the proxy are skipped: install nginx (Debian: apt-get install nginx-light)."
# Debian keeps it where only root looks.
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


def find() -> str | None:
    """Return the path of nginx, None when there is none."""
    return shutil.which("nginx", path=PLACES)


if __name__ == "__main__":
    sys.exit(provide(find, "nginx-light", HINT))
