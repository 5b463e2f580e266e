"""One workspace at work: everything that its answers are made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from plugin.account.context import AccountContext
from plugin.fetching.lookups import Sources
from plugin.revenue.policy import P0, Policy
from plugin.rules.rules import RuleSet
from plugin.rules.schema import Schema
from plugin.rules.signal import Signals
from plugin.rules.states import StoredState
from plugin.settings.records import Connection, Workspace
from plugin.store.memory import Memory
from plugin.upstream import Mined, Upstream

States = Mapping[str, StoredState] | None


@dataclass(frozen=True, slots=True)
class WorkspaceRuntime:
    """One workspace at work: its sources of facts, its rules, its reader of ticket texts.

    `judge` evaluates the rules that people see on all facts of a context at a moment, in a
    role's order, with the states that were stored, if there are any; `shadows` those that are
    only counted, and returns their states. Without `memory` nothing is remembered.
    `reads_ticket` says that some rule looks at the ticket that is open.
    """

    workspace: Workspace
    connections: Mapping[str, tuple[Upstream, Connection]]
    sources: Sources
    judge: Callable[[AccountContext, datetime, str, States], Signals]
    shadows: Callable[[AccountContext, datetime, States], Mapping[str, StoredState]]
    mine: Callable[[str, str, Sequence[str]], Mined]
    schema: Schema
    rules: RuleSet
    policy: Policy = P0
    memory: Memory | None = None
    reads_ticket: bool = True
