"""Reading an expression: what binds to what, and where each part stands."""

from __future__ import annotations

import pytest

from plugin.rules.language.parser import parse
from plugin.rules.language.syntax import Binary, Call, Chain, Expression, Literal, Path, Unary


def shape(node: Expression) -> str:
    """Return a tree with every bracket written."""
    match node:
        case Literal(value=value):
            return str(value)
        case Path():
            return str(node)
        case Chain(op=op, operands=operands):
            return f"({f' {op} '.join(shape(operand) for operand in operands)})"
        case Binary(op=op, left=left, right=right):
            return f"({shape(left)} {op} {shape(right)})"
        case Unary(op=op, operand=operand):
            return f"({op}{shape(operand)})"
    assert isinstance(node, Call)
    return f"{node.name}({', '.join(shape(part) for part in node.args)})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a || b && c || d", "(a || (b && c) || d)"),
        ("a && b && c && d", "(a && b && c && d)"),
        ("a + b - c + d", "(((a + b) - c) + d)"),
        ("a + b * c % d", "(a + ((b * c) % d))"),
        ("a - b < c * d", "((a - b) < (c * d))"),
        ("a in b && c == d", "((a in b) && (c == d))"),
        ("!a && b", "((!a) && b)"),
        ("!a == b", "((!a) == b)"),
        ("-a * b", "((-a) * b)"),
        ("!!a", "(!(!a))"),
        ("f(a || b, c)", "f((a || b), c)"),
        ("(a || b) && c", "((a || b) && c)"),
    ],
)
def test_operators_bind_as_in_cel(text, expected):
    """Chains of one sign are one node, arithmetic binds to the left."""
    assert shape(parse(text)) == expected


def test_every_part_knows_its_place():
    """Brackets belong to what they enclose together with its neighbours."""
    text = "(a + b) * c  && tickets.exists(t, !t.x)"
    chain = parse(text)
    assert isinstance(chain, Chain)
    product, call = chain.operands

    assert text[chain.span.start : chain.span.end] == text
    assert text[product.span.start : product.span.end] == "(a + b) * c"
    assert text[call.span.start : call.span.end] == "tickets.exists(t, !t.x)"
    assert isinstance(call, Call)
    assert text[call.name_span.start : call.name_span.end] == "exists"


def test_places_count_code_points():
    """A sign outside the first plane is one place."""
    tree = parse("'🙂' == a.b")

    assert isinstance(tree, Binary)
    assert (tree.right.span.start, tree.right.span.end) == (7, 10)


def test_places_do_not_make_trees_differ():
    """Two texts that say the same have equal trees; true is not 1."""
    assert parse("a  ==  1") == parse("(a == 1)")
    assert parse("a == true") != parse("a == 1")


def test_a_def_keeps_its_name_in_every_place():
    """Spans say in which text they count."""
    assert parse("a == 1", "mine").span.definition == "mine"
