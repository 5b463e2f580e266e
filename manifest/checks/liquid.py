"""Check a Liquid template as Liquid reads it, and that it escapes what it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from liquid import Environment
from liquid.exceptions import LiquidError

from manifest.checks.documents import read_text
from manifest.package import AppPackage
from manifest.problem import Problem

SUFFIX = ".liquid"
OUTPUT = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
FILTER = re.compile(r"\|\s*(\w+)")
ESCAPES = ("escape", "escape_once", "h", "url_encode", "json")
HELD = re.compile(r"(?s)\{%-?\s*(comment|raw)\s*-?%\}.*?\{%-?\s*end\1\s*-?%\}")


def _parsed(path: str, source: str) -> Iterator[Problem]:
    environment = Environment()
    try:
        environment.from_string(source)
    except LiquidError as error:
        yield Problem(path, "liquid-syntax", f"is not Liquid: {error.args[0]}")
    for name in sorted(set(FILTER.findall(" ".join(OUTPUT.findall(source))))):
        if name not in (*environment.filters, "h"):
            yield Problem(path, "liquid-filter", f"there is no filter {name!r}")


def _printed(path: str, source: str) -> Iterator[Problem]:
    for output in OUTPUT.findall(source):
        filters = FILTER.findall(output)
        if not filters or filters[-1] not in ESCAPES:
            message = f"{{{{ {output} }}}} is printed as it is: end it with | escape"
            yield Problem(path, "liquid-unescaped", message)


def check_liquid(package: AppPackage) -> Iterator[Problem]:
    """Yield what is wrong with the templates of a package."""
    for path in sorted(package.files):
        if path.endswith(SUFFIX):
            document = read_text(package, path)
            yield from document.problems
            source = HELD.sub("", str(document.value or ""))
            if not source.strip() and not document.problems:
                yield Problem(path, "liquid-syntax", "the template is empty")
            yield from _parsed(path, str(document.value or ""))
            yield from _printed(path, source)
