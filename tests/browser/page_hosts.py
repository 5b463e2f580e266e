"""Every helpdesk that frames our page, as the page around it: what it says, and when.

`open_ticket(id, email)` of each script shows another ticket, `null` for a ticket without address.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CONVERSATION = """
let current = {id: %(ticket)s, email: %(email)s};
window.open_ticket = (id, email) => { current = {id, email}; tell(); };
"""
ZENDESK = """
const send = (message) => say(JSON.stringify(message), "https://ctx.acme.test");
const facts = () => ({"ticket.id": current.id, "ticket.subject": "Hi",
  "currentUser.locale": "en", "colorScheme": "light",
  "ticket.requester": {id: 9, email: current.email, name: "Billing Admin"}});
const tell = () => send({key: "zaf.ticket.requester.id.changed", message: 9});
window.heard = (event) => {
  const m = JSON.parse(event.data);
  if (m.key === "iframe.handshake") send({key: "zaf.app.registered", message: {context: {}}});
  if (m.request) send({id: m.id, result: m.request === "get" ? facts() : {}});
};
"""
HELPSCOUT = """
const tell = () => say({type: "SEND_APP_CONTEXT",
  conversation: {id: current.id, subject: "Hi"},
  customer: {id: 1, firstName: "Billing", lastName: "Admin",
             emails: current.email ? [{value: current.email, default: true}] : []}});
window.heard = ({data}) => { if (data.type === "GET_APP_CONTEXT") tell(); };
"""
FRONT = """
let port;
const tell = () => port.postMessage({type: "context_update", context: {
  id: "c" + current.id, type: "singleConversation", conversation: {id: current.id, subject: "Hi",
    recipient: {handle: current.email, name: "Billing Admin"}}}});
window.heard = (event) => {
  if (event.data !== "@frontapp/ui-sdk#WebViewBridge.handshake") return;
  port = event.ports[0];
  tell();
};
"""
CHATWOOT = """
const tell = () => say(JSON.stringify({event: "appContext", data: {
  conversation: {id: current.id}, contact: {email: current.email, name: "Billing Admin"}}}));
window.heard = ({data}) => { if (data === "chatwoot-dashboard-app:fetch-info") tell(); };
"""
# The SDKs' own messages are not public: the page around tells the stub of the SDK.
TOLD = """
const tell = () => say({stub: current});
window.heard = ({data}) => { if (data.stub === "ready") tell(); };
"""
CRISP_SDK = """
window.$crisp = {data: {}, setHeight: () => {}, acquireData: () => {
  addEventListener("message", ({data}) => {
    $crisp.data.conversation = {session_id: data.stub.id,
      meta: {email: data.stub.email, nickname: "Billing Admin", subject: "Hi"}};
    $crisp.onDataAcquired("conversation");
  });
  parent.postMessage({stub: "ready"}, "*");
}};
CRISP_READY_TRIGGER();
"""
KUSTOMER_SDK = """
window.Kustomer = {listeners: [], initialize: (hear) => {
  addEventListener("message", ({data: {stub}}) => {
    const attributes = {emails: [{email: stub.email}], displayName: "Billing Admin"};
    const context = {conversation: {id: stub.id, attributes: {name: "Hi"}}, customer: {attributes}};
    for (const it of [hear, ...Kustomer.listeners]) it({object: {context}});
  });
  parent.postMessage({stub: "ready"}, "*");
}, on: (name, hear) => Kustomer.listeners.push(hear)};
"""
MISSIVE_SDK = """
let stub;
window.Missive = {on: (name, hear) => {
  addEventListener("message", ({data}) => { stub = data.stub; hear([stub.id]); });
  parent.postMessage({stub: "ready"}, "*");
}, openURL: () => {}, fetchConversations: async () => [{id: stub.id, subject: "Hi",
  authors: stub.email ? [{address: stub.email, name: "Billing Admin"}] : [], users: []}]};
"""


@dataclass(frozen=True, slots=True)
class PageHost:
    """What one helpdesk says around our page, and the script that it serves for us.

    `one_ticket` says that a launch is signed for its ticket alone; `launched` that the launch
    has told everything, so that another ticket is another launch.
    """

    script: str = ""
    sdk: dict[str, str] = field(default_factory=dict)
    one_ticket: bool = False
    launched: bool = False


PAGE_HOSTS = {
    "zendesk": PageHost(ZENDESK),
    "helpscout": PageHost(HELPSCOUT, one_ticket=True),
    "front": PageHost(FRONT),
    "chatwoot": PageHost(CHATWOOT),
    "crisp": PageHost(TOLD, {"https://assets.crisp.chat/widget/javascripts/sdk.min.js": CRISP_SDK}),
    "kustomer": PageHost(
        TOLD, {"https://cdn.kustomerapp.com/card-js/latest/kustomer-card.min.js": KUSTOMER_SDK}
    ),
    "missive": PageHost(TOLD, {"https://integrations.missiveapp.com/missive.js": MISSIVE_SDK}),
    "salesforce": PageHost(launched=True),
    "reamaze": PageHost(launched=True),
}
