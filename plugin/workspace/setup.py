"""Set each workspace up: its connections, its rules, its reader of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from plugin.account.context import AccountContext
from plugin.account.vocabulary import FIELDS
from plugin.errors import ConfigurationError, Problem
from plugin.facts.mail_domains import unusable_in
from plugin.facts.redaction import unknown_grants
from plugin.families import UPSTREAMS
from plugin.fetching.asking import Tenant
from plugin.fetching.lookups import Sources
from plugin.fetching.read_once import ReadOnce
from plugin.fetching.resources import Resources
from plugin.fetching.stages import timed
from plugin.revenue.policy import policy_from
from plugin.rules.binding import bind
from plugin.rules.conversion import Moment
from plugin.rules.evaluation import evaluate
from plugin.rules.judged import judge_rules
from plugin.rules.rule_file import load_rules, shipped_text
from plugin.rules.rules import LIVE, SHADOW, RuleSet
from plugin.rules.schema import Schema, vocabulary_schema
from plugin.rules.signal import Signals
from plugin.rules.stale_source import stale_sources
from plugin.rules.states import StoredState
from plugin.settings.records import Connection, Settings, Workspace
from plugin.text.competitors import NamedCompetitor
from plugin.text.mine import Miner, miner
from plugin.text.own import Own, own
from plugin.text.plans import RANKS
from plugin.upstream import Upstream
from plugin.workspace.requester_check import cannot_confirm
from plugin.workspace.runtime import States, WorkspaceRuntime

# How old a value may be before rules no longer judge it, by the customary connection; a file is
# as good as its owner keeps it.
MAX_AGE = {
    "helpdesk": timedelta(hours=24),
    "billing": timedelta(days=7),
    "crm": timedelta(days=7),
    "analytics": timedelta(hours=48),
    "health": timedelta(hours=48),
    "survey": timedelta(days=30),
}
FILES_MAX_AGE = timedelta(days=30)


def _covers(connection: Connection, path: str) -> bool:
    covered = UPSTREAMS[connection.kind].covers(connection.options)
    return path in covered or path.partition(".")[0] in covered


def _suppliers(workspace: Workspace) -> dict[str, str]:
    """Return path → the connection that supplies it: the customary one, else the first."""
    found: dict[str, str] = {}
    for path, field in FIELDS.items():
        names = [name for name, one in workspace.upstreams.items() if _covers(one, path)]
        if names:
            usual = field.meaning.upstream
            found[path] = usual if usual is not None and usual in names else names[0]
    return found


def _max_ages(workspace: Workspace, suppliers: Mapping[str, str]) -> dict[str, timedelta]:
    return {
        path: FILES_MAX_AGE
        if workspace.upstreams[name].kind == "files"
        else MAX_AGE.get(FIELDS[path].meaning.upstream or "", FILES_MAX_AGE)
        for path, name in suppliers.items()
    }


def _custom(workspace: Workspace) -> tuple[dict[str, str], dict[str, str]]:
    """Return the custom fields of a workspace, name → type, and path → who supplies it.

    Raises ConfigurationError where two connections give one name two types.
    """
    types: dict[str, str] = {}
    suppliers: dict[str, str] = {}
    problems = []
    for name, one in workspace.upstreams.items():
        for field, kind in UPSTREAMS[one.kind].custom(one.options).items():
            if types.setdefault(field, kind) != kind:
                key = f"workspaces.{workspace.id}.upstreams.{name}.fields.custom.{field}"
                problems.append(Problem(key, f"is a {kind} here and a {types[field]} elsewhere"))
            suppliers.setdefault(f"custom.{field}", name)
    if problems:
        raise ConfigurationError(problems)
    return types, suppliers


def schema_of(workspace: Workspace) -> Schema:
    """Return what the rules of a workspace may read, and who supplies it there.

    Raises ConfigurationError where two connections disagree about a custom field's type.
    """
    suppliers = _suppliers(workspace)
    ages = _max_ages(workspace, suppliers)
    custom, custom_suppliers = _custom(workspace)
    ages |= {path: MAX_AGE.get(name, FILES_MAX_AGE) for path, name in custom_suppliers.items()}
    return vocabulary_schema(custom, workspace.plans, suppliers | custom_suppliers, ages)


def rules_of(workspace: Workspace, schema: Schema) -> RuleSet:
    """Return the rules of a workspace; raise ConfigurationError with every finding."""
    if workspace.rules is None:
        loaded = load_rules(shipped_text("default"), "default.yaml", schema)
    else:
        loaded = load_rules(workspace.rules.read_bytes(), str(workspace.rules), schema)
    if loaded.rules is None:
        key = f"workspaces.{workspace.id}.rules"
        raise ConfigurationError([Problem(key, str(one)) for one in loaded.findings])
    return loaded.rules


def moment_of(workspace: Workspace, now: datetime) -> Moment:
    """Return the time and the money that a workspace's rules are judged with."""
    rates = dict(workspace.exchange_rates)
    return Moment(now, workspace.time_zone, workspace.currency, rates)


