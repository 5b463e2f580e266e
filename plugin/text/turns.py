"""Tell whether numbers or plans of a sentence rise or fall: "from 10 to 15", "Pro to Basic"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from plugin.text.plans import NUMBER_DIGITS, RANKS
from plugin.text.tokens import TextToken

FROM = frozenset(("from", "von", "de", "des", "desde"))
TO = frozenset(("to", "auf", "nach", "zu", "a", "jusqu'", "hasta"))
INSTEAD = frozenset(("instead", "rather", "statt", "anstatt", "plutot", "vez", "lugar"))
BETWEEN = 6  # words between the two


def _value(token: TextToken) -> int | None:
    if token.form.isdecimal() and len(token.form) <= NUMBER_DIGITS:
        return int(token.form)
    return RANKS.get(token.form)


def turns(tokens: Sequence[TextToken]) -> Iterator[str]:
    """Yield "rises" or "falls" for each change that the sentence tells."""
    valued = [
        (at, value) for at, token in enumerate(tokens) if (value := _value(token)) is not None
    ]
    for (one, first), (two, second) in pairwise(valued):
        same = tokens[one].form.isdecimal() == tokens[two].form.isdecimal()
        if not same or first == second or two - one > BETWEEN:
            continue
        between = {token.form for token in tokens[one + 1 : two]}
        if between & INSTEAD:
            yield "rises" if first > second else "falls"
        elif between & TO and any(token.form in FROM for token in tokens[max(0, one - 3) : one]):
            yield "rises" if second > first else "falls"
