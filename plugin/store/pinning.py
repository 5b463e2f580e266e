"""Between a ticket's requester and the pins: by which keys one is found, what it leads to."""

from __future__ import annotations

import dataclasses

from plugin.facts.addresses import read_address
from plugin.facts.mail_domains import unusable
from plugin.facts.resolution import Pin
from plugin.frame import Requester
from plugin.settings.records import Workspace
from plugin.store.pins import PinKey, StoredPin
from plugin.store.tables import LONGEST_VALUE
from plugin.upstream import AccountRef


def pin_keys(requester: Requester | None, workspace: Workspace) -> tuple[PinKey, ...]:
    """Return the keys of a requester, the most exact first.

    A domain that says nothing about a company (free mail, shared, your own) is never one.
    """
    if requester is None:
        return ()
    keys = []
    address = read_address(requester.email)
    if address is not None:
        keys.append(PinKey("contact", address.untagged))
    if requester.external_id and len(requester.external_id) <= LONGEST_VALUE:
        keys.append(PinKey("person", requester.external_id))
    if address is not None and not unusable(address.domain, workspace):
        keys.append(PinKey("domain", address.domain))
    return tuple(keys)


def _shown(name: str) -> str:
    """Return how people know whoever is named in memory: without the install in front."""
    return name.partition("/")[2] or name


def as_pin(stored: StoredPin, requester: Requester) -> Pin:
    """Return the pin as the resolution takes it."""
    account = AccountRef(
        id=stored.account_id,
        name=stored.account_name,
        domain=stored.account_domain,
        emails=(requester.email,) if requester.email else (),
        external_ids=dict(stored.external_ids),
    )
    return Pin(account, _shown(stored.pinned_by), stored.at.date().isoformat())


def with_requester(account: AccountRef, requester: Requester) -> AccountRef:
    """Return the account with the requester's address in front."""
    emails = (requester.email, *account.emails) if requester.email else account.emails
    return dataclasses.replace(account, emails=tuple(dict.fromkeys(emails)))
