"""Renderers are found by their file's name, and a file without one is named."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from widgets.registry import NotOneRenderer, discover

RECORD = """
from widgets.renderer import Limits, Renderer
{name} = Renderer("{name}", "", "text/plain", lambda widget, view: "", Limits("https://a"))
"""


def _family(folder: Path, **modules: str) -> str:
    package = folder / "family"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)
    return "family"


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose packages can be imported, and forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "family"]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    return tmp_path


def test_finds_every_format() -> None:
    """The formats that ship are found, in the order of their names."""
    names = ["canvas_kit", "customer_card", "html", "json_view", "text"]

    assert [name for name in discover() if name in names] == names


def test_finds_a_new_file(on_path: Path) -> None:
    """A new file with its record is a new format, and nothing else has to change."""
    package = importlib.import_module(_family(on_path, new=RECORD.format(name="new")))

    assert list(discover(package)) == ["new"]


@pytest.mark.parametrize(
    "text",
    ["", RECORD.format(name="other"), RECORD.format(name="wrong") + RECORD.format(name="second")],
    ids=["none", "named otherwise", "two"],
)
def test_names_the_file_without_its_record(on_path: Path, text: str) -> None:
    """A module that does not hold exactly one record, named like the file, stops the start."""
    package = importlib.import_module(_family(on_path, wrong=text))

    with pytest.raises(NotOneRenderer, match=r"family\.wrong.*name='wrong'"):
        discover(package)
