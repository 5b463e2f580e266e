"""The check of a mapped connection says which domains lead to no account, or to several."""

from __future__ import annotations

from plugin.sources.mapping.claims import claimed_domains
from plugin.sources.mapping.mapped import Mapped
from plugin.sources.mapping.reading import PropertyPlace
from plugin.sources.tabular.sheets import SHEETS

PLACE = PropertyPlace("Desk", "usd", "UTC")


def test_shared_domains_and_those_of_two_accounts_are_said_once() -> None:
    """A spelling makes no difference, and a domain that many share is not called claimed twice."""
    column = SHEETS["accounts"].column("domain")
    assert column is not None
    sites = ("brook.example", "https://www.brook.example/de", "mail.example", "mail.example")
    rows = [{"site": site}.get for site in sites]
    shared = {"mail.example": "free_mail"}.get

    found = list(
        claimed_domains("k", [Mapped("account.domain", "site", column)], rows, PLACE, shared)
    )

    assert [(one.key, one.message.partition(":")[0]) for one in found] == [
        ("k.account.domain", "mail.example"),
        ("k.account.domain", "brook.example"),
    ]
