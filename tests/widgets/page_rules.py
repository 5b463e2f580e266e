"""What a part of a page may hold: our own elements, no script, no style, nothing left open."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"hr", "rect", "circle", "path", "polyline", "input"})
ELEMENTS = VOID | {
    *("article", "header", "footer", "section", "div", "details", "summary", "h1", "h2", "p"),
    *("ul", "li", "dl", "dt", "dd", "span", "b", "a", "button", "time", "svg", "label"),
    *("select", "option", "form"),
}
ATTRIBUTES = {
    *("class", "lang", "dir", "role", "title", "href", "target", "rel", "type", "datetime"),
    *("id", "hidden", "height", "width", "viewbox", "d", "r", "cx", "cy", "rx", "points"),
    *("aria-label", "aria-hidden", "aria-valuemin", "aria-valuemax", "aria-valuenow"),
    *("aria-valuetext", "data-state", "data-tone", "data-key", "data-section", "data-action"),
    *("data-value", "data-refreshing", "name", "value", "selected", "placeholder", "maxlength"),
    "autocomplete",
}


class Part(HTMLParser):
    """Read a part; `problems` is what it may not hold, `text` what a person reads."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()
        self.problems += [f"<{tag}> stays open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that is not ours, and attributes that are not."""
        if tag not in ELEMENTS:
            self.problems.append(f"<{tag}>")
        names = [name for name, _ in attrs]
        self.problems += [f"<{tag} {name}>" for name in names if name not in ATTRIBUTES]
        self.problems += [f"<{tag}> says {name} twice" for name in names if names.count(name) > 1]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an end that closes something else."""
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.problems.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """Note a comment: none is sent."""
        self.problems.append(f"a comment: {data}")
