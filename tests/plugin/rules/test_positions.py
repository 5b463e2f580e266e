"""Each character of a YAML scalar is found again in its file, however it was written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.diagnostic import Diagnostic
from plugin.rules.positions import offsets, place_in
from plugin.rules.yaml_tree import Node, read_yaml

TEXTS = st.text(alphabet="ab é𝄞'\"\\\n:#&,[]{}|>-%", min_size=1, max_size=40)


def value_of(text: str) -> Node:
    """Return the scalar under the key `a`."""
    root = read_yaml(text, "x.yaml")
    assert not isinstance(root, Diagnostic), str(root)
    value = root.get("a")
    assert value is not None
    return value


def found_at(text: str, word: str) -> tuple[int, int, str]:
    """Return line and column of a word of the value, and what stands there."""
    node = value_of(text)
    start = node.text.index(word)
    place = place_in(node, start, start + len(word))
    return *node.source.locate(place.start), node.source.text[place.start : place.end]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: one two\n", 1, 8),
        ("a: 'it''s two'\n", 1, 11),
        ('a: "\\u00e9 \\"x\\" two"\n', 1, 18),
        ('a: "one\n  two"\n', 2, 3),
        ('a: "one\\\n  two"\n', 2, 3),
        ("a: one\n\n\n  two\n", 4, 3),
        ("a: >-\n  one\n  two\n", 3, 3),
        ("a: >\n  one\n\n    deeper\n  two\n", 5, 3),
        ("a: |\n    one\n     two\n", 3, 6),
        ("a: >- # remark\n  one\n  two\n", 3, 3),
        ("a: é𝄞 two\n", 1, 7),
        ("a: one\r\n  two\r\n", 2, 3),
        ("\ufeffa: one two\n", 1, 8),
        ("b: {a: 'x two'}\na: one two\n", 2, 8),
    ],
)
def test_finds_a_word_in_the_file(text: str, line: int, column: int) -> None:
    """Lines and columns count from 1, in code points, through quotes, escapes and folds."""
    assert found_at(text, "two") == (line, column, "two")


def test_a_word_over_a_fold_spans_both_lines() -> None:
    """A mark may begin on one line and end on the next."""
    node = value_of('a: "one\n  two"\n')
    place = place_in(node, 2, 5)

    assert node.source.text[place.start : place.end] == "e\n  t"


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_double_quotes_keep_every_place(text: str) -> None:
    """In double quotes each character is found at its own escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    node = value_of(f'a: "{escaped}"\n')
    places = offsets(node)

    assert node.text == text
    assert places is not None
    assert places == sorted(set(places))
    assert len(places) == len(text) + 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab :'#", min_size=1, max_size=9), min_size=1, max_size=5))
def test_blocks_keep_every_place(lines: list[str]) -> None:
    """In a block each visible character is found where it is written."""
    body = "".join(f"  |{line}\n" for line in lines)
    for style in ("|", ">", ">-", "|-"):
        node = value_of(f"a: {style}\n{body}")
        places = offsets(node)

        assert places is not None
        shown = zip(node.text, places, strict=False)
        assert all(node.source.text[at] == char for char, at in shown if char not in " \n")


def test_an_explicit_indent_falls_back_to_the_scalar() -> None:
    """Where the mapping cannot be proven the mark covers the scalar, not a wrong word."""
    node = value_of("a: |2\n    one two\n")
    place = place_in(node, 6, 9)

    assert node.source.locate(place.start)[0] in {1, 2}
