"""What the exports of vendors call our columns: one record an export, as an admin would map it.

`marks` are the headers that only this export has. Several names of one column are spellings of
different years or plans of the vendor; the first that is there counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ASK = "ask"  # the amount of a row with a quantity may be for one or for all: nobody said


@dataclass(frozen=True, slots=True)
class Export:
    """One export of one vendor: its title, what it is recognised by, how it is read."""

    title: str
    marks: tuple[str, ...]
    columns: Mapping[str, Any] = field(default_factory=dict)
    decimal: str | None = "."
    date_order: str | None = None
    amount: str | None = None


_ZENDESK_SCORE = {"good": "100", "bad": "0", "offered": "", "unoffered": "", "not offered": ""}
_NAME = {"from": ("First Name", "Firstname"), "also": ("Last Name",)}

EXPORTS: dict[str, tuple[Export, ...]] = {
    "accounts": (
        Export(
            "HubSpot's export of companies",
            ("Record ID", "Company name"),
            {
                "account_id": "Record ID",
                "name": "Company name",
                "domain": "Company Domain Name",
                "industry": "Industry",
                "employees": "Number of Employees",
                "annual_revenue": "Annual Revenue",
                "country": "Country/Region",
                "region": "State/Region",
                "city": "City",
                "ae_name": "Company owner",
            },
        ),
        Export(
            "a report of Salesforce on accounts",
            ("Account ID", "Account Name", "Account Owner"),
            {
                "account_id": "Account ID",
                "name": "Account Name",
                "domain": "Website",
                "industry": "Industry",
                "employees": ("Employees", "Number of Employees"),
                "annual_revenue": "Annual Revenue",
                "currency": ("Annual Revenue Currency", "Account Currency"),
                "country": "Billing Country",
                "city": "Billing City",
                "ae_name": "Account Owner",
                "parent_id": "Parent Account ID",
            },
        ),
        Export(
            "Salesforce's export of accounts",
            ("Id", "Name", "OwnerId"),
            {
                "account_id": "Id",
                "name": "Name",
                "domain": "Website",
                "industry": "Industry",
                "employees": "NumberOfEmployees",
                "annual_revenue": "AnnualRevenue",
                "currency": "CurrencyIsoCode",
                "country": "BillingCountry",
                "city": "BillingCity",
                "parent_id": "ParentId",
            },
        ),
        Export(
            "Chargebee's export of customers",
            ("customers.id", "customers.company"),
            {"account_id": "customers.id", "name": "customers.company"},
        ),
        Export(
            "Zendesk's list of organisations",
            ("id", "name", "domain_names", "group_id"),
            {
                "account_id": "id",
                "organization_id": "id",
                "domains": {"from": "domain_names", "split": " "},
            },
        ),
        Export(
            "Freshdesk's export of companies",
            ("Company Name", "Domains for this company"),
            {
                "account_id": ("Company ID", "Company Name"),
                "name": "Company Name",
                "domains": {"from": "Domains for this company", "split": ","},
                "industry": "Industry",
                "tier": "Account tier",
                "renewal_at": "Renewal date",
            },
        ),
        Export(
            "Intercom's export of companies",
            ("Company ID", "Company name"),
            {
                "account_id": "Company ID",
                "name": "Company name",
                "domain": "Company website",
                "industry": "Company industry",
                "employees": "Company size",
            },
        ),
    ),
    "contacts": (
        Export(
            "HubSpot's export of contacts",
            ("Record ID", "First Name", "Last Name"),
            {
                "id": "Record ID",
                "account_id": ("Associated Company IDs (Primary)", "Associated Company IDs"),
                "name": _NAME,
                "email": "Email",
                "title": "Job Title",
            },
        ),
        Export(
            "a report of Salesforce on contacts",
            ("Contact ID", "Account ID"),
            {
                "id": "Contact ID",
                "account_id": "Account ID",
                "name": _NAME,
                "email": "Email",
                "title": "Title",
            },
        ),
        Export(
            "Salesforce's export of contacts",
            ("Id", "AccountId", "LastName"),
            {
                "id": "Id",
                "account_id": "AccountId",
                "name": {"from": "FirstName", "also": ("LastName",)},
                "email": "Email",
                "title": "Title",
            },
        ),
        Export(
            "Intercom's export of people",
            ("Email", "User ID", "Last seen"),
            {
                "id": "User ID",
                "name": "Name",
                "email": "Email",
                "account_id": "Company ID",
                "first_seen_at": "First seen",
                "last_seen_at": "Last seen",
            },
        ),
    ),
    "subscriptions": (
        Export(
            "Stripe's export of subscriptions",
            ("Customer ID", "Current Period End (UTC)"),
            {
                "id": "id",
                "email": ("Customer Email", "Email"),
                "plan": "Plan",
                "quantity": "Quantity",
                "currency": "Currency",
                "interval": "Interval",
                "interval_count": "Interval Count",
                "amount": "Amount",
                "status": "Status",
                "renewal_at": "Current Period End (UTC)",
                "ends_at": ("Ended At (UTC)", "Cancel At (UTC)"),
                "trial_ends_at": "Trial End (UTC)",
            },
            amount=ASK,
        ),
        Export(
            "Chargebee's export of subscriptions",
            ("subscriptions.id", "subscriptions.status"),
            {
                "id": "subscriptions.id",
                "account_id": ("customers.id", "subscriptions.customer_id"),
                "plan": ("subscriptions.plan_id", "subscription_items.item_price_id"),
                "quantity": ("subscriptions.plan_quantity", "subscription_items.quantity"),
                "currency": "subscriptions.currency_code",
                "unit_amount": "subscriptions.plan_unit_price",
                "interval": "subscriptions.billing_period_unit",
                "interval_count": "subscriptions.billing_period",
                "status": "subscriptions.status",
                "renewal_at": ("subscriptions.next_billing_at", "subscriptions.current_term_end"),
                "ends_at": "subscriptions.cancelled_at",
                "trial_ends_at": "subscriptions.trial_end",
            },
        ),
    ),
    "invoices": (
        Export(
            "Stripe's export of invoices",
            ("id", "Amount Due", "Customer"),
            {
                "id": ("Number", "id"),
                "email": "Customer Email",
                "status": "Status",
                "amount": ("Amount Remaining", "Amount Due"),
                "currency": "Currency",
                "due_at": "Due Date (UTC)",
                "attempts": "Attempt Count",
            },
        ),
    ),
    "deals": (
        Export(
            "HubSpot's export of deals",
            ("Record ID", "Deal Name", "Deal Stage"),
            {
                "id": "Record ID",
                "account_id": ("Associated Company IDs (Primary)", "Associated Company IDs"),
                "name": "Deal Name",
                "stage": "Deal Stage",
                "amount": "Amount",
                "currency": "Currency",
                "close_at": "Close Date",
            },
        ),
        Export(
            "a report of Salesforce on opportunities",
            ("Opportunity ID", "Account ID"),
            {
                "id": "Opportunity ID",
                "account_id": "Account ID",
                "name": "Opportunity Name",
                "stage": "Stage",
                "amount": "Amount",
                "currency": "Amount Currency",
                "close_at": "Close Date",
            },
        ),
    ),
    "tickets": (
        Export(
            "Zendesk's export of a view",
            ("Id", "Requester", "Satisfaction Score"),
            {
                "id": "Id",
                "requester_email": "Requester email",
                "subject": "Subject",
                "tags": {"from": "Tags", "split": " "},
                "status": "Status",
                "priority": "Priority",
                "kind": "Ticket type",
                "created_at": "Created at",
                "solved_at": "Solved at",
                "csat": {"from": "Satisfaction Score", "values": _ZENDESK_SCORE},
                "text": "Description",
            },
        ),
        Export(
            "Freshdesk's export of tickets",
            ("Ticket ID", "Created time"),
            {
                "id": "Ticket ID",
                "requester_email": ("Email", "Contact email", "Requester Email"),
                "subject": "Subject",
                "tags": {"from": "Tags", "split": ","},
                "status": "Status",
                "priority": "Priority",
                "kind": "Type",
                "created_at": "Created time",
                "solved_at": ("Resolved time", "Closed time"),
            },
        ),
        Export(
            "HubSpot's export of tickets",
            ("Ticket ID", "Ticket name", "Ticket status"),
            {
                "id": "Ticket ID",
                "account_id": ("Associated Company IDs (Primary)", "Associated Company IDs"),
                "subject": "Ticket name",
                "status": "Ticket status",
                "priority": "Priority",
                "created_at": "Create date",
                "solved_at": "Close date",
            },
        ),
        Export(
            "a report of Salesforce on cases",
            ("Case Number", "Account ID"),
            {
                "id": "Case Number",
                "account_id": "Account ID",
                "requester_email": "Contact Email",
                "subject": "Subject",
                "status": "Status",
                "priority": "Priority",
                "kind": "Type",
                "created_at": ("Date/Time Opened", "Opened Date"),
                "solved_at": ("Date/Time Closed", "Closed Date"),
            },
        ),
        Export(
            "Intercom's export of conversations",
            ("Conversation ID", "Started at"),
            {
                "id": "Conversation ID",
                "requester_email": ("User email", "Email"),
                "subject": "Conversation title",
                "status": ("Conversation state", "Current conversation state", "State"),
                "created_at": "Started at",
                "tags": {"from": "Conversation tags", "split": ","},
            },
        ),
    ),
}
