"""The people at the account: who matters, who writes, and which part nobody is known to play."""

from __future__ import annotations

from plugin.account.vocabulary import Contact
from plugin.view.section import Scene, ViewSection
from widgets.widget import Component, More, Person, Section, Text

SHOWN = 4
ROLE_NAMES = {
    "executive_sponsor": "executive sponsor",
    "economic_buyer": "economic buyer",
    "technical_evaluator": "technical evaluator",
    "admin": "admin",
    "billing": "billing",
    "user": "user",
}
_STAKEHOLDERS = ("executive_sponsor", "economic_buyer", "technical_evaluator", "admin")
_TIERS = {
    "daily_power": "power user",
    "weekly": "weekly user",
    "occasional": "occasional user",
    "dormant": "no longer active",
    "never": "never signed in",
}


def _is_requester(scene: Scene, contact: Contact) -> bool:
    email = scene.context.requester.email
    return bool(email and contact.email and email.lower() == contact.email.lower())


def _parts(contact: Contact) -> str:
    role = ROLE_NAMES.get(contact.role or "", "")
    words = [
        f"{role} (inferred)" if role and contact.role_inferred else role,
        "owns billing" if contact.owns_billing and contact.role != "billing" else "",
        "champion" if contact.is_champion else "",
        _TIERS.get(contact.usage_tier or "", ""),
    ]
    return " · ".join(word for word in words if word and word != "user")


def _note(scene: Scene, contact: Contact) -> tuple[str, str]:
    if _is_requester(scene, contact):
        return "writes now", "normal"
    if contact.is_active is False:
        return "left", "risk"
    if contact.bounced:
        return "bounced", "risk"
    if contact.do_not_contact:
        return "do not contact", "warning"
    seen = contact.last_seen_at or contact.last_reply_at
    return (scene.wording.since(seen), "muted") if seen else ("", "muted")


def _person(scene: Scene, contact: Contact) -> Person:
    note, tone = _note(scene, contact)
    name = contact.name or contact.email or "unnamed contact"
    title = " · ".join(text for text in (contact.title, contact.email) if text)
    return Person(name, _parts(contact) or contact.title or "", note, tone, title)


def _weight(scene: Scene, contact: Contact) -> tuple[bool, ...]:
    """Return what puts a contact first: writing now, mattering, being active."""
    return (
        not _is_requester(scene, contact),
        not (contact.is_active is False and contact.is_champion),
        contact.usage_tier != "daily_power",
        not contact.is_champion,
        contact.role in (None, "user"),
    )


def _count(contacts: tuple[Contact, ...]) -> str:
    power = sum(1 for contact in contacts if contact.usage_tier == "daily_power")
    owners = [contact for contact in contacts if contact.owns_billing]
    words = [f"{power} daily power user{'' if power == 1 else 's'}"] if power else []
    if owners:
        role = "billing admin" if owners[0].role == "admin" else "billing contact"
        words.append(f"{len(owners)} {role}{'' if len(owners) == 1 else 's'}")
    return " · ".join(words)


def _missing(contacts: tuple[Contact, ...]) -> Text | None:
    filled = {contact.role for contact in contacts}
    missing = [ROLE_NAMES[role] for role in _STAKEHOLDERS if role not in filled]
    return Text(f"Not known: {', '.join(missing)}", "muted") if missing else None


def _build(scene: Scene) -> Section:
    contacts = scene.context.contacts
    if contacts is None:
        return Section("people", "People", (Text(scene.why_unknown("contacts"), "muted"),))
    ordered = sorted(contacts, key=lambda contact: _weight(scene, contact))
    people = [_person(scene, contact) for contact in ordered]
    components: list[Component] = []
    summary = _count(contacts)
    components += [Text(summary)] if summary else []
    components += people[:SHOWN]
    if len(people) > SHOWN:
        components.append(More(f"+{len(people) - SHOWN} more", tuple(people[SHOWN:])))
    missing, partly = _missing(contacts), scene.partly("contacts")
    components += [line for line in (missing, partly) if line]
    return Section("people", "People", tuple(components))


people = ViewSection("people", "People", ("contacts",), _build)
