// Speaks with Help Scout's conversation page around this frame: the messages of its SDK, without
// the SDK, whose origin test also lets look-alike hosts through.
// https://developer.helpscout.com/apps/guides/javascript-sdk/
(() => {
  "use strict";
  const { sidelight } = window;
  const origin = sidelight.origin.split(" ")[0];
  if (!origin || window.parent === window) return;

  const launch = new URLSearchParams(location.search);
  const ticket = launch.get("conversation-id");
  // A signed address stays valid: it is taken out of the page's address at once.
  history.replaceState(null, "", location.pathname);

  const send = (type, value) =>
    window.parent.postMessage(
      {
        type,
        ...(value === undefined ? {} : { value }),
        appId: window.name.replace(/app-side-panel-|app-/, ""),
        iframeId: window.name,
      },
      origin,
    );

  const text = (value) => (value === undefined || value === null ? null : String(value));

  const email = (customer) => {
    const emails = Array.isArray(customer.emails) ? customer.emails : [];
    return text((emails.find((it) => it?.default) || emails[0])?.value);
  };

  const show = ({ conversation = {}, customer = {} }) => {
    if (ticket && conversation.id && String(conversation.id) !== ticket) {
      sidelight.expire(); // the launch is signed for one conversation
      return;
    }
    sidelight.show({
      ticket: { id: text(conversation.id), subject: text(conversation.subject) },
      requester: {
        id: text(customer.id),
        email: email(customer),
        name: [customer.firstName, customer.lastName].filter(Boolean).join(" ") || null,
      },
    });
  };

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== origin) return;
    if (event.data?.type === "SEND_APP_CONTEXT") show(event.data);
  });

  sidelight.onResize((height) => {
    if (height) send("SET_APP_HEIGHT", Math.ceil(height));
  });
  send("GET_APP_CONTEXT");
})();
