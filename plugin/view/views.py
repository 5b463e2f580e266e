"""Compose the widget: header, banner, the sections in the viewer's order, and how old it all is."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.account.context import AccountMatch, UpstreamState
from plugin.facts.addresses import read_address
from plugin.registry import discover
from plugin.view import sections
from plugin.view.account_choice import choices
from plugin.view.section import (
    Scene,
    ViewSection,
    in_part,
    lacks_part,
    notice,
    source_name,
    trouble,
)
from plugin.view.wording import Wording
from widgets.widget import (
    Badge,
    Component,
    Header,
    Link,
    Section,
    SourceChip,
    Text,
    Widget,
)

PARTS = discover(sections, ViewSection)

# Role → the sections in its order: an agent learns why they write, a CSM what to protect,
# an account executive where there is room to grow.
VIEWS: dict[str, tuple[str, ...]] = {
    "agent": (
        "topics",
        "signals",
        "figures",
        "people",
        "usage",
        "tickets",
        "health",
        "billing",
        "company",
    ),
    "csm": (
        "signals",
        "figures",
        "topics",
        "people",
        "usage",
        "health",
        "tickets",
        "billing",
        "deals",
        "company",
    ),
    "ae": (
        "signals",
        "usage",
        "figures",
        "people",
        "topics",
        "health",
        "deals",
        "billing",
        "tickets",
        "company",
    ),
}

_BY = {
    "pin": "Pinned",
    "external_id": "Matched by external id",
    "organization": "Matched by organisation",
    "contact_email": "Matched by contact e-mail",
    "domain": "by domain",
    "parent_domain": "by parent domain",
}
_SURE = 0.9

_WHY_NONE = {
    "no_email": "This ticket has no e-mail address.",
    "unknown_domain": "No account is known for {domain}.",
    "free_mail": "{domain} is a free-mail domain: it says nothing about a company.",
    "disposable": "{domain} gives out throw-away addresses: it says nothing about a company.",
    "shared_domain": "{domain} is shared by many companies: it says nothing about one.",
    "own_domain": "{domain} is your own domain.",
}
_CONSUMER = "A person without a company: there is no business account to show."


def _match_line(match: AccountMatch, wording: Wording) -> tuple[str, str, bool]:
    """Return the line under the name, what it says on focus, and whether the match is sure."""
    by = _BY.get(match.by or "", "Matched")
    told = (item.text for item in match.evidence if item.by != "pin")  # the line itself says it
    why = _sentence("; ".join(told))
    if match.by == "pin":
        day = f" on {wording.near_day(match.pinned_on)}" if match.pinned_on else ""
        doubt = "; the ticket's own account is another one" if _disputed(match) else ""
        return f"Pinned by {match.pinned_by}{day}{doubt}", why, not doubt
    if (match.confidence or 0.0) >= _SURE:
        return by, why, True
    word = by.removeprefix("Matched ")
    doubt = "other steps point elsewhere" if _disputed(match) else word
    return f"Probably this account, {doubt}", why, False


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _disputed(match: AccountMatch) -> bool:
    return any(match.account_id not in item.account_ids for item in match.evidence)


def _header(scene: Scene) -> Header:
    account, contract = scene.context.account, scene.context.contract
    badges = [Badge(contract.plan)] if contract.plan else []
    if account.stage in ("onboarding", "churned"):
        badges.append(Badge(account.stage, "warning" if account.stage == "churned" else "muted"))
    line, title, sure = _match_line(scene.match, scene.wording)
    return Header(account.name or scene.match.name or "Account", tuple(badges), line, title, sure)


def _section(scene: Scene, part: ViewSection) -> Section | None:
    built = part.build(scene)
    if built is None:
        return None
    told = built.notice or notice(scene, part)
    opened = built.id in scene.opened
    return Section(built.id, built.title, built.components, told, built.folded, opened)


def _chip(scene: Scene, state: UpstreamState) -> SourceChip:
    name, wording = source_name(state.name), scene.wording
    if state.as_of is None:
        return SourceChip(name, "—", "warning", trouble(state))
    instant = state.as_of.isoformat(timespec="seconds")
    age = wording.age(state.as_of)
    if state.reason is not None:
        title = f"{trouble(state)}; values from {wording.clock(state.as_of)}"
        return SourceChip(name, age, "warning", title, instant)
    tone = "warning" if state.freshness == "stale" else "muted"
    if lacks_part(scene.context, state):
        return SourceChip(name, age, "warning", f"{in_part(state)}: a part of it is gone", instant)
    title = f"{state.title}, as of {wording.day(state.as_of)} {wording.clock(state.as_of)}"
    return SourceChip(name, age, tone, title, instant)


def _link(scene: Scene) -> Link | None:
    template, account_id = scene.workspace.account_url, scene.match.account_id
    if not template or not account_id:
        return None
    return Link("Open account", template.replace("{account_id}", account_id))


def _failed(state: UpstreamState) -> bool:
    return state.reason not in (None, "not_found", "not_configured")


def _is_less(scene: Scene, state: UpstreamState) -> bool:
    return _failed(state) or lacks_part(scene.context, state)


def resolved(scene: Scene, *, loading: bool = False) -> Widget:
    """Return the widget of a matched account."""
    order = VIEWS.get(scene.viewer.role, VIEWS["agent"])
    built = [_section(scene, PARTS[name]) for name in order]
    states = scene.context.upstreams
    return Widget(
        state="partial" if any(_is_less(scene, state) for state in states) else "resolved",
        header=_header(scene),
        sections=tuple(section for section in built if section is not None),
        sources=tuple(_chip(scene, state) for state in states if state.reason != "not_found"),
        judged=scene.signals.summary(),
        link=_link(scene),
        banner=banner(scene),
        locale=scene.wording.tag,
        refreshing=loading,
    )


def banner(scene: Scene) -> str:
    """Return the one line to read first: what this role should know before anything else."""
    contract, words = scene.context.contract, scene.wording
    lit = scene.signals.shown
    if scene.viewer.role == "csm" and contract.renewal_at is not None:
        line = f"Renews {words.in_days(contract.renewal_at)}"
        if contract.notice_deadline is not None:
            verb = "was" if words.days_until(contract.notice_deadline) < 0 else "is"
            line += f"; notice {verb} due {words.in_days(contract.notice_deadline)}"
        return f"{line}."
    if scene.viewer.role == "ae":
        growth = next((signal for signal in lit if signal.kind == "expansion"), None)
        return f"Room to grow: {growth.headline}" if growth else ""
    risks = sum(1 for signal in lit if signal.kind == "risk")
    word = "risk signal" if risks == 1 else "risk signals"
    return f"This account has {risks} {word}: read before you reply." if risks else ""


def _candidates(match: AccountMatch, ask: Sequence[Component] | None) -> tuple[Component, ...]:
    text = Text("Several accounts fit this requester. None is shown until you choose.")
    action = "" if ask is None else "pin"
    return (text, *(ask or ()), *choices(match.candidates, action))


def unconfigured(locale: str) -> Widget:
    """Return the widget of a workspace that has no source yet: what the admin does next."""
    texts = (
        Text("No source of facts is connected yet.", strong=True),
        Text(
            "Add one below [workspaces.<id>.upstreams] in sidelight.toml; a folder of CSV files"
            " is enough to begin with. Then run sidelight check."
        ),
    )
    part = Section("unconfigured", "", texts)
    return Widget("unconfigured", Header("Almost there"), (part,), locale=locale)


def unresolved(
    match: AccountMatch, email: str | None, locale: str, ask: Sequence[Component] | None = None
) -> Widget:
    """Return the widget where no account is shown: why, and what would help.

    `ask` is what is asked beside a choice of candidates; None where none could be remembered.
    """
    if match.status == "ambiguous":
        part = Section("candidates", "", _candidates(match, ask))
        return Widget("ambiguous", Header("Which account?"), (part,), locale=locale)
    if match.reason == "consumer":
        part = Section("none", "", (Text(_CONSUMER),))
        return Widget("consumer", Header("No business account"), (part,), locale=locale)
    if match.reason is None:
        names = ", ".join(dict.fromkeys(source_name(gap.upstream) for gap in match.gaps))
        text = Text(f"{names or 'No source'} did not answer, so the account is not known yet.")
        part = Section("none", "", (text,))
        return Widget(
            "none", Header("Account not known yet"), (part,), locale=locale, refreshing=True
        )
    address = read_address(email)
    why = _WHY_NONE[match.reason if address else "no_email"]
    text = Text(why.format(domain=address.domain if address else ""))
    return Widget(
        "none", Header("No account found"), (Section("none", "", (text,)),), locale=locale
    )
