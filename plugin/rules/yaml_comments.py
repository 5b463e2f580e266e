"""Comments of a YAML file, and the key or list item that each belongs to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from plugin.rules.yaml_tree import Node, scalars


@dataclass(slots=True)
class Remarks:
    """What stands beside one key or item: lines above it, and a remark at the end of its line."""

    above: list[str] = field(default_factory=list)
    beside: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Comments:
    """Remarks by the start of their key or item, and those at the end of the file."""

    by_start: dict[int, Remarks]
    tail: list[str]

    def at(self, start: int) -> Remarks:
        """Return the remarks of the key or item that starts there."""
        return self.by_start.get(start, Remarks())


def _spans(root: Node) -> list[tuple[int, int]]:
    spans = []
    for scalar in scalars(root):
        start = scalar.start
        if scalar.style in {"|", ">"}:  # a remark may follow the sign
            start = scalar.source.line_end(scalar.start)
        spans.append((start, scalar.end))
    return sorted(spans)


def _found(root: Node) -> Iterator[tuple[int, str, bool]]:
    """Yield index, text and whether it has its own line, for each comment."""
    text = root.source.text
    spans = _spans(root)
    starts = [start for start, _ in spans]
    index = text.find("#")
    while index != -1:
        inside = bisect_right(starts, index) - 1
        in_scalar = inside >= 0 and index < spans[inside][1]
        if not in_scalar and (index == 0 or text[index - 1] in " \t\r\n"):
            end = root.source.line_end(index)
            left = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
            yield index, text[index:end].rstrip(), not text[left:index].strip()
            index = end
        index = text.find("#", index + 1)


def anchors(node: Node) -> Iterator[int]:
    """Yield the start of each key and item that has a line of its own."""
    if node.flow or node.kind == "scalar":
        return
    for item in node.items:
        yield item.start
        yield from anchors(item)
    for key, value in node.entries:
        yield key.start
        yield from anchors(value)


def _blank_above(text: str, start: int) -> bool:
    """Return whether the line above the one that holds `start` is empty."""
    lines = text[:start].replace("\r\n", "\n").split("\n")
    return len(lines) > 1 and not lines[-2].strip()


def read_comments(root: Node) -> Comments:
    """Return every comment of a file with the key or item that it belongs to."""
    text = root.source.text
    starts = sorted(set(anchors(root)))
    comments = Comments({start: Remarks() for start in starts}, [])
    firsts = {start: start for start in starts}
    for index, comment, own_line in _found(root):
        place = bisect_left(starts, index)
        if not own_line and place > 0:
            remarks = comments.by_start[starts[place - 1]]
            remarks.beside = f"{remarks.beside} {comment}".strip()
        elif place < len(starts):
            comments.by_start[starts[place]].above.append(comment)
            firsts[starts[place]] = min(firsts[starts[place]], index)
        else:
            comments.tail.append(comment)
    for start, first in firsts.items():
        comments.by_start[start].blank = _blank_above(text, first)
    return comments
