"""Vendors' exports of companies and of people."""

from __future__ import annotations

from plugin.sources.tabular.export import Export

_NAME = {"from": ("First Name", "Firstname"), "also": ("Last Name",)}
_COMPANY = (
    "Associated Company IDs (Primary)",
    "Primary Associated Company ID",
    "Associated Company IDs",
)

PEOPLE: dict[str, tuple[Export, ...]] = {
    "accounts": (
        Export(
            "HubSpot's export of companies",
            ("Record ID", "Company name"),
            {
                "account_id": "Record ID",
                "name": "Company name",
                "domain": ("Company Domain Name", "Website URL"),
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
                "account_id": _COMPANY,
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
}
