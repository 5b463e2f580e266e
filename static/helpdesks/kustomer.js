// Speaks with Kustomer around this card, through its SDK: the message format is not public.
// https://developer.kustomer.com/kustomer-apps-platform/docs/card-js-methods
(() => {
  "use strict";
  const { sidelight } = window;
  const SDK = "https://cdn.kustomerapp.com/card-js/latest/kustomer-card.min.js";

  // The key of the launch is taken out of the page's address at once; the rest is the SDK's.
  const launch = new URL(location.href);
  launch.searchParams.delete("k");
  history.replaceState(null, "", launch);

  const text = (value) => (value === undefined || value === null ? null : String(value));

  const claims = ({ conversation, customer, company }) => {
    const attributes = customer?.attributes || {};
    return {
      ticket: { id: text(conversation?.id), subject: text(conversation?.attributes?.name) },
      requester: {
        id: text(attributes.externalId),
        email: text(attributes.emails?.[0]?.email),
        name: text(attributes.displayName || attributes.name),
        organization_id: text(company?.attributes?.externalId),
      },
    };
  };

  const start = () => {
    // Some calls bring the context itself, some the object that has it.
    const show = (told) => sidelight.show(claims(told?.object?.context || told?.context || told || {}));
    window.Kustomer.initialize(show); // without it the card stays hidden
    window.Kustomer.on("context", show);
  };

  if (window.Kustomer) {
    start();
    return;
  }
  const script = document.createElement("script");
  script.src = SDK;
  script.addEventListener("load", start);
  document.head.append(script);
})();
