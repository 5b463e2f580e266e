// Speaks with Missive around this frame, through its SDK: the message format is not public.
// https://missiveapp.com/docs/developers/ui-iframe-integrations/javascript-api
(() => {
  "use strict";
  const { sidelight } = window;
  const SDK = "https://integrations.missiveapp.com/missive.js";
  const NOBODY = { ticket: null, requester: null };
  let selected = 0;

  // The key of the launch is taken out of the page's address at once.
  history.replaceState(null, "", location.pathname);

  const text = (value) => (value === undefined || value === null ? null : String(value));

  // Who wrote, but for our own people, whose replies are in the conversation too.
  const writer = ({ authors = [], users = [], latest_message: latest }) => {
    const ours = new Set(users.map((user) => user.email));
    const all = [...authors, latest?.from_field].filter((it) => it?.address);
    return all.find((it) => !ours.has(it.address)) || {};
  };

  const claims = (conversation) => {
    const { address, name } = writer(conversation);
    const subject = conversation.subject || conversation.latest_message?.subject;
    return {
      ticket: { id: text(conversation.id), subject: text(subject) },
      requester: { id: null, email: text(address), name: text(name) },
    };
  };

  const start = () => {
    const { Missive } = window;
    const show = async (ids) => {
      selected += 1;
      const mine = selected;
      if (ids.length !== 1) {
        sidelight.show(NOBODY);
        return;
      }
      const [conversation] = await Missive.fetchConversations(ids);
      if (mine === selected) sidelight.show(conversation ? claims(conversation) : NOBODY);
    };
    Missive.on("change:conversations", show, { retroactive: true });
    // Links cannot open from the frame: Missive opens them.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='https://']");
      if (!link) return;
      event.preventDefault();
      Missive.openURL(link.href);
    });
  };

  if (window.Missive) {
    start();
    return;
  }
  const script = document.createElement("script");
  script.src = SDK;
  script.addEventListener("load", start);
  document.head.append(script);
})();
