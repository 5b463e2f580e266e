"""What code imports must be among the dependencies that are bundled with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from manifest.checks.documents import read_object
from manifest.checks.shapes import check_shape
from manifest.checks.values import table
from manifest.package import AppPackage
from manifest.problem import Problem

FILE = "package.json"
IMPORT = re.compile(r"""\b(?:from|import|require\()\s*['"]([^'"\s]+)['"]""")


def _library(name: str) -> str:
    """Return the package that an import names: the scope belongs to it, a path inside does not."""
    parts = name.split("/")
    return "/".join(parts[: 2 if name.startswith("@") else 1])


def _nearest(package: AppPackage, path: str) -> str:
    for folder in PurePosixPath(path).parents:
        found = str(folder / FILE)
        if found in package.files:
            return found
    return FILE


def check_imports(package: AppPackage, suffixes: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what the code in files of these suffixes imports and no package.json above names."""
    sources = [path for path in sorted(package.files) if path.endswith(suffixes)]
    for file in sorted({_nearest(package, path) for path in sources}):
        document = read_object(package, file)
        yield from document.problems
        if not document.problems:
            yield from check_shape(file, "npm_package", document.table)
    for path in sources:
        source = package.files[path].decode("utf-8", "replace")
        given = table(read_object(package, _nearest(package, path)).table.get("dependencies"))
        for name in sorted(set(IMPORT.findall(source))):
            if not name.startswith((".", "/")) and _library(name) not in given:
                message = f"imports {name}, which {_nearest(package, path)} does not name"
                yield Problem(path, "import-not-declared", message)
