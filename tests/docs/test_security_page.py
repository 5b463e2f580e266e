"""What the page of security names as proof is there."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path("docs/security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([^`\s]+)`", PAGE)
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in Path("tests").rglob("test_*.py"))


def test_every_named_test_exists():
    """By its name, in some file of tests."""
    names = {name for name in NAMED if name.startswith("test_") and not name.endswith(".py")}

    assert names
    assert [name for name in sorted(names) if f"def {name}(" not in TESTS] == []


def test_every_named_file_exists():
    """From the top of the project; a bare name of a test file stands somewhere in tests."""
    paths = {name for name in NAMED if re.search(r"^(plugin|tests|docs)/|\.(py|lock)$", name)}
    missing = [
        path
        for path in sorted(paths)
        if not Path(path).exists() and not list(Path("tests").rglob(path))
    ]

    assert paths
    assert missing == []
