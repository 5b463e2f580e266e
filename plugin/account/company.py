"""Who they are: the account, its people, and who writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from plugin.account import words
from plugin.account.fact import fact
from plugin.account.money import Money


@dataclass(frozen=True, slots=True)
class Owner:
    """One of our own people who answers for the account."""

    name: str | None = fact("Name", "the owner's name")
    email: str | None = fact("E-mail", "the owner's address")


@dataclass(frozen=True, slots=True)
class Account:
    """Who they are, and how we group them."""

    id: str | None = fact("Account id", "id in the system of record")
    name: str | None = fact("Account", "name in the system of record")
    domain: str | None = fact("Domain", "primary e-mail domain")
    domains: tuple[str, ...] | None = fact("Domains", "all known e-mail domains")
    industry: str | None = fact("Industry", "industry, broadly")
    vertical: str | None = fact("Vertical", "narrower than the industry")
    market: str | None = fact("Market", "the market they serve")
    segment: str | None = fact("Segment", "how the workspace groups the account", layer="account")
    tier: str | None = fact("Tier", "how much the workspace invests in it", layer="account")
    employees: int | None = fact("Employees", "head count", unit="people")
    annual_revenue: Money | None = fact(
        "Annual revenue", "the customer's own revenue, not ARR", restricted=True
    )
    country: str | None = fact("Country", "country of the head office")
    region: str | None = fact("Region", "region of the head office")
    city: str | None = fact("City", "city of the head office")
    stage: str | None = fact(
        "Stage",
        "lifecycle: a mapped value, else derived",
        word=words.STAGE,
        layer="account",
        derived_from=("contract.ends_at", "usage.milestones", "account.customer_since"),
    )
    customer_since: date | None = fact("Customer since", "tenure counts from here", layer="account")
    csm: Owner | None = fact("CSM", "customer success manager", layer="account")
    ae: Owner | None = fact("Account executive", "account executive", layer="account")
    parent_id: str | None = fact("Parent account", "id of the parent account", layer="account")
    children: int | None = fact("Child accounts", "number of child accounts", layer="account")
    tech_stack: tuple[str, ...] | None = fact("Tech stack", "tools in use", layer="technographic")
    competitors: tuple[str, ...] | None = fact(
        "Competitors noted", "rivals noted in the CRM", layer="technographic"
    )
    goals: tuple[str, ...] | None = fact("Goals", "from CRM or CS notes", layer="account")
    pain_points: tuple[str, ...] | None = fact(
        "Pain points", "from CRM or CS notes", layer="account"
    )
    icp_score: int | None = fact(
        "ICP score",
        "five criteria, 0 to 2 each",
        unit="points of 10",
        derived_from=(
            "account.market",
            "account.vertical",
            "account.annual_revenue",
            "account.employees",
            "account.country",
        ),
    )
    is_reference: bool | None = fact("Reference", "agreed to act as reference", layer="account")


@dataclass(frozen=True, slots=True)
class Contact:
    """One person at the account."""

    id: str | None = fact("Contact", "id in the CRM")
    name: str | None = fact("Name", "their name")
    email: str | None = fact("E-mail", "their address")
    title: str | None = fact("Title", "job title")
    role: str | None = fact("Role", "part played", word=words.CONTACT_ROLE)
    role_inferred: bool | None = fact("Role inferred", "guessed from the title")
    seniority: str | None = fact("Seniority", "from the title", word=words.SENIORITY)
    is_champion: bool | None = fact("Champion", "inner advocate")
    owns_billing: bool | None = fact("Owns billing", "gets the invoices")
    is_active: bool | None = fact("Active", "false once deactivated or gone")
    bounced: bool | None = fact("Bounced", "hard bounce")
    changed_at: datetime | None = fact("Since", "since when inactive or bounced")
    first_seen_at: datetime | None = fact("First seen", "first activity", upstream="analytics")
    last_seen_at: datetime | None = fact("Last seen", "latest activity", upstream="analytics")
    last_reply_at: datetime | None = fact("Last reply", "latest reply", upstream="helpdesk")
    usage_tier: str | None = fact(
        "Usage tier", "how often they use it", word=words.USAGE_TIER, upstream="analytics"
    )
    preferred_channel: str | None = fact("Channel", "how they want to be reached")
    do_not_contact: bool | None = fact("Do not contact", "asked not to be reached")
    locale: str | None = fact("Language", "their locale")
    time_zone: str | None = fact("Time zone", "their hours")


@dataclass(frozen=True, slots=True)
class RequesterFacts:
    """Who writes."""

    email: str | None = fact("Requester", "address of who writes")
    name: str | None = fact("Name", "their name")
    title: str | None = fact("Title", "job title")
    role: str | None = fact("Role", "part played", word=words.CONTACT_ROLE)
    is_known: bool | None = fact("Known contact", "a contact of the matched account")
