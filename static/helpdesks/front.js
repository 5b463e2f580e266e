// Speaks with Front around this frame: its plugin protocol over a message channel, without its
// SDK. https://dev.frontapp.com/docs/plugin-overview
(() => {
  "use strict";
  const { sidelight } = window;
  const HANDSHAKE = "@frontapp/ui-sdk#WebViewBridge.handshake";
  if (!sidelight.origin || window.parent === window) return;

  // The secret of the launch is taken out of the page's address at once.
  history.replaceState(null, "", location.pathname);

  const matches = (pattern, origin) =>
    pattern === origin ||
    (pattern.startsWith("https://*.") &&
      origin.startsWith("https://") &&
      origin.endsWith(pattern.slice("https://*".length)));

  const originOf = (address) => {
    try {
      return new URL(address).origin;
    } catch {
      return null;
    }
  };
  const around = location.ancestorOrigins?.[0] || originOf(document.referrer);
  if (around && !sidelight.origin.split(" ").some((known) => matches(known, around))) return;

  let context = null;
  let lastId = 0;

  const text = (value) => (value === undefined || value === null ? null : String(value));

  const claims = ({ conversation = {} }) => {
    const recipient = conversation.recipient || {};
    const handle = text(recipient.handle);
    return {
      ticket: { id: text(conversation.id), subject: text(conversation.subject) },
      requester: {
        id: text(recipient.contact?.id),
        email: handle?.includes("@") ? handle : null,
        name: text(recipient.name || recipient.contact?.name),
      },
    };
  };

  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => {
    if (data?.type !== "context_update" || !data.context) return;
    context = data.context;
    const single = context.type === "singleConversation";
    sidelight.show(single ? claims(context) : { ticket: null, requester: null });
  };

  // Links cannot open from Front's sandbox: Front opens them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='https://']");
    if (!link || !context?.functionArities?.openUrl) return;
    event.preventDefault();
    lastId += 1;
    channel.port1.postMessage({
      type: "function_call",
      id: `sidelight-${lastId}`,
      contextId: context.id,
      name: "openUrl",
      args: [link.href],
    });
  });

  // Where the browser does not tell who is around us, `frame-ancestors` alone has decided it.
  window.parent.postMessage(HANDSHAKE, around || "*", [channel.port2]);
})();
