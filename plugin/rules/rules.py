"""A rule set as it is used: rules with their compiled conditions, texts and plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from plugin.rules.language.program import Program
from plugin.rules.schema import Schema
from plugin.rules.templates import Template

Value = bool | float | str
LIVE, SHADOW = frozenset({"live"}), frozenset({"shadow"})
JUDGED = LIVE | SHADOW  # drafts and retired rules are not evaluated at all
BUILT_IN = "stale_source"  # judged by the service from the age of facts, not by a condition


@dataclass(frozen=True, slots=True)
class Param:
    """A number or word that people may tune, with its range and the reason for its default."""

    name: str
    default: Value
    least: float | None = None
    most: float | None = None
    step: float | None = None
    unit: str = ""
    label: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """What to do, and who does it."""

    text: Template
    owner: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """An account that a rule leaves alone until a day (included), and why."""

    account: str
    until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a condition must hold, and how long the lamp stays."""

    dwell: timedelta | None = None
    hold_for: timedelta | None = None
    cooldown: timedelta | None = None
    expires_after: timedelta | None = None

    def is_tracked(self) -> bool:
        """Return whether a store is needed to keep these times."""
        return any((self.dwell, self.hold_for, self.cooldown))


@dataclass(frozen=True, slots=True)
class Conditions:
    """The compiled conditions of one rule; `escalate` has the highest severity first."""

    when: Program
    clear_when: Program | None = None
    suppress_when: Program | None = None
    escalate: tuple[tuple[str, Program], ...] = ()

    def programs(self) -> Iterator[Program]:
        """Yield each of them that there is."""
        yield self.when
        yield from (each for each in (self.clear_when, self.suppress_when) if each is not None)
        yield from (program for _, program in self.escalate)


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule with the values that hold for some accounts."""

    severity: str
    on_unknown: str
    timing: Timing
    conditions: Conditions
    params: Mapping[str, Value] = field(default_factory=dict)
    min_data: Mapping[str, float] = field(default_factory=dict)
    max_input_age: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Override:
    """A variant, and the condition under which it holds."""

    applies: Program
    variant: Variant


@dataclass(frozen=True, slots=True)
class Notes:
    """What a rule says to those who look after it."""

    why: str = ""
    known_false_alarms: tuple[str, ...] = ()
    source: str = ""
    review_by: date | None = None
    snooze_max: timedelta | None = None
    snooze_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `version` changes with anything that could change what it says.

    `order` is its place in the file; `applies` and-s `applies_to` to `when`; `plain` is the
    rule as written, all overrides of a workspace applied.
    """

    id: str
    code: str
    kind: str
    status: str
    version: str
    order: int
    base: Variant
    headline: Template
    detail: Template | None = None
    play: Play | None = None
    group: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    applies: Program | None = None
    overrides: tuple[Override, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    supersedes: tuple[str, ...] = ()
    suppress_if: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    notes: Notes = Notes()
    plain: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """Return whether people see it."""
        return self.status == "live"

    @property
    def is_judged(self) -> bool:
        """Return whether it is evaluated at all: drafts and retired rules are not."""
        return self.status in JUDGED

    def programs(self) -> Iterator[Program]:
        """Yield every condition of the rule, those of its overrides too."""
        for override in self.overrides:
            yield override.applies
        for variant in (self.base, *(override.variant for override in self.overrides)):
            yield from variant.conditions.programs()
        if self.applies is not None:
            yield self.applies

    def reads(self) -> frozenset[str]:
        """Return every path that a condition reads, those of items as `tickets[].csat`."""
        return frozenset(path for program in self.programs() for path in program.reads)

    def shows(self) -> frozenset[str]:
        """Return every path that a text of the rule names; an item's variable by its own name."""
        play = self.play.text if self.play is not None else None
        texts = (text for text in (self.headline, self.detail, play) if text is not None)
        return frozenset(slot.path for text in texts for slot in text.slots())


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a workspace, in order; `hash` names this very content.

    `schema` is what they were checked against: accounts are bound by it. `statuses` are those of
    the rules that are judged.
    """

    name: str
    version: int
    hash: str
    rules: tuple[Rule, ...]
    params: Mapping[str, Param]
    defs: Mapping[str, str]
    schema: Schema
    statuses: frozenset[str] = JUDGED

    def reads_root(self, root: str) -> bool:
        """Return whether a condition or a text of any rule reads a field of this root."""
        paths = (path for rule in self.rules for path in rule.reads() | rule.shows())
        return any(path.startswith(f"{root}.") for path in paths)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that id."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
