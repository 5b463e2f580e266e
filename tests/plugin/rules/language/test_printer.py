"""The canonical text: the same tree, the same text, and no bracket too many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from plugin.rules.language.parser import parse
from plugin.rules.language.printer import print_expression
from tests.plugin.rules.language.strategies import conditions


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a.b>=3&&( c||d )", "a.b >= 3 && (c || d)"),
        ("( (a.b) )  ==  'x'", "a.b == 'x'"),
        ('a.b == "x"', "a.b == 'x'"),
        ("a.b == 'it\\'s'", 'a.b == "it\'s"'),
        ("a.b == 'it\\'s \"so\"'", "a.b == 'it\\'s \"so\"'"),
        ("a.b == 'a\\\\b\\n\\t'", "a.b == 'a\\\\b\\n\\t'"),
        ("1.50 + 2", "1.5 + 2"),
        ("0.00001 < 100000000000000", "0.00001 < 100000000000000"),
        ("1 - (2 - 3)", "1 - (2 - 3)"),
        ("(1 - 2) - 3", "1 - 2 - 3"),
        ("(1 * 2) + (3 / 4)", "1 * 2 + 3 / 4"),
        ("(1 + 2) * 3", "(1 + 2) * 3"),
        ("!(a.b)", "!a.b"),
        ("! ! a", "!!a"),
        ("-(1 + 2)", "-(1 + 2)"),
        ("!(a && b)", "!(a && b)"),
        ("(a && b) || c", "a && b || c"),
        ("a && (b && c)", "a && (b && c)"),
        ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("a ? (b ? c : d) : (e ? f : g)", "a ? (b ? c : d) : e ? f : g"),
        (
            "tickets . filter( t ,t.kind=='bug' ).size( )",
            "tickets.filter(t, t.kind == 'bug').size()",
        ),
        ("x in[1,2]", "x in [1, 2]"),
        ("(a == b) == true", "(a == b) == true"),
        ("'x'.contains( 'y' )", "'x'.contains('y')"),
        ("a\n  && b", "a && b"),
    ],
)
def test_an_expression_has_one_text(text, canonical):
    """Spaces, quotes and brackets are settled; printing again changes nothing."""
    assert print_expression(text) == canonical
    assert print_expression(canonical) == canonical
    assert parse(canonical) == parse(text)


@settings(max_examples=80, deadline=None)
@given(conditions())
def test_the_canonical_text_has_the_same_tree(text):
    """Printing and reading again gives the tree that was written."""
    tree = parse(text)

    assert parse(print_expression(tree)) == tree
    assert print_expression(print_expression(tree)) == print_expression(tree)
