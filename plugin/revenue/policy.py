"""The named rules by which revenue is counted: P0, or what a workspace sets otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plugin.errors import ConfigurationError, Problem

# Setting → its values, the first is P0. Why vendors differ: docs/arr.md.
CHOICES: dict[str, tuple[str, ...]] = {
    "discounts": ("ongoing", "none"),
    "repeating": ("subtract", "ignore"),
    "once": ("ignore", "subtract"),
    "cancellation": ("at_the_end", "at_once"),
}
DURATIONS = frozenset({"forever", "repeating", "once"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Which discounts come off, and when a cancelled subscription stops to count.

    discounts     ongoing: subtract them; none: the undiscounted price.
    repeating     a discount for some months: subtract it while it runs, or ignore it.
    once          a discount on one bill: ignore it, or subtract it while it is there.
    cancellation  a subscription set to end counts at_the_end of its time, or stops at_once.
    """

    discounts: str = "ongoing"
    repeating: str = "subtract"
    once: str = "ignore"
    cancellation: str = "at_the_end"

    @property
    def subtracted(self) -> frozenset[str]:
        """The durations of a discount that come off."""
        if self.discounts == "none":
            return frozenset()
        chosen = {"forever": "subtract", "repeating": self.repeating, "once": self.once}
        return frozenset(word for word, choice in chosen.items() if choice == "subtract")

    @property
    def name(self) -> str:
        """P0, or P0 with what differs from it."""
        changed = [f"{key}={getattr(self, key)}" for key in CHOICES if not self._is_default(key)]
        return "P0" + (f" with {', '.join(changed)}" if changed else "")

    @property
    def label(self) -> str:
        """What the figure is, in words that stand beside it."""
        if self.discounts == "none":
            return "ARR (contracted, before discounts, excl. tax and usage)"
        return "ARR (contracted, net of ongoing discounts, excl. tax and usage)"

    def _is_default(self, key: str) -> bool:
        return bool(getattr(self, key) == CHOICES[key][0])


P0 = Policy()


def policy_from(settings: Mapping[str, str]) -> Policy:
    """Return the policy that `arr_policy` of a workspace names; {} is P0.

    Raises ConfigurationError with every unknown key and value.
    """
    problems = []
    for key, value in settings.items():
        if key not in CHOICES:
            known = f"known are {', '.join(CHOICES)}"
            problems.append(Problem(f"arr_policy.{key}", "unknown setting", known))
        elif value not in CHOICES[key]:
            known = f"write {' or '.join(CHOICES[key])}"
            problems.append(Problem(f"arr_policy.{key}", f"unknown value {value!r}", known))
    if problems:
        raise ConfigurationError(problems)
    return Policy(**settings)
