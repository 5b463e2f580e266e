"""Find Chromium for the browser tests; install Debian's where that needs nobody's consent."""

from __future__ import annotations

import os
import shutil
import sys

from tests.debian import provide

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HINT = "Browser tests are skipped: install Chromium (Debian: apt-get install chromium)."


def find() -> str | None:
    """Return the path of a Chromium, None when there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


if __name__ == "__main__":
    sys.exit(provide(find, "chromium", HINT))
