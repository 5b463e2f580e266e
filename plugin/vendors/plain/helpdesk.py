"""Serve Plain's customer cards: one answer for every card that shares our URL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from plugin.errors import BadRequest, BadSignature
from plugin.frame import FrameRequest, Proof, Requester, SignedRequest, TicketRef
from plugin.helpdesk import Helpdesk, Trial
from plugin.incoming.installs import signing_secret, viewer
from plugin.incoming.json_body import at, email_at, items_at, read_object, text, text_at
from plugin.incoming.launches import with_json
from plugin.proofs.mac import keyed_hash, prove
from plugin.settings.records import Install

DOCS = "https://www.plain.com/docs/api-reference/customer-cards"
SIGNATURE = "plain-request-signature"
WORKSPACE = "plain-workspace-id"
MAX_CARDS = 25  # https://www.plain.com/docs/api-reference/customer-cards
SHORTEST = 15  # seconds: the least that Plain keeps a card
LONGEST = 31_536_000


class PlainOptions(Schema):
    """What a Plain install may set.

    Without `card_key` each card that asks gets the account; with it the others are hidden.
    """

    issues_secrets: ClassVar[bool] = True

    workspace_id = fields.String(
        validate=validate.Length(
            1,
            64,
            error='write the workspace id, such as "w_01H0000000000000000000000"',
        )
    )
    card_key = fields.String(
        validate=validate.Regexp(
            r"[a-zA-Z0-9_-]{1,500}\Z",
            error='write letters, digits, _ and -, at most 500, such as "account"',
        )
    )
    time_to_live = fields.Integer(load_default=60, validate=validate.Range(SHORTEST, LONGEST))


def _signature(secret: str, body: bytes) -> str:
    return keyed_hash(secret, body).hex()


def verify(request: SignedRequest, install: Install) -> Proof:
    """Prove the raw body, then compare the workspace, which is outside the signature."""
    given = request.headers.get(SIGNATURE)
    prove(given, install.secrets, lambda secret: _signature(secret, request.body))
    expected = install.options.get("workspace_id")
    if expected and request.headers.get(WORKSPACE) != expected:
        raise BadSignature("the request comes from another workspace")
    return Proof(timeless=True)


def _card_keys(body: Mapping[str, Any]) -> tuple[str, ...]:
    keys = items_at(body, "cardKeys")
    if not keys or len(keys) > MAX_CARDS or not all(text(key) == key for key in keys):
        raise BadRequest("cardKeys is no list of card keys")
    return tuple(dict.fromkeys(keys))


def _requester(body: Mapping[str, Any]) -> Requester:
    return Requester(
        email=email_at(body, "customer", "email"),
        name=text_at(body, "customer", "fullName"),
        external_id=text_at(body, "customer", "externalId"),
        organization_id=text_at(body, "tenant", "externalId"),
    )


def parse(request: SignedRequest, proof: Proof, install: Install) -> FrameRequest:
    """Read whose card it is; thread and tenant are there only where Plain knows them."""
    del proof
    body = read_object(request.body)
    thread = text_at(body, "thread", "id")
    return FrameRequest(
        install_id=install.id,
        ticket=TicketRef(id=thread) if thread else None,
        requester=_requester(body),
        viewer=viewer(install, None),
        proven=frozenset({"ticket", "requester"}),
        extra={"card_keys": _card_keys(body)},
    )


def wrap(answer: Any, request: FrameRequest, install: Install) -> Any:
    """Answer each card that was asked for: a key without its card is an error in Plain.

    An answer with facts missing is asked for again as soon as Plain allows.
    """
    components = answer if isinstance(answer, list) else at(answer, "components")
    own = install.options.get("card_key")
    seconds = SHORTEST if request.extra.get("partial") else install.options.get("time_to_live", 60)
    keys = request.extra.get("card_keys")
    return {
        "cards": [
            {
                "key": key,
                "timeToLiveSeconds": seconds,
                "components": components if own in (None, key) else None,
            }
            for key in (keys if isinstance(keys, tuple) else ())
        ]
    }


def sign(trial: Trial, install: Install, template: SignedRequest) -> SignedRequest:
    """Build a request as Plain sends it when a thread is opened."""
    customer = {"id": "c_trial", "email": trial.email, "externalId": None}
    body: dict[str, Any] = {
        "cardKeys": [install.options.get("card_key") or "account"],
        "customer": customer | ({"fullName": trial.name} if trial.name else {}),
    }
    if trial.ticket_id:
        body["thread"] = {"id": trial.ticket_id, "externalId": None}
    raw = json.dumps(body).encode()
    headers = {
        SIGNATURE: _signature(signing_secret(install), raw),
        WORKSPACE: install.options.get("workspace_id") or "",
    }
    return with_json(template, raw, headers)


plain = Helpdesk(
    name="plain",
    title="Plain",
    docs_url=DOCS,
    options=PlainOptions,
    verify=verify,
    parse=parse,
    sign=sign,
    format="customer_card",
    wrap=wrap,
    budget=15.0,
)
