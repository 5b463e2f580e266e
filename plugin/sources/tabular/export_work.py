"""Vendors' exports of subscriptions, invoices, deals and tickets."""

from __future__ import annotations

from plugin.sources.tabular.export import ASK, Export

_ZENDESK_SCORE = {"good": "100", "bad": "0", "offered": "", "unoffered": "", "not offered": ""}
_COMPANY = (
    "Associated Company IDs (Primary)",
    "Primary Associated Company ID",
    "Associated Company IDs",
)
WORK: dict[str, tuple[Export, ...]] = {
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
                "ends_at": ("Ended At (UTC)", "Cancel At (UTC)", "Cancel At"),
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
                "account_id": _COMPANY,
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
                "account_id": _COMPANY,
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
