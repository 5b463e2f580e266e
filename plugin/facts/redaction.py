"""What this viewer may see of the account: fields taken out before any text is written."""

from __future__ import annotations

import dataclasses
from typing import Any

from plugin.account.context import AccountContext, Withheld
from plugin.account.money import Money
from plugin.account.words import VIEWER_ROLE
from plugin.errors import Problem, did_you_mean
from plugin.facts.bands import band
from plugin.settings.records import Workspace

# Role → what it may not see unless the workspace grants it. A list item's field is "list[].field".
WITHHELD: dict[str, frozenset[str]] = {
    "agent": frozenset(
        {
            "account.annual_revenue",
            "contract.arr",
            "contract.mrr",
            "contract.crm_arr",
            "contract.billing_arr",
            "invoices[].amount",
            "deals",
            "health.weekly",
        }
    ),
    "csm": frozenset(),
    # Topics and counts of the tickets, and no word that the customer wrote.
    "ae": frozenset(
        {
            "health.weekly",
            "mentions[].quote",
            "tickets[].participants",
            "tickets[].requester_email",
            "tickets[].sentiment_quote",
            "tickets[].subject",
            "tickets[].url",
        }
    ),
}


def hidden_fields(role: str, workspace: Workspace) -> frozenset[str]:
    """Return the fields that `role` may not see; an unknown role sees what an agent sees."""
    withheld = WITHHELD.get(role, WITHHELD["agent"])
    return withheld - workspace.grants.get(role, frozenset())


def unknown_grants(workspace: Workspace) -> list[Problem]:
    """Return a problem for each grant that names nothing that is ever withheld."""
    restricted = sorted(frozenset().union(*WITHHELD.values()))
    problems = []
    for role, paths in workspace.grants.items():
        for path in sorted(paths - frozenset(restricted)):
            hint = did_you_mean(path, restricted, f"known: {', '.join(restricted)}", form="'{}'")
            key = f"workspaces.{workspace.id}.grants.{role}"
            problems.append(Problem(key, f"{path!r} is not withheld from anybody", hint))
    return problems


def roles_that_see(path: str, workspace: Workspace) -> tuple[str, ...]:
    """Return the roles that may see `path`."""
    return tuple(role for role in VIEWER_ROLE if path not in hidden_fields(role, workspace))


def _without_item_field(items: Any, name: str) -> Any:
    return None if items is None else tuple(dataclasses.replace(i, **{name: None}) for i in items)


def _without(context: AccountContext, path: str) -> AccountContext:
    """Return the context without the value at `path`."""
    if "[]." in path:
        root, _, name = path.partition("[].")
        changed: dict[str, Any] = {root: _without_item_field(getattr(context, root), name)}
        return dataclasses.replace(context, **changed)
    root, _, name = path.partition(".")
    if not name:
        changes: dict[str, Any] = {root: None}
        return dataclasses.replace(context, **changes)
    record: dict[str, Any] = {root: dataclasses.replace(getattr(context, root), **{name: None})}
    return dataclasses.replace(context, **record)


def _band(context: AccountContext, path: str, workspace: Workspace) -> str | None:
    """Return the band of an amount of the account itself; None for whatever else."""
    root, _, name = path.partition(".")
    value = None if "[]" in path else getattr(getattr(context, root), name, None)
    return band(value, workspace.arr_bands) if isinstance(value, Money) else None


def _is_known(context: AccountContext, path: str) -> bool:
    root, _, name = path.partition("[].")
    if name:
        return any(getattr(item, name) is not None for item in getattr(context, root) or ())
    root, _, name = path.partition(".")
    value = getattr(context, root)
    return (getattr(value, name) if name else value) is not None


def redact(context: AccountContext, role: str, workspace: Workspace) -> AccountContext:
    """Return the context as `role` may see it; what is taken out is named in `withheld`.

    A field that is unknown anyway stays a gap: withheld says that there is something.
    """
    found = [path for path in sorted(hidden_fields(role, workspace)) if _is_known(context, path)]
    withheld = tuple(
        Withheld(path, roles_that_see(path, workspace), _band(context, path, workspace))
        for path in found
    )
    for path in found:
        context = _without(context, path)
    gaps = tuple(gap for gap in context.gaps if gap.field.partition("[]")[0] not in found)
    return dataclasses.replace(context, withheld=withheld, gaps=gaps)


def restricted_seen(context: AccountContext, role: str, workspace: Workspace) -> tuple[str, ...]:
    """Return the known fields that `role` sees although not everybody may: for the audit."""
    hidden = hidden_fields(role, workspace)
    paths = sorted(WITHHELD["agent"] - hidden)
    return tuple(path for path in paths if _is_known(context, path))
