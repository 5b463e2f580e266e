"""Help Scout, Front and Chatwoot as a page around a frame: what each says, and when."""

from __future__ import annotations

from tests.browser.fake_host import Scene

HELPSCOUT = "https://secure.helpscout.net"
FRONT = "https://app.frontapp.com"

HELPSCOUT_HOST = """
const context = {conversation: {id: 123, subject: "Hi"},
  customer: {id: 500, firstName: "Jane", lastName: "Doe",
             emails: [{value: "old@acme.test"}, {value: "jane@acme.test", default: true}]},
};
window.tell = (more = {}) => say({type: "SEND_APP_CONTEXT", ...context, ...more});
window.heard = ({data}) => { if (data.type === "GET_APP_CONTEXT") tell(); };
"""
FRONT_HOST = """
window.heard = (event) => {
  if (event.data !== "@frontapp/ui-sdk#WebViewBridge.handshake") return;
  window.port = event.ports[0];
  port.onmessage = ({data}) => log.push(data);
  update({id: "c0", type: "noConversation"});
};
window.update = (context) =>
  port.postMessage({type: "context_update", context: {functionArities: {openUrl: 2}, ...context}});
window.single = (id, handle) => update({id, type: "singleConversation", conversation: {
  id: "cnv_1", subject: "Hi", recipient: {handle, name: "Jane", contact: {id: "crd_1"}}}});
"""


def helpscout() -> Scene:
    """Return our page beside a conversation of Help Scout."""
    return Scene("helpscout", HELPSCOUT, HELPSCOUT_HOST, "conversation-id=123&customer-id=500&X=s")


def front(host: str = FRONT) -> Scene:
    """Return our page in Front's sidebar."""
    patterns = "https://*.frontapp.com https://*.frontapplication.com"
    return Scene("front", host, FRONT_HOST, "auth_secret=x", origins=patterns)
