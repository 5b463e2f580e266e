"""Get the helpdesks' own client SDKs from npm, pinned; without npm their tests are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).parent / "browser/client_sdks"
FOLDER = Path(sys.prefix) / "client-sdks"  # beside what pip installed
FILES = ("package.json", "package-lock.json")
WORDS = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
)
HINT = (
    "Tests beside the helpdesks' own SDKs are skipped: install npm (Debian: apt-get install npm)"
    " and run make test where it reaches its registry."
)


def find() -> Path | None:
    """Return the folder of the installed packages, None where they are not those of our pins."""
    modules = FOLDER / "node_modules"
    same = all(
        (FOLDER / name).is_file() and (FOLDER / name).read_bytes() == (PINS / name).read_bytes()
        for name in FILES
    )
    return modules if same and modules.is_dir() else None


def _install(npm: str) -> None:
    sys.stdout.write("Installing the helpdesks' client SDKs for the browser tests …\n")
    sys.stdout.flush()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name in FILES:
        shutil.copy(PINS / name, FOLDER / name)
    if subprocess.run([npm, *WORDS], cwd=FOLDER, check=False).returncode != 0:
        shutil.rmtree(FOLDER)


def main() -> int:
    """Make the packages present if possible; with CI=true their absence is a failure."""
    npm = shutil.which("npm")
    if find() is None and npm is not None:
        _install(npm)
    if find() is not None:
        return 0
    sys.stdout.write(f"{HINT}\n")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
