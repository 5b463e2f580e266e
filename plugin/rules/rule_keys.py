"""Every key of a rule file, once: what it holds, which words, and what it means.

The reader, the published JSON Schema and the formatter's key order are made from these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugin.account import words


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at one place of the file.

    kind: text, name (a text that may look like a number), condition, template, id, word, number,
    version, duration, date, instant, flag, value (a number, text or yes/no), link, any, map
    (fixed `keys`), table (free keys, each an `item`), list (of `item`), either (a value, or a
    map of `keys`), texts (a text, or a list of them).
    """

    kind: str
    doc: str = ""
    required: bool = False
    words: tuple[str, ...] = ()
    keys: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    least: int | None = None


TEXT = Shape("text")
NAME = Shape("name")
ID = Shape("id")
VALUE = Shape("value")
IDS = Shape("list", item=ID)
NAMES = Shape("list", item=NAME, least=1)


def _of(shape: Shape, doc: str, *, required: bool = False) -> Shape:
    return Shape(shape.kind, doc, required, shape.words, shape.keys, shape.item, shape.least)


def _word(values: tuple[str, ...], doc: str, *, required: bool = False) -> Shape:
    return Shape("word", doc, required, values)


PLAY = {
    "text": Shape("template", "one sentence that says what to do", required=True),
    "owner": _word(words.PLAY_OWNER, "who does it", required=True),
    "link": Shape("link", "where the play is described; https"),
}
APPLIES_TO = {
    "stage": Shape("list", "lifecycle stages", item=Shape("word", words=words.STAGE), least=1),
    "tier": _of(NAMES, "tiers, as the CRM names them"),
    "plan": _of(NAMES, "plans, as billing names them"),
    "tenure_min": Shape("duration", "time since account.customer_since"),
}
EXCEPT = {
    "account": Shape("name", "account id", required=True),
    "until": Shape("date", "last day of the exception"),
    "why": Shape("text", "reason, for those who come later", required=True),
}
SNOOZE = {
    "max": Shape("duration", "the longest snooze that is offered"),
    "roles": Shape("list", "who may snooze", item=Shape("word", words=words.VIEWER_ROLE), least=1),
}
TIMING = {
    "dwell": Shape("duration", "how long `when` must hold before the lamp lights"),
    "hold_for": Shape("duration", "how long the lamp stays after the last time it held"),
    "cooldown": Shape("duration", "how long the lamp stays dark after it went out"),
    "expires_after": Shape("duration", "ends that long after the last new hit"),
}
GUARDS = {
    "min_data": Shape(
        "table", "below this number the field counts as unknown", item=Shape("number")
    ),
    "max_input_age": Shape("table", "older values count as unknown", item=Shape("duration")),
}
PARAMS_HERE = Shape("table", "values of params for this rule alone", item=VALUE)
OVERRIDE_FOR = {key: APPLIES_TO[key] for key in ("stage", "tier", "plan")}
OVERRIDES = {
    "for": Shape("map", "which accounts", required=True, keys=OVERRIDE_FOR, least=1),
    "params": PARAMS_HERE,
    "severity": _word(words.SEVERITY, "severity there"),
    "on_unknown": _word(("show", "hide"), "whether a check that could not run is named"),
    **TIMING,
    **GUARDS,
}
RULE: dict[str, Shape] = {
    "id": Shape("id", "stable name, never reused", required=True),
    "code": Shape("text", "number in the taxonomy"),
    "tags": Shape("list", "free tags", item=NAME),
    "kind": _word(words.SIGNAL_KIND, "what it stands for", required=True),
    "severity": _word(words.SEVERITY, "how much it matters", required=True),
    "escalate_when": Shape(
        "table", "a higher severity: its condition", item=Shape("condition"), words=words.SEVERITY
    ),
    "status": _word(words.RULE_STATUS, "how far it is released", required=True),
    "review_by": Shape("date", "day of the next review"),
    "when": Shape("condition", "the condition that lights it", required=True),
    "applies_to": Shape("map", "only for these accounts", keys=APPLIES_TO),
    "except": Shape("list", "exceptions as data", item=Shape("map", keys=EXCEPT)),
    **GUARDS,
    "params": PARAMS_HERE,
    **TIMING,
    "clear_when": Shape("condition", "when it goes out again, if not merely with `when`"),
    "supersedes": _of(IDS, "rules that it hides while it is lit"),
    "suppress_when": Shape("condition", "not shown while this holds"),
    "suppress_if": _of(IDS, "not shown while one of these is lit"),
    "on_unknown": _word(("show", "hide"), "whether a check that could not run is named"),
    "headline": Shape("template", "one line that carries the numbers", required=True),
    "detail": Shape("template", "a second line"),
    "play": Shape("map", "what to do; needed before it goes live", keys=PLAY),
    "snooze": Shape("map", "how long it may be put aside", keys=SNOOZE),
    "overrides": Shape(
        "list", "other values per tier, stage or plan", item=Shape("map", keys=OVERRIDES)
    ),
    "why": Shape("text", "reason for the defaults"),
    "known_false_alarms": Shape("texts", "known noise"),
    "source": Shape("text", "where the threshold comes from"),
}
PARAM: dict[str, Shape] = {
    "default": Shape("value", "the value unless a workspace says otherwise"),
    "min": Shape("number", "least value"),
    "max": Shape("number", "greatest value"),
    "step": Shape("number", "step of the slider"),
    "unit": Shape("text", "unit, such as days"),
    "label": Shape("text", "name on the slider"),
    "why": Shape("text", "reason for the default"),
}
GROUP = {
    "name": Shape("text", "name of the group", required=True),
    "owner": Shape("text", "who answers for these rules"),
    "rules": Shape("list", "the rules, in the order of the file", required=True),
}
CHANGEABLE = {key: shape for key, shape in RULE.items() if key != "id"}


def _optional(keys: Mapping[str, Shape]) -> dict[str, Shape]:
    return {key: _of(shape, shape.doc) for key, shape in keys.items()}


OVERRIDE = {
    "id": Shape("id", "rule of the pack", required=True),
    "replace": Shape("map", "keys that are put in place of the pack's", keys=_optional(CHANGEABLE)),
    "append": Shape("map", "what is added to the pack's lists", keys=_optional(CHANGEABLE)),
}
FILE: dict[str, Shape] = {
    "version": Shape("version", "version of this pack, from 1", required=True),
    "pack": Shape("id", "name of the pack"),
    "extends": Shape("text", "the pack that this file adapts, such as default"),
    "params": Shape("table", "numbers that people may tune", item=Shape("either", keys=PARAM)),
    "defs": Shape("table", "named conditions and values", item=Shape("condition")),
    "override": Shape("list", "changes to the pack's rules", item=Shape("map", keys=OVERRIDE)),
    "groups": Shape("list", "groups of rules", item=Shape("map", keys=GROUP)),
}
