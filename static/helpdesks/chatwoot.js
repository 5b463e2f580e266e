// Speaks with Chatwoot around this frame.
// https://www.chatwoot.com/hc/user-guide/articles/1677691702-how-to-use-dashboard-apps
(() => {
  "use strict";
  const { sidelight } = window;
  const FETCH = "chatwoot-dashboard-app:fetch-info"; // exactly this text, no JSON
  const AGAIN = [250, 1000, 3000]; // milliseconds: some versions miss the first question
  const origins = sidelight.origin.split(" ").filter(Boolean);
  if (!origins.length || window.parent === window) return;

  // The key of the launch is taken out of the page's address at once.
  history.replaceState(null, "", location.pathname);

  const account = JSON.parse(document.body.dataset.bridge || "{}").account_id;
  let answered = false;

  const text = (value) => (value === undefined || value === null ? null : String(value));

  const claims = ({ conversation, contact }) => ({
    ticket: { id: text(conversation?.id), subject: text(conversation?.additional_attributes?.mail_subject) },
    requester: {
      id: text(contact?.identifier),
      email: text(contact?.email),
      name: text(contact?.name),
    },
  });

  const read = (data) => {
    try {
      return typeof data === "string" ? JSON.parse(data) : null;
    } catch {
      return null;
    }
  };

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !origins.includes(event.origin)) return;
    const message = read(event.data);
    if (message?.event !== "appContext" || !message.data) return;
    const owner = message.data.conversation?.account_id;
    if (account && owner !== undefined && String(owner) !== account) return;
    answered = true;
    if (message.data.theme) sidelight.theme(message.data.theme);
    sidelight.show(claims(message.data));
  });

  const ask = () => {
    if (!answered) for (const origin of origins) window.parent.postMessage(FETCH, origin);
  };
  ask();
  for (const delay of AGAIN) setTimeout(ask, delay);
})();
