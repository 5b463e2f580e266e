"""By which domains an account may be found in a workspace, and by which never."""

from __future__ import annotations

from collections.abc import Callable

from plugin.account.domains import parents
from plugin.account.shared_domains import shared_by
from plugin.settings.records import Workspace


def unusable(domain: str, workspace: Workspace) -> str | None:
    """Return why no account may be found by this domain (a match reason), None when it may.

    A workspace's own lists win over the shipped ones; a listed domain covers those below it.
    """
    names = {domain, *parents(domain)}
    if names & workspace.own_domains:
        return "own_domain"
    if names & workspace.shared_domains:
        return "shared_domain"
    if names & workspace.company_domains:
        return None
    return shared_by(domain)


def unusable_in(workspace: Workspace) -> Callable[[str], str | None]:
    """Return the same question for one workspace."""
    return lambda domain: unusable(domain, workspace)
