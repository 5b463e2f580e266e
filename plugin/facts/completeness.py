"""How much of each layer is known: facts present ÷ facts expected."""

from __future__ import annotations

from collections import Counter

from plugin.account.vocabulary import FIELDS
from plugin.account.words import LAYER
from plugin.facts.offers import Values

_NOT_EXPECTED = ("requester.", "ticket.")


def completeness(values: Values) -> dict[str, float]:
    """Return layer → share of its fields that hold a value, to two decimals."""
    expected: Counter[str] = Counter()
    present: Counter[str] = Counter()
    for path, field in FIELDS.items():
        if field.meaning.layer and not path.startswith(_NOT_EXPECTED):
            expected[field.meaning.layer] += 1
            present[field.meaning.layer] += path in values
    return {layer: round(present[layer] / expected[layer], 2) for layer in LAYER}
