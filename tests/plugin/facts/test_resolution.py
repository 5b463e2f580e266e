"""Which account: the right one, or an honest "not sure"; never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.account.context import Gap
from plugin.facts.addresses import read_address
from plugin.facts.resolution import IndexAnswer, Pin, resolve
from plugin.frame import Requester
from plugin.settings.records import Workspace
from plugin.upstream import AccountRef, Identity

ACME = AccountRef("1", "Acme", "acme.example")
SUBSIDIARY = AccountRef("2", "Acme Europe", "eu.acme.example")
OTHER = AccountRef("3", "Other", "other.example")
CONSUMER = AccountRef("", "Jo")

BOOK = {
    Identity("contact_email", "ann@acme.example"): (ACME,),
    Identity("contact_email", "both@agency.example"): (ACME, OTHER),
    Identity("contact_email", "jo@gmail.com"): (CONSUMER,),
    Identity("contact_email", "ann@gmail.com"): (ACME,),
    Identity("contact_email", "stray@other.example"): (ACME,),
    Identity("contact_email", "Case@acme.example"): (OTHER,),
    Identity("contact_email", "case@acme.example"): (ACME,),
    Identity("domain", "acme.example"): (ACME,),
    Identity("domain", "eu.acme.example"): (SUBSIDIARY,),
    Identity("domain", "other.example"): (OTHER,),
    Identity("domain", "xn--mnchen-3ya.example"): (OTHER,),
    Identity("domain", "gmail.com"): (OTHER,),
    Identity("domain", "co.uk"): (OTHER,),
    Identity("domain", "github.io"): (OTHER,),
    Identity("domain", "own.example"): (OTHER,),
    Identity("domain", "twins.example"): (ACME, OTHER),
    Identity("domain", "acme.co.uk"): (ACME,),
    Identity("external_id", "x-1"): (OTHER,),
    Identity("organization", "o-1"): (ACME,),
}
SPACE = Workspace("w", "W", own_domains=frozenset({"own.example"}))


def ask(questions: Sequence[Identity]) -> list[IndexAnswer]:
    """Answer from the book."""
    return [IndexAnswer(BOOK.get(question, ())) for question in questions]


def match(email: str | None = None, **more: Any):
    """Resolve one requester."""
    return resolve(Requester(email, **more), SPACE, ask).match


@pytest.mark.parametrize(
    ("email", "account", "by"),
    [
        ("ann@acme.example", "1", "contact_email"),
        ("ANN@ACME.example", "1", "contact_email"),
        (" ann@acme.example ", "1", "contact_email"),
        ("ann+invoices@acme.example", "1", "contact_email"),
        ("ann@gmail.com", "1", "contact_email"),
        ("new@acme.example", "1", "domain"),
        ("new@eu.acme.example", "2", "domain"),
        ("new@fr.acme.example", "1", "parent_domain"),
        ("new@mail.acme.co.uk", "1", "parent_domain"),
        ("new@münchen.example", "3", "domain"),
        ("new@MÜNCHEN.example", "3", "domain"),
        ("new@xn--mnchen-3ya.example", "3", "domain"),
    ],
)
def test_the_first_step_with_one_account_wins(email, account, by):
    """Contact e-mail, then domain, then parent domain; case, tags and IDNA do not matter."""
    found = match(email)

    assert (found.status, found.account_id, found.by) == ("matched", account, by)


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        (None, "no_email"),
        ("a@b@acme.example", "no_email"),
        ("Ann <ann@acme.example>", "no_email"),
        ("new@co.uk", "unknown_domain"),
        ("new@github.io", "unknown_domain"),
        ("not an address", "no_email"),
        ("new@gmail.com", "free_mail"),
        ("new@GMX.de", "free_mail"),
        ("new@mailinator.com", "disposable"),
        ("new@own.example", "own_domain"),
        ("new@eu.own.example", "own_domain"),
        ("new@t-online.de", "shared_domain"),
        ("new@nobody.example", "unknown_domain"),
        ("jo@gmail.com", "consumer"),
    ],
)
def test_none_says_why(email, reason):
    """A domain that many share never matches, and the reason is told."""
    found = match(email)

    assert (found.status, found.reason, found.account_id) == ("none", reason, None)


def test_several_accounts_at_the_deciding_step_are_ambiguous():
    """The candidates are shown with why, and none is chosen."""
    found = match("both@agency.example")

    assert (found.status, found.reason, found.account_id) == ("ambiguous", "several_accounts", None)
    assert [(item.account_id, item.reason) for item in found.candidates] == [
        ("1", "matched by contact e-mail"),
        ("3", "matched by contact e-mail"),
    ]
    assert match("new@twins.example").status == "ambiguous"
    assert match("Case@acme.example").status == "ambiguous"


def test_two_records_of_one_id_are_ambiguous_too():
    """A system that holds an id twice does not know which it means."""
    twins = (AccountRef("9", "Nine"), AccountRef("9", "Other Nine"))

    found = resolve(Requester("a@nine.example"), SPACE, lambda qs: [IndexAnswer(twins) for _ in qs])

    assert found.match.status == "ambiguous"


def test_ids_from_the_helpdesk_come_before_the_address():
    """External id, then organisation, then the address."""
    assert match("ann@acme.example", external_id="x-1").by == "external_id"
    assert match("stray@other.example", organization_id="o-1").by == "organization"


def test_a_later_step_that_points_elsewhere_makes_the_match_less_sure():
    """The contradiction is evidence, shown with hedged words."""
    sure, disputed = match("ann@acme.example"), match("stray@other.example")

    assert (sure.confidence, disputed.confidence) == (0.98, 0.7)
    assert [item.by for item in disputed.evidence] == ["contact_email", "domain"]


def test_a_subsidiary_is_not_its_parent():
    """The exact domain decides; the parent's is only evidence against."""
    found = match("new@eu.acme.example")

    assert (found.account_id, found.confidence) == ("2", 0.7)


