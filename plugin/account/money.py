"""An exact amount of money with its currency; never a float, never a silent conversion."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Currencies whose minor unit is not a hundredth: ISO 4217, list one.
ZERO_DECIMALS = frozenset(
    [
        "bif",
        "clp",
        "djf",
        "gnf",
        "isk",
        "jpy",
        "kmf",
        "krw",
        "pyg",
        "rwf",
        "ugx",
        "uyi",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ]
)
THREE_DECIMALS = frozenset(["bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"])


def decimals(currency: str) -> int:
    """Return how many decimals an amount in `currency` is written with."""
    code = currency.lower()
    if code in ZERO_DECIMALS:
        return 0
    return 3 if code in THREE_DECIMALS else 2


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the major unit of `currency` (ISO 4217, lower case).

    `approximate` if the source rounds.
    """

    amount: Decimal
    currency: str
    approximate: bool = False

    def rounded(self) -> Decimal:
        """Return the amount with the currency's own number of decimals, half up."""
        quantum = Decimal(1).scaleb(-decimals(self.currency))
        return self.amount.quantize(quantum, rounding=ROUND_HALF_UP)
