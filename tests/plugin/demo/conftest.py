"""The demo folder, written once for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.demo.workspace import write_demo
from tests.plugin.demo.demo_folder import NOW


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the demo workspace as of NOW."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, NOW.date(), NOW)
    return folder
