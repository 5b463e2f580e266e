"""What stands where it cannot: name the mistake, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.rules.language.lexer import Refused, Token, refuse
from plugin.rules.language.limits import MAX_DEPTH

_WORDS = {"and": "&&", "or": "||", "not": "!"}
_CLOSED_BY = {"(": ")", "[": "]"}
FUNCTIONS = {
    "size": "write x.size()",
    "type": "types are known when the rule is saved; drop it",
    "int": "numbers need no conversion",
    "uint": "numbers need no conversion",
    "double": "numbers need no conversion",
    "string": "there is no conversion to text",
    "bytes": "there is no conversion to bytes",
    "bool": "compare with a value: x == true",
    "dyn": "types are known when the rule is saved; drop it",
    "timestamp": "compare with today or now, as in f >= today - days(30)",
    "duration": "write days(n) or hours(n)",
    "matches": "there are no regular expressions; use contains, startsWith or endsWith",
}
METHODS = {
    "matches": "there are no regular expressions; use contains, startsWith or endsWith",
    "map": "use exists, all, exists_one or filter",
    "join": "text is only compared, never built",
    "split": "text is only compared, never built",
    "replace": "text is only compared, never built",
    "upperAscii": "use lowerAscii() on it",
    "lower": "use lowerAscii()",
    "toLowerCase": "use lowerAscii()",
    "length": "use size()",
    "count": "use filter(v, …).size()",
    "getFullYear": "compare whole times, as in f >= today - days(365)",
    "getMonth": "compare whole times, as in f >= today - days(30)",
    "getDayOfWeek": "compare whole times, as in f >= today - days(7)",
}


def word_operator(token: Token, following: Token) -> Refused | None:
    """Return the refusal of `not x`, `not(x)` and the like."""
    operand = following.kind in ("name", "number", "string") or following.text in ("(", "!")
    return _word(token) if operand else None


def _word(token: Token) -> Refused | None:
    if token.kind == "name" and token.text.lower() in _WORDS:
        sign = _WORDS[token.text.lower()]
        message = f"'{token.text}' is no operator here"
        return refuse("word-operator", message, f"write '{sign}'", token.start, token.end)
    if token.text == "null" and token.kind == "name":
        hint = "ask has(field): a missing field is unknown, never null"
        return refuse("left-out", "there is no null", hint, token.start, token.end)
    return None


def _closing(token: Token, brackets: Sequence[Token]) -> Refused:
    if not brackets:
        message, hint = f"'{token.text}' closes nothing", "take it away"
    elif _CLOSED_BY[brackets[-1].text] != token.text:
        opened = brackets[-1].text
        message = f"'{opened}' is closed by '{token.text}'"
        hint = f"write '{_CLOSED_BY[opened]}' before it"
    else:
        message, hint = f"something is missing before '{token.text}'", "finish what stands before"
        return refuse("unexpected-end", message, hint, token.start, token.end)
    return refuse("unclosed", message, hint, token.start, token.end)


def selection(name: Token) -> Refused:
    """Return the refusal of a field that is taken of something else than a name."""
    message = f"'.{name.text}' can only follow a name"
    hint = "name the item: tickets.exists(t, t.kind == 'bug')"
    return refuse("left-out", message, hint, name.start, name.end)


def half_choice(end: Token) -> Refused:
    """Return the refusal of a `?` that has no `:`."""
    return refuse("unexpected-end", "'?' without ':'", "write 'a ? b : c'", end.end, end.end)


def too_deep(token: Token) -> Refused:
    """Return the refusal of what stands deeper than the limit."""
    message = f"nested more than {MAX_DEPTH} deep"
    hint = "name a part in 'defs', or drop brackets that are not needed"
    return refuse("too-deep", message, hint, token.start, token.end)


def _stray(token: Token, brackets: Sequence[Token], following: Token) -> Refused:
    if token.kind == "sign" and token.text in (")", "]"):
        return _closing(token, brackets)
    if token.kind == "sign" and token.text == "[":
        hint = "use exists, all or filter on the list"
        return refuse("left-out", "items have no numbers", hint, token.start, token.end)
    if word := _word(token) or (_word(following) if token.kind == "name" else None):
        return word
    hint = "an operator is missing before it, or it is one too many"
    return refuse("bad-character", f"unexpected {token.text!r}", hint, token.start, token.end)


def _unfinished(end: Token, previous: Token | None, brackets: Sequence[Token]) -> Refused:
    finished = previous is not None and (
        previous.kind in ("name", "number", "string") or previous.text in (")", "]")
    )
    if brackets and finished:
        opened = brackets[-1]
        hint = f"write '{_CLOSED_BY[opened.text]}' where it ends"
        message = f"'{opened.text}' is not closed"
        return refuse("unclosed", message, hint, opened.start, opened.end)
    if previous is None:
        return refuse("unexpected-end", "there is nothing here", "write a condition", 0, 0)
    message = f"something is missing after {previous.text!r}"
    return refuse("unexpected-end", message, "finish it", previous.start, end.end)


def out_of_place(
    token: Token, previous: Token | None, following: Token, brackets: Sequence[Token]
) -> Refused:
    """Return the refusal of a token that cannot stand where it does, between these two."""
    if token.finding:
        return Refused(token.finding)
    if token.kind == "end":
        return _unfinished(token, previous, brackets)
    return _stray(token, brackets, following)