def test_an_upstream_that_cannot_be_asked_is_no_reason_to_say_none():
    """Without an answer nobody claims that there is no account."""
    gap = Gap("account", "crm", "timed_out")
    found = resolve(
        Requester("ann@acme.example"), SPACE, lambda qs: [IndexAnswer((), (gap,)) for _ in qs]
    ).match

    assert (found.status, found.reason, found.gaps) == ("none", None, (gap,))


def test_a_gap_before_the_deciding_step_makes_the_match_less_sure():
    """The contact could not be asked, so the domain's account is only likely."""
    gap = Gap("account", "crm", "timed_out")

    def partly(questions: Sequence[Identity]) -> list[IndexAnswer]:
        return [
            IndexAnswer((), (gap,))
            if question.by == "contact_email"
            else IndexAnswer(BOOK.get(question, ()))
            for question in questions
        ]

    found = resolve(Requester("ann@acme.example"), SPACE, partly).match

    assert (found.by, found.confidence) == ("domain", 0.7)


def test_a_pin_wins_over_everything():
    """What a person decided stays until they change it."""
    pin = Pin(OTHER, by="Kim", on="2026-11-01")

    found = resolve(Requester("ann@acme.example"), SPACE, ask, pin)

    assert (found.match.by, found.match.account_id, found.match.confidence) == ("pin", "3", 1.0)


def test_what_contradicts_a_pin_is_shown_and_the_pin_stays():
    """A new organisation on the ticket is evidence, not a decision."""
    pin = Pin(OTHER, by="Kim", on="2026-11-01")
    asked = Requester("ann@acme.example", external_id="x-1", organization_id="o-1")

    match = resolve(asked, SPACE, ask, pin).match
    assert match.account_id == "3"
    assert [(one.by, one.account_ids) for one in match.evidence[1:]] == [("organization", ("1",))]


def test_admins_can_free_a_domain_or_share_one():
    """The workspace's lists win over the shipped ones."""
    freed = Workspace("w", "W", company_domains=frozenset({"gmail.com"}))
    shared = Workspace("w", "W", shared_domains=frozenset({"acme.example"}))

    assert resolve(Requester("new@gmail.com"), freed, ask).match.account_id == "3"
    assert resolve(Requester("new@acme.example"), shared, ask).match.reason == "shared_domain"


def test_hosted_customers_are_not_merged():
    """acme.github.io belongs to a customer, github.io to nobody."""
    asked: list[Identity] = []

    def note(questions: Sequence[Identity]) -> list[IndexAnswer]:
        asked.extend(questions)
        return [IndexAnswer() for _ in questions]

    resolve(Requester("a@mail.acme.github.io"), SPACE, note)

    assert [q.value for q in asked if q.by == "domain"] == ["mail.acme.github.io", "acme.github.io"]


@given(st.text(max_size=300))
def test_no_address_is_a_crash(text):
    """Whatever a helpdesk calls an address, resolution answers."""
    read_address(text)

    assert match(text).status in ("matched", "ambiguous", "none")


def test_the_nearest_known_parent_decides():
    """A department's domain comes before the firm's, at any height."""
    found = match("new@mail.paris.eu.acme.example")

    assert (found.account_id, found.by) == ("2", "parent_domain")


def test_each_address_that_the_helpdesk_has_of_a_person_is_asked():
    """A private address comes first, and the one at work still finds the account."""
    found = match("jo.private@gmail.com", more_emails=("ann@acme.example",))
    torn = match("ann@acme.example", more_emails=("both@agency.example",))

    assert (found.account_id, found.by) == ("1", "contact_email")
    assert torn.status == "ambiguous"
