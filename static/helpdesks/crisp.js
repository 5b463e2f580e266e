// Speaks with Crisp around this widget, through its SDK: the message format is not public.
// https://docs.crisp.chat/guides/plugins/widgets/widget-js-sdk/
(() => {
  "use strict";
  const { sidelight } = window;
  const SDK = "https://assets.crisp.chat/widget/javascripts/sdk.min.js";

  // The token of the launch is taken out of the page's address at once; the rest is the SDK's.
  const launch = new URL(location.href);
  launch.searchParams.delete("token");
  history.replaceState(null, "", launch);

  const text = (value) => (value === undefined || value === null ? null : String(value));

  const claims = ({ session_id: session, meta }) => ({
    ticket: { id: text(session), subject: text(meta?.subject) },
    requester: { id: null, email: text(meta?.email), name: text(meta?.nickname) },
  });

  const start = () => {
    const { $crisp } = window;
    $crisp.onDataAcquired = (namespace) => {
      const conversation = $crisp.data?.conversation;
      if (namespace === "conversation" && conversation) sidelight.show(claims(conversation));
    };
    $crisp.acquireData("conversation");
    sidelight.onResize((height) => {
      if (height) $crisp.setHeight(Math.ceil(height)); // Crisp itself folds what is above 350 px
    });
  };

  if (window.$crisp) {
    start();
    return;
  }
  window.CRISP_READY_TRIGGER = start;
  const script = document.createElement("script");
  script.src = SDK;
  document.head.append(script);
})();
