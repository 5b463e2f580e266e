"""Read the text of an expression into its tree; precedence is a table (Pratt).

Every nesting is counted, so that no text can exhaust the stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plugin.rules.language import left_out
from plugin.rules.language.lexer import Token, refuse, tokens
from plugin.rules.language.limits import MAX_CHARACTERS, MAX_DEPTH, MAX_NODES
from plugin.rules.language.syntax import (
    Binary,
    Call,
    Chain,
    Choice,
    Expression,
    ListLiteral,
    Literal,
    Path,
    Unary,
)
from plugin.rules.language.tree import Span

_OR, _AND, _RELATION, _SUM, _TERM = 1, 2, 3, 4, 5
_STRENGTH = (
    {"||": _OR, "&&": _AND, "+": _SUM, "-": _SUM, "*": _TERM, "/": _TERM, "%": _TERM}
) | dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), _RELATION)
_CLOSING = {"(": ")", "[": "]"}


class _Parser:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, definition: str | None, depth: int) -> None:
        self.source = tokens(text)  # read as far as needed: hostile text ends early
        self.tokens: list[Token] = []
        self.definition = definition
        self.at = 0
        self.depth = depth
        self.nodes = 0
        self.brackets: list[Token] = []

    def peek(self, ahead: int) -> Token:
        while len(self.tokens) <= self.at + ahead:
            following = next(self.source, None)
            if following is None:
                return self.tokens[-1]
            self.tokens.append(following)
        return self.tokens[self.at + ahead]

    @property
    def token(self) -> Token:
        return self.peek(0)

    def advance(self) -> Token:
        token = self.peek(0)
        self.at += 1
        return token

    def is_sign(self, *texts: str) -> bool:
        token = self.token
        return token.text in texts and token.kind in ("sign", "name")

    def span(self, start: int) -> Span:
        """Return the place from `start` to the last token read; each node has one."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = f"more than {MAX_NODES} parts"
            hint = "name a part in 'defs' and judge it in a rule of its own"
            raise refuse("too-many-nodes", message, hint, start, self.tokens[self.at - 1].end)
        return Span(start, self.tokens[self.at - 1].end, self.definition)

    @contextmanager
    def deeper(self, token: Token) -> Iterator[None]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise left_out.too_deep(token)
        yield
        self.depth -= 1

    @contextmanager
    def bracket(self) -> Iterator[None]:
        opening = self.advance()
        self.brackets.append(opening)
        with self.deeper(opening):
            yield
        if not self.is_sign(_CLOSING[opening.text]):
            raise self.unexpected()
        self.advance()
        self.brackets.pop()

    def unexpected(self) -> Exception:
        """Say what stands where it cannot, or what is missing at the end."""
        previous = self.tokens[self.at - 1] if self.at else None
        return left_out.out_of_place(self.token, previous, self.peek(1), self.brackets)

    def whole(self) -> Expression:
        result = self.expression()
        if self.token.kind != "end":
            raise self.unexpected()
        return result

    def expression(self) -> Expression:
        start = self.token.start
        condition = self.binary(_OR)
        if not self.is_sign("?"):
            return condition
        with self.deeper(self.advance()):
            then = self.binary(_OR)
            if not self.is_sign(":"):
                raise (
                    left_out.half_choice(self.token)
                    if self.token.kind == "end"
                    else self.unexpected()
                )
            self.advance()
            other = self.expression()
        return Choice(condition, then, other, self.span(start))

    def binary(self, weakest: int) -> Expression:
        start = self.token.start
        left = self.unary()
        while True:
            strength = _STRENGTH.get(self.token.text, 0) if self.is_operator() else 0
            if strength < weakest or not strength:
                return left
            if strength in (_OR, _AND):
                left = self.chain(left, strength, start)
            else:
                left = self.operation(left, strength, start)

    def is_operator(self) -> bool:
        return self.token.kind == "sign" or self.token.text == "in"

    def chain(self, first: Expression, strength: int, start: int) -> Expression:
        op = self.token.text
        operands = [first]
        while self.is_sign(op):
            self.advance()
            operands.append(self.binary(strength + 1))
        return Chain(op, tuple(operands), self.span(start))

    def operation(self, left: Expression, strength: int, start: int) -> Expression:
        op = self.advance().text
        right = self.binary(strength + 1)
        result = Binary(op, left, right, self.span(start))
        again = _STRENGTH.get(self.token.text) if self.is_operator() else None
        if strength == again == _RELATION:
            message, hint = "comparisons cannot be chained", "write 'a < b && b < c'"
            raise refuse("chained-comparison", message, hint, start, self.token.end)
        return result

    def unary(self) -> Expression:
        if not self.is_sign("!", "-"):
            return self.member()
        op = self.advance()
        with self.deeper(op):
            same = self.is_sign(op.text)
            operand = self.unary() if same else self.member()
        return Unary(op.text, operand, self.span(op.start))

    def member(self) -> Expression:
        start = self.token.start
        result = self.primary()
        calls = 0
        while self.is_sign("."):
            self.advance()
            if self.token.kind != "name":
                raise self.unexpected()
            if self.peek(1).text != "(":
                raise left_out.selection(self.token)
            self.depth += 1
            calls += 1
            result = self.call(result, start)
        self.depth -= calls
        return result

    def call(self, target: Expression | None, start: int) -> Expression:
        name = self.advance()
        name_span = Span(name.start, name.end, self.definition)
        with self.bracket():
            args = () if self.is_sign(")") else self.arguments()
        return Call(name.text, target, args, self.span(start), name_span)

    def arguments(self) -> tuple[Expression, ...]:
        found = [self.expression()]
        while self.is_sign(","):
            self.advance()
            found.append(self.expression())
        return tuple(found)

    def primary(self) -> Expression:
        token = self.token
        if token.kind in ("number", "string"):
            self.advance()
            return Literal(token.kind, token.value, self.span(token.start))
        if token.text in ("true", "false"):
            self.advance()
            return Literal("bool", token.text == "true", self.span(token.start))
        if self.is_sign("("):
            with self.bracket():
                return self.expression()
        return self.list_literal() if self.is_sign("[") else self.name()

    def list_literal(self) -> Expression:
        start = self.token.start
        if self.peek(1).text == "]":
            hint = "ask for its size: tickets.size() == 0"
            raise refuse("left-out", "an empty list is not offered", hint, start, self.peek(1).end)
        with self.bracket():
            items = self.arguments()
        return ListLiteral(items, self.span(start))

    def name(self) -> Expression:
        token = self.token
        following = self.peek(1)
        if token.kind != "name" or token.text in ("in", "null"):
            raise self.unexpected()
        if wrong := left_out.word_operator(token, following):
            raise wrong
        if following.text == "(":
            return self.call(None, token.start)
        parts = [self.advance().text]
        while self.is_sign(".") and self.selects():
            self.advance()
            parts.append(self.advance().text)
            if len(parts) > MAX_DEPTH:
                raise left_out.too_deep(token)
        return Path(tuple(parts), self.span(token.start), self.depth)

    def selects(self) -> bool:
        """Tell whether a dot and a name follow that are no method call."""
        return self.peek(1).kind == "name" and self.peek(2).text != "("


def parse(text: str, definition: str | None = None, depth: int = 0) -> Expression:
    """Return the tree of an expression, or raise Refused with its one finding.

    `depth` is how deep the place is nested at which a def is used.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"longer than {MAX_CHARACTERS} characters"
        hint = "split it: name a part in 'defs'"
        raise refuse("too-long", message, hint, MAX_CHARACTERS, len(text))
    return _Parser(text, definition, depth).whole()
