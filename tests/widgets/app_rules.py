"""What Pylon takes as a custom app, and what may stand in HTML that a helpdesk injects.

https://docs.usepylon.com/pylon-docs/integrations/custom-apps
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

COLOURS = {"blue", "green", "red", "orange", "gray"}
KEYS = {
    "text": {"label", "value"},
    "badge": {"label", "items"},
    "link": {"label", "url"},
    "divider": set(),
}
ELEMENTS = {"h4", "p", "ul", "li", "span", "strong", "a", "hr"}
CLASSES = {"muted", "badge", "badge red", "badge orange", "badge green"}


def _leaf(part: Mapping[str, Any]) -> Iterator[str]:
    kind = part.get("type")
    if kind not in KEYS or part.keys() != KEYS[kind] | {"type"}:
        yield f"{kind} with {sorted(part)}"
        return
    if not all(isinstance(part[name], str) for name in KEYS[kind] - {"items"}):
        yield f"{kind} with a value that is no text"
    if kind == "link" and not part["url"].startswith("https://"):
        yield "a link that is not https"
    for item in part.get("items", ()):
        if item.keys() != {"value", "color"} or item["color"] not in COLOURS:
            yield f"badge item {item}"


def app_problems(answer: Mapping[str, Any]) -> list[str]:
    """Return what Pylon would not take."""
    found = [] if answer.keys() == {"version", "header", "components"} else ["other keys"]
    for part in answer["components"]:
        if part.get("type") == "card":
            extra = part.keys() - {"type", "components", "header"}
            found += [f"card with {sorted(extra)}"] if extra or not part["components"] else []
            found += [problem for inner in part["components"] for problem in _leaf(inner)]
        else:
            found += _leaf(part)
    return found


class Fragment(HTMLParser):
    """Reads a fragment: which elements, classes and links, and whether all are closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()
        self.problems += [f"{tag} stays open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        given = dict(attrs)
        self.open += [] if tag == "hr" else [tag]
        self.problems += [] if tag in ELEMENTS else [tag]
        odd = given.keys() - {"class", "href", "target", "rel"}
        self.problems += [f"{tag} with {name}" for name in odd]
        if "class" in given and given["class"] not in CLASSES:
            self.problems.append(f"class {given['class']}")
        self.links += [given["href"] or ""] if "href" in given else []

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"{tag} closed out of order")
