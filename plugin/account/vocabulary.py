"""The facts of one account, a record for each root; None is a fact that nobody gave."""

from __future__ import annotations

from plugin.account.company import Account, Contact, Owner, RequesterFacts
from plugin.account.contract import Change, Contract, Deal, Invoice
from plugin.account.fact import Field, Meaning, fields_of
from plugin.account.support import Mention, OpenTicket, Outreach, Survey, Ticket
from plugin.account.usage import (
    Health,
    Limit,
    Milestone,
    Module,
    OffboardingEvent,
    UpgradeInterest,
    Usage,
)

__all__ = [
    "FIELDS",
    "ROOTS",
    "Account",
    "Change",
    "Contact",
    "Contract",
    "Deal",
    "Health",
    "Invoice",
    "Limit",
    "Mention",
    "Milestone",
    "Module",
    "OffboardingEvent",
    "OpenTicket",
    "Outreach",
    "Owner",
    "RequesterFacts",
    "Survey",
    "Ticket",
    "UpgradeInterest",
    "Usage",
]

# Root → its record, whether it is a list, and what its fields inherit.
ROOTS: dict[str, tuple[type, bool, Meaning]] = {
    "account": (Account, False, Meaning("Account", "who they are", "crm", layer="firmographic")),
    "contract": (
        Contract,
        False,
        Meaning("Contract", "what must be protected", "billing", layer="account"),
    ),
    "invoices": (
        Invoice,
        True,
        Meaning("Invoices", "open ones, oldest due first", "billing", layer="account"),
    ),
    "deals": (
        Deal,
        True,
        Meaning("Deals", "opportunities", "crm", layer="account", restricted=True),
    ),
    "usage": (Usage, False, Meaning("Usage", "how they use it", "analytics", layer="behavioural")),
    "health": (
        Health,
        False,
        Meaning("Health", "derived, or from a CS tool", "health", layer="account"),
    ),
    "contacts": (
        Contact,
        True,
        Meaning("Contacts", "people at the account", "crm", layer="account"),
    ),
    "tickets": (
        Ticket,
        True,
        Meaning("Tickets", "the whole account's, newest first", "helpdesk", layer="account"),
    ),
    "mentions": (
        Mention,
        True,
        Meaning("Mentions", "mined from tickets", "helpdesk", layer="account"),
    ),
    "survey": (
        Survey,
        False,
        Meaning("Survey", "what they answered", "survey", layer="behavioural"),
    ),
    "outreach": (
        Outreach,
        False,
        Meaning("Outreach", "what customer success did", "crm", layer="account"),
    ),
    "requester": (
        RequesterFacts,
        False,
        Meaning("Requester", "who writes", "helpdesk", layer="account"),
    ),
    "ticket": (
        OpenTicket,
        False,
        Meaning("Open ticket", "what is open now", "helpdesk", layer="account"),
    ),
}


def _fields() -> dict[str, Field]:
    found: dict[str, Field] = {}
    for root, (record, is_list, meaning) in ROOTS.items():
        if is_list:
            items = tuple(fields_of("", record, meaning))
            found[root] = Field(root, "list of record", meaning, items)
        else:
            found |= {field.path: field for field in fields_of(root, record, meaning)}
    return found


FIELDS: dict[str, Field] = _fields()