def _read_by(rules: RuleSet, schema: Schema) -> Schema:
    """Return the fields that judging reads: nothing else of an account is bound for it."""
    judged = (rule for rule in rules.rules if rule.status in rules.statuses)
    paths = {path.partition("[]")[0] for rule in judged for path in rule.reads()}
    return {path: spec for path, spec in schema.items() if path in paths | {"account.id"}}


def _judge(
    workspace: Workspace, rules: RuleSet, schema: Schema
) -> Callable[[AccountContext, datetime, str, States], Signals]:
    seen = replace(rules, statuses=LIVE)
    read = _read_by(seen, schema)

    @timed("judge")
    def judge(context: AccountContext, now: datetime, role: str, states: States) -> Signals:
        moment = moment_of(workspace, now)
        stale = stale_sources(context)
        account = bind(context, read, moment)
        return evaluate(seen, account, moment, role, states, stale)

    return judge


def _shadows(
    workspace: Workspace, rules: RuleSet, schema: Schema
) -> Callable[[AccountContext, datetime, States], Mapping[str, StoredState]]:
    counted = replace(rules, statuses=SHADOW)
    read = _read_by(counted, schema)

    def judge(context: AccountContext, now: datetime, states: States) -> dict[str, StoredState]:
        moment = moment_of(workspace, now)
        judged = judge_rules(counted, bind(context, read, moment), moment, states)
        return {each.rule.id: each.step.row for each in judged}

    return judge


def competitors_of(workspace: Workspace) -> list[NamedCompetitor]:
    """Return the rivals that a workspace wants to hear of."""
    return [NamedCompetitor(**asdict(rival)) for rival in workspace.competitors]


def miner_of(workspace: Workspace) -> Miner:
    """Return what reads the tickets of a workspace."""
    return miner(competitors_of(workspace), workspace.components, own=own_of(workspace))


def own_of(workspace: Workspace) -> Own:
    """Return what a workspace adds to the reading: its names and its customers' phrases."""
    plans = [plan for plan in workspace.plans if plan.lower() not in RANKS]
    return own((*workspace.own_names, workspace.name, *plans), workspace.phrases)


def _connections(workspace: Workspace) -> dict[str, tuple[Upstream, Connection]]:
    return {
        name: (UPSTREAMS[one.kind], replace(one, ttl=one.ttl or workspace.freshness.get(name)))
        for name, one in workspace.upstreams.items()
    }


def runtime_of(workspace: Workspace, resources: Resources) -> WorkspaceRuntime:
    """Return one workspace at work; raise ConfigurationError when its rules are wrong."""
    problems = [*cannot_confirm(workspace, UPSTREAMS), *unknown_grants(workspace)]
    if problems:
        raise ConfigurationError(problems)
    schema = schema_of(workspace)
    rules = rules_of(workspace, schema)
    mine = ReadOnce(miner_of(workspace))
    connections = _connections(workspace)
    tenant = Tenant(
        workspace.id,
        workspace.currency,
        workspace.time_zone,
        mine,
        workspace.own_domains,
        unusable_in(workspace),
    )
    sources = Sources(tenant, connections, resources)
    policy = policy_from(workspace.arr_policy)
    return WorkspaceRuntime(
        workspace,
        connections,
        sources,
        _judge(workspace, rules, schema),
        _shadows(workspace, rules, schema),
        mine,
        schema,
        rules,
        policy,
        reads_ticket=rules.reads_root("ticket"),
    )


def runtimes_of(settings: Settings, resources: Resources) -> dict[str, WorkspaceRuntime]:
    """Return every workspace at work; raise ConfigurationError with all that is wrong."""
    runtimes: dict[str, WorkspaceRuntime] = {}
    problems: list[Problem] = []
    for name, workspace in settings.workspaces.items():
        try:
            runtimes[name] = runtime_of(workspace, resources)
        except ConfigurationError as error:
            problems += error.problems
    if problems:
        raise ConfigurationError(problems)
    return runtimes
