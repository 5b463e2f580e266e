"""What "Not this account?" opens: whom to remember it for, a search, the pin to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from plugin.account.context import AccountMatch, Candidate
from plugin.frame import Requester
from plugin.settings.records import Workspace
from plugin.store.pinning import pin_keys
from widgets.widget import Action, Choice, Component, Field, Search, Section, Text, Widget


def choices(candidates: Sequence[Candidate], action: str = "pin") -> tuple[Choice, ...]:
    """Return candidates, by name, domain and reason and nothing more; `action` chooses one."""
    return tuple(
        Choice(one.account_id, one.name, one.domain or "", one.reason, action) for one in candidates
    )


def for_whom(
    requester: Requester | None, workspace: Workspace, about: str = "contact"
) -> tuple[Component, ...]:
    """Return the question for whom a pin is remembered, where there is a choice."""
    domain = next(
        (key.value for key in pin_keys(requester, workspace) if key.kind == "domain"), None
    )
    if domain is None:
        return ()
    options = (("contact", "this requester"), ("domain", f"everyone at {domain}"))
    return (Field("about", "Remember for", options, about),)


@dataclass(frozen=True, slots=True)
class Searched:
    """A search: the words, for whom its finds are remembered, and what it found."""

    words: str
    about: str
    found: Sequence[Candidate]


def finds(
    searched: Searched, requester: Requester | None, workspace: Workspace
) -> tuple[Component, ...]:
    """Return what a search found, each to be chosen, and for whom the choice is remembered."""
    if not searched.found:
        return (Text("No account found for these words.", "muted"),)
    return (*for_whom(requester, workspace, searched.about), *choices(searched.found))


def correction(
    match: AccountMatch,
    requester: Requester | None,
    workspace: Workspace,
    searched: Searched | None = None,
) -> tuple[Component, ...]:
    """Return how to say which account it is; () where nobody could be remembered."""
    if requester is None or not pin_keys(requester, workspace):
        return ()
    unpin = (Action("unpin", "Unpin"),) if match.pinned_by else ()
    words = searched.words if searched else ""
    return (
        *unpin,
        Search("Name, domain or e-mail of the account", "Search", value=words),
        *(finds(searched, requester, workspace) if searched else ()),
    )


def corrected(widget: Widget, parts: tuple[Component, ...]) -> Widget:
    """Return the widget with the parts where they belong: in the header, else in its section."""
    head = widget.header
    if head.match:
        return replace(widget, header=replace(head, correction=parts))
    section = Section("correction", "", parts)
    return replace(widget, sections=(*widget.sections, section)) if parts else widget
