"""Where in a YAML file each character of a scalar stands, through quoting and folding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugin.rules.diagnostic import SourcePlace
from plugin.rules.yaml_tree import Node

_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_HEX = {"x": 2, "u": 4, "U": 8}
_ESCAPES = dict(zip("0abtnvfre", "\0\a\b\t\n\v\f\r\x1b", strict=True)) | {
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
Placed = list[tuple[str, int]]


def _breaks(text: str, index: int, end: int) -> tuple[int, int]:
    """Return how many line breaks begin at `index`, and where text goes on."""
    count = 0
    while index < end:
        found = _BREAK.match(text, index)
        if found:
            count += 1
            index = found.end()
        elif text[index] in " \t":
            index += 1
        else:
            break
    return count, index


def _drop_blanks(placed: Placed, keep: int) -> None:
    while len(placed) > keep and placed[-1][0] in " \t":
        placed.pop()


def _fold(placed: Placed, text: str, index: int, end: int) -> int:
    count, after = _breaks(text, index, end)
    sign = " " if count == 1 else "\n" * (count - 1)
    placed.extend((char, index) for char in sign)
    return after


def _escape(placed: Placed, text: str, index: int, end: int) -> int:
    """Read the escape at `index` of a double-quoted scalar; return where text goes on."""
    kind = text[index + 1]
    if _BREAK.match(text, index + 1):
        count, after = _breaks(text, index + 1, end)
        placed.extend(("\n", index) for _ in range(count - 1))
        return after
    if kind in _HEX:
        digits = text[index + 2 : index + 2 + _HEX[kind]]
        placed.append((chr(int(digits, 16)), index))
        return index + 2 + _HEX[kind]
    placed.append((_ESCAPES.get(kind, kind), index))
    return index + 2


def _flow(text: str, start: int, end: int, style: str | None) -> Placed:
    """Place the characters of a plain or quoted scalar between `start` and `end`."""
    placed: Placed = []
    index = start
    solid = 0  # blanks before this were written as escapes and stay
    while index < end:
        if style == '"' and text[index] == "\\":
            index = _escape(placed, text, index, end)
            solid = len(placed)
        elif _BREAK.match(text, index):
            _drop_blanks(placed, solid)
            index = _fold(placed, text, index, end)
            solid = len(placed)
        else:
            placed.append((text[index], index))
            index += 2 if style == "'" and text.startswith("''", index) else 1
    return placed


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each line below the header of a block scalar."""
    header = _BREAK.search(text, start, end)
    index = header.end() if header else end
    while index < end:
        found = _BREAK.search(text, index, end)
        yield index, found.start() if found else end
        index = found.end() if found else end


def _block_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    lines = list(_lines(text, start, end))
    first = next((text[a:b] for a, b in lines if text[a:b].strip(" ")), "")
    indent = len(first) - len(first.lstrip(" "))
    return [(min(a + indent, b), b) for a, b in lines]


def _block(text: str, start: int, end: int, *, folded: bool) -> Placed:
    """Place the characters of a block scalar; surplus line ends at its end do no harm."""
    placed: Placed = []
    lines = _block_lines(text, start, end)
    for number, (left, right) in enumerate(lines):
        placed.extend((text[at], at) for at in range(left, right))
        following = lines[number + 1 :]
        if not (folded and _joins(text, (left, right), following)):
            placed.append(("\n", right))
        elif following[0][0] < following[0][1]:
            placed.append((" ", right))
    return placed


def _joins(text: str, line: tuple[int, int], following: list[tuple[int, int]]) -> bool:
    """Return whether the break after `line` is folded away: no indented text beside it."""
    if line[0] == line[1] or text[line[0]] in " \t":
        return False
    filled = next((text[a] for a, b in following if a < b), "")
    return bool(following) and filled not in {"", " ", "\t"}


def offsets(node: Node) -> list[int] | None:
    """Return the source index of each character of a scalar, and of its end.

    None where the mapping cannot be proven to give the same text.
    """
    text, start, end = node.source.text, node.start, node.end
    if node.style in {"|", ">"}:
        placed = _block(text, start, end, folded=node.style == ">")
    elif node.style is None:
        placed = _flow(text, start, end, None)
    else:
        placed = _flow(text, start + 1, end - 1, node.style)
    count = len(node.text)
    if "".join(char for char, _ in placed[:count]) != node.text:
        return None
    last = placed[count][1] if len(placed) > count else (placed[-1][1] + 1 if placed else start)
    return [index for _, index in placed[:count]] + [last]


def place_in(node: Node, start: int, end: int) -> SourcePlace:
    """Return where the characters start..end of a scalar's text stand in its file."""
    found = offsets(node)
    within = (node.start, node.end)
    if found is None:
        return SourcePlace(node.source, min(node.start + start, node.end), node.end, within)
    first = found[min(start, len(found) - 1)]
    last = found[min(max(end, start + 1), len(found)) - 1]
    stop = last + 1 if end <= len(node.text) else last
    inner = (found[0], max(found[-1], stop))
    return SourcePlace(node.source, first, max(stop, first + 1), inner)
