"""Northwind Analytics is in the demo exactly as it is told everywhere else."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from plugin.account.money import Money
from tests.plugin.demo.demo_folder import NOW, ask, facts


def test_its_billing_admin_leads_to_it(demo: Path):
    """The requester of the story is a contact of exactly one account."""
    assert [ref.id for ref in ask(demo, "contact_email", "billing.admin@northwind.example")] == [
        "northwind"
    ]


def test_who_they_are(demo: Path):
    """A vertical SaaS of 80 people, tier 2, which renews in 60 days with 30 days' notice."""
    values = facts(demo, "northwind", "crm").values

    assert values["account.industry"] == "Vertical SaaS"
    assert values["account.employees"] == 80
    assert values["account.tier"] == "2"
    assert values["contract.renewal_at"] == date(2027, 1, 20)
    assert values["contract.notice_days"] == 30


def test_what_they_pay(demo: Path):
    """Growth, roughly 30,000 dollars a year, and both sources agree."""
    values = facts(demo, "northwind", "billing").values
    crm = facts(demo, "northwind", "crm").values

    assert values["contract.plan"] == "Growth"
    assert values["contract.arr"] == Money(Decimal(30000), "usd", approximate=True)
    assert values["contract.billing_arr"] == crm["contract.crm_arr"]
    assert values["contract.billing_renewal_at"] == crm["contract.crm_renewal_at"]
    assert values["contract.billing_seats"] == crm["contract.crm_seats"]


def test_how_healthy_they_are(demo: Path):
    """The score slips from 72 to 58 in 30 days, 61 a week ago, and usage pulls most."""
    values = facts(demo, "northwind", "crm").values

    assert values["health.score"] == 58
    assert values["health.score_7d_ago"] == 61
    assert values["health.score_30d_ago"] == 72
    assert values["health.drag"] == "usage"
    assert values["health.weekly"][-2:] == (61, 58)
    assert len(values["health.weekly"]) == 26


def test_what_they_use(demo: Path):
    """Heavy reporting, unused integrations, two daily power users."""
    values = facts(demo, "northwind", "analytics").values
    modules = {one.name: (one.entitled, one.events_90d) for one in values["usage.modules"]}

    assert modules == {"Reporting": (True, 1180), "Integrations": (True, 0)}
    assert values["usage.daily_power_users"] == 2


def test_who_works_there(demo: Path):
    """Two analysts use it daily, and one admin owns billing; their names are their roles."""
    contacts = facts(demo, "northwind", "crm").values["contacts"]

    assert [one.usage_tier for one in contacts].count("daily_power") == 2
    assert [one.name for one in contacts if one.role == "admin" and one.owns_billing] == [
        "Billing Admin"
    ]
    assert all((one.email or "").endswith("@northwind.example") for one in contacts)


def test_why_they_write(demo: Path):
    """One open export bug of 12 days, three billing questions in 90 days, nothing else said."""
    values = facts(demo, "northwind", "helpdesk").values
    told = [
        (one.id, one.status, one.kind, one.topics, one.component, (NOW - one.created_at).days)
        for one in values["tickets"]
    ]

    assert told == [
        ("NW-31", "open", "bug", ("bug",), "export", 12),
        ("NW-29", "closed", "question", ("billing",), None, 18),
        ("NW-26", "solved", "question", ("billing",), None, 46),
        ("NW-22", "solved", "question", ("billing",), None, 80),
    ]
    assert values["tickets"][0].subject == "CSV export fails"
    assert values["tickets"][0].created_at.date() == NOW.date() - timedelta(days=12)
    assert values["mentions"] == ()
