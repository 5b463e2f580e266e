"""Why a check could not run, in words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugin.account.context import Gap
from plugin.rules.schema import Schema, spec_at

# Each gap reason as the end of a sentence; {0} is the name of the connection.
REASONS: Mapping[str, str] = {
    "not_configured": "no source is connected for it",
    "not_found": "{0} has no such record",
    "empty": "{0} has no value",
    "timed_out": "{0} did not answer in time",
    "refused": "{0} refused access",
    "rate_limited": "{0} wants fewer questions",
    "broken": "{0} gave no usable answer",
    "bad_data": "{0} gave an unusable value",
    "incomplete": "{0} gave only a part",
    "stale": "the value of {0} is too old to judge",
    "no_exchange_rate": "no exchange rate is set",
    "too_little_data": "too little data",
    "division_by_zero": "it would divide by zero",
    "arithmetic": "the numbers are out of range",
    "fault": "the rule failed",
}


def reason_in_words(gap: Gap, schema: Schema) -> str:
    """Return one missing fact and why it is missing."""
    spec = spec_at(schema, gap.field)
    label = spec.label if spec is not None and spec.label else gap.field
    upstream = gap.upstream or "the source"
    if gap.reason == "not_configured" and "[]." in gap.field:  # its list is connected
        return f"{label}: no source tells it"
    return f"{label}: {REASONS.get(gap.reason, gap.reason).format(upstream)}"


def not_judged_because(missing: Sequence[Gap], schema: Schema) -> str:
    """Return why a rule could not be judged, naming at most two facts."""
    texts = list(dict.fromkeys(reason_in_words(gap, schema) for gap in missing))
    if not texts:
        return "Not judged"
    rest = f" and {len(texts) - 2} more" if len(texts) > 2 else ""  # noqa: PLR2004 (two are named)
    return f"Not judged. {'; '.join(texts[:2])}{rest}"
