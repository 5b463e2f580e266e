"""The helpdesks whose install an API can set up: which calls do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manifest.calls import Call, Lookup
from manifest.facts import Facts

PLAIN_API = "https://core-api.uk.plain.com/graphql/v1"  # https://www.plain.com/docs/graphql
PLAIN_MUTATION = (
    "mutation CreateCustomerCardConfig($input: CreateCustomerCardConfigInput!) {"
    " createCustomerCardConfig(input: $input) {"
    " customerCardConfig { id } error { message code } } }"
)
PLAIN_QUERY = "query { customerCardConfigs { id title key apiUrl } }"
GORGIAS_EVENTS = ("ticket-created", "ticket-updated", "ticket-message-created")
GORGIAS_BODY = {
    "ticket": {"id": "{{ticket.id}}", "subject": "{{ticket.subject}}"},
    "requester": {
        "id": "{{ticket.customer.id}}",
        "name": "{{ticket.customer.name}}",
        "email": "{{ticket.customer.email}}",
    },
}


def _bearer() -> dict[str, str]:
    return {"Authorization": "Bearer ${TOKEN}"}


def _plain(facts: Facts) -> tuple[Call, ...]:
    """Return the call that adds the customer card: https://www.plain.com/docs/customer-cards."""
    card = {
        "title": facts.title,
        "key": facts.option("card_key", "account"),
        "defaultTimeToLiveSeconds": int(facts.option("time_to_live", "60")),
        "apiUrl": facts.frame_url,
        "apiHeaders": [],
    }
    body = {"query": PLAIN_MUTATION, "variables": {"input": card}}
    made = Lookup(
        "POST",
        PLAIN_API,
        items="data.customerCardConfigs",
        at="apiUrl",
        own="variables.input.apiUrl",
        body={"query": PLAIN_QUERY},
    )
    return (Call("card", "POST", PLAIN_API, _bearer(), body, made),)


def _chatwoot(facts: Facts) -> tuple[Call, ...]:
    """Return the call that adds the dashboard app: https://developers.chatwoot.com."""
    host = facts.hosts[0] if facts.hosts else "https://${HOST}"
    account = facts.option("account_id", "${ACCOUNT_ID}")
    frame = f"{facts.frame_url}?k=${{KEY}}"
    body = {"title": facts.title, "content": [{"type": "frame", "url": frame}]}
    url = f"{host}/api/v1/accounts/{account}/dashboard_apps"
    made = Lookup("GET", url, items="", at="content.0.url", own="content.0.url")
    return (Call("dashboard_app", "POST", url, {"api_access_token": "${TOKEN}"}, body, made),)


def _lines(paths: dict[str, str]) -> list[dict[str, Any]]:
    return [{"type": "text", "path": path, "title": title} for path, title in paths.items()]


def _gorgias_card(title: str) -> dict[str, Any]:
    """Return the widget over the paths of our answer: the head, then each section's lines."""
    part = {"headline": "Signal", "label": "Fact", "value": "Value", "text": "Note"}
    parts = {"type": "card", "path": "", "title": "", "widgets": _lines(part)}
    section = {
        "type": "card",
        "path": "",
        "title": "{{title}}",
        "widgets": [{"type": "list", "path": "components", "widgets": [parts]}],
    }
    head = {"header.title": "Account", "header.match": "Matched", "header.banner": "Note"}
    return {
        "type": "card",
        "path": "",
        "title": title,
        "widgets": [
            *_lines({**head, "judged": "Signals"}),
            {"type": "list", "path": "sections", "widgets": [section]},
        ],
    }


def _gorgias(facts: Facts) -> tuple[Call, ...]:
    """Return the calls that add integration and widget: https://developers.gorgias.com."""
    api = facts.hosts[0] if facts.hosts else "https://${ACCOUNT}.gorgias.com"
    headers = {"Authorization": "Basic ${TOKEN}"}
    http = {
        "url": facts.frame_url,
        "method": "POST",
        "headers": {"Authorization": "Bearer ${KEY}"},
        "form": GORGIAS_BODY,
        "request_content_type": "application/json",
        "response_content_type": "application/json",
        "triggers": dict.fromkeys(GORGIAS_EVENTS, True),
    }
    integration = {"type": "http", "name": facts.title, "http": http}
    widget = {
        "type": "http",
        "context": "ticket",
        "integration_id": "${integration.id}",
        "order": 0,
        "template": {"type": "wrapper", "widgets": [_gorgias_card(facts.title)]},
    }
    integrations, widgets = f"{api}/api/integrations", f"{api}/api/widgets"
    first = Lookup("GET", f"{integrations}?limit=100", "data", at="http.url", own="http.url")
    shown = Lookup("GET", f"{widgets}?limit=100", "data", "integration_id", "integration_id")
    return (
        Call("integration", "POST", integrations, headers, integration, first),
        Call("widget", "POST", widgets, headers, widget, shown),
    )


SETUPS: dict[str, Callable[[Facts], tuple[Call, ...]]] = {
    "chatwoot": _chatwoot,
    "plain": _plain,
    "static_key": _gorgias,
}
