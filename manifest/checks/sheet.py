"""Check an install sheet: a page without scripts, whose values can be pasted as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser

from manifest.checks.documents import read_text
from manifest.package import AppPackage
from manifest.problem import Problem

FILE = "install.html"
INSECURE = re.compile(r"http://(?!localhost\b|127\.0\.0\.1\b)[^\s<\"']+")
FRAME = re.compile(r"https://[^\s<\"'/]+/frames/[a-z0-9]")
UNFILLED = ("[[", "[%", "]]", "%]")
ACTIVE = frozenset({"script", "iframe", "object", "embed", "form", "base"})
EMPTY = frozenset({"meta", "br", "hr", "img", "link", "input"})


class _Reader(HTMLParser):
    """Notes the title, the tags and the texts of a page, and which tags are not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[str] = []
        self.tags: set[str] = set()
        self.broken: list[str] = []
        self.title = ""
        self.boxes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "pre":
            self.boxes.append("")
        if any(name.startswith("on") for name, _ in attrs):
            self.tags.add("script")
        if tag not in EMPTY:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        if self.opened and self.opened[-1] == tag:
            self.opened.pop()
        else:
            self.broken.append(tag)

    def handle_data(self, data: str) -> None:
        if self.opened and self.opened[-1] == "title":
            self.title += data
        if self.opened and self.opened[-1] == "pre":
            self.boxes[-1] += data


def _read(source: str) -> _Reader:
    reader = _Reader()
    try:
        reader.feed(source)
        reader.close()
    except (AssertionError, ValueError) as error:  # the parser gives up on some marked sections
        reader.broken.append(str(error))
    return reader


def _settings(box: str) -> Iterator[Problem]:
    if not box.lstrip().startswith("["):
        return
    try:
        tomllib.loads(box)
    except tomllib.TOMLDecodeError as error:
        yield Problem(FILE, "sheet-settings", f"the lines for sidelight.toml are no TOML: {error}")


def _page(source: str) -> Iterator[Problem]:
    reader = _read(source)
    if not reader.title.strip():
        yield Problem(FILE, "sheet-title", "the page has no title")
    if reader.broken or reader.opened:
        names = ", ".join(sorted({*reader.broken, *reader.opened}))
        yield Problem(FILE, "sheet-markup", f"not opened and closed in order: {names}")
    for box in reader.boxes:
        yield from _settings(box)
    for tag in sorted(ACTIVE & reader.tags):
        yield Problem(FILE, "sheet-active", f"a page to read holds no {tag}")


def check_sheet(package: AppPackage) -> Iterator[Problem]:
    """Yield what is wrong with the install sheet."""
    document = read_text(package, FILE)
    yield from document.problems
    if document.value is None:
        return
    source = str(document.value)
    yield from _page(source)
    for address in sorted(set(INSECURE.findall(source))):
        yield Problem(FILE, "sheet-insecure-address", f"{address} must be https")
    if not FRAME.search(source):
        yield Problem(FILE, "sheet-frame-address", "does not name the address /frames/INSTALL")
    if any(mark in source for mark in UNFILLED):
        yield Problem(FILE, "sheet-unfilled", "holds a place that was not filled in")
