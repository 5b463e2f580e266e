"""The wheel is the product: what a checkout runs, it runs alone, wherever somebody stands."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.servers import free_port, wait_for

ROOT = Path(__file__).parents[1]
SOURCES = ("plugin", "widgets", "manifest", "static")
FILES = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
NOT_OURS = "raise RuntimeError('this is a stranger, not Sidelight')\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Return the wheel, built from a copy: what an earlier build left cannot get into it."""
    folder: Path = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder / "source" / name)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder))
    subprocess.run([*PIP, "wheel", *options, str(folder / "source")], check=True, timeout=120)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory) -> Path:
    """Return the `sidelight` of an environment that has the wheel and its dependencies alone."""
    folder: Path = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=60)
    python = folder / "bin" / "python"
    options = ("--no-deps", "--no-index", str(wheel))
    subprocess.run([*PIP, "--python", python, "install", *options], check=True, timeout=120)
    # Dependencies come from the tests' own environment; a plain path brings no checkout with it.
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    lines = folder / "lib" / version / "site-packages" / "dependencies.pth"
    lines.write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "sidelight"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Return a folder where somebody stands, with a plugin and a wsgi.py of their own."""
    for name in ("plugin/__init__.py", "widgets/__init__.py", "wsgi.py", "gunicorn.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(NOT_OURS)
    return tmp_path


@contextmanager
def running(command: list[str | Path], folder: Path) -> Iterator[str]:
    """Run a command that serves for the length of a with block; yield its address."""
    bind = f"127.0.0.1:{free_port()}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--bind", bind], cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(f"http://{bind}/healthz", process)
            yield f"http://{bind}"
        finally:
            process.terminate()
            process.wait(15)


def fetched(url: str) -> tuple[int, str]:
    """Return status and text of a page."""
    with urllib.request.urlopen(url, timeout=15) as answer:  # noqa: S310 - our own server
        return answer.status, answer.read().decode()


def test_the_wheel_brings_every_file_that_the_service_reads(wheel):
    """Whatever lies in the four folders is in the wheel, what browsers load inside plugin/."""
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    paths = [path for name in SOURCES for path in (ROOT / name).rglob("*") if path.is_file()]
    wanted = {str(path.relative_to(ROOT)) for path in paths if path.parent.name != "__pycache__"}
    moved = {f"plugin/{name}" if name.startswith("static/") else name for name in wanted}
    assert moved - inside == set()


def test_the_wheel_puts_three_names_beside_other_packages(wheel):
    """What a wheel adds to site-packages is what docs/operations.md names, and no more."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name.partition("/")[0] for name in archive.namelist()}
    ours = {name for name in names if not name.endswith(".dist-info")}
    assert ours == {"plugin", "widgets", "manifest"}
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in ours)


def test_an_installed_wheel_runs_the_demo_and_serves(installed, elsewhere):
    """Demo and service run from the wheel, whatever lies in the folder where they are started."""
    with running([installed, "demo"], elsewhere) as url:
        status, page = fetched(f"{url}/playground")
        assert status == 200
        assert "CSV export fails" in page
        assert fetched(f"{url}/static/lamp.svg")[0] == 200
    settings = elsewhere / "var" / "demo" / "sidelight.toml"
    with running([installed, "serve", "--config", settings], elsewhere) as url:
        assert '"store":"ok"' in fetched(f"{url}/readyz")[1]
