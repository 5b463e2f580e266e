// Speaks with Salesforce around this canvas: tells it our height, and asks it to launch anew where
// a launch has ended or was none yet. The record and the user come signed with each launch, so
// nothing that arrives here is believed.
// https://developer.salesforce.com/docs/platform/canvas/guide/resizing.html
(() => {
  "use strict";
  const { sidelight } = window;
  if (window.parent === window) return;
  const bridge = JSON.parse(document.body.dataset.bridge || "{}");

  const matches = (pattern, origin) =>
    pattern === origin ||
    (pattern.startsWith("https://*.") &&
      origin.startsWith("https://") &&
      origin.endsWith(pattern.slice("https://*".length)));
  const isKnown = (origin) => sidelight.origin.split(" ").some((known) => matches(known, origin));

  const LAST = 100; // after which Canvas counts anew
  const clientVersion = "41.0"; // of the SDK whose messages these are: @salesforce/canvas-js-sdk
  let seq = 0;
  const post = (target, body) => {
    seq = (seq % LAST) + 1;
    const message = { targetModule: "Canvas", src: "client", clientVersion, seq, body };
    window.parent.postMessage(JSON.stringify(message), target);
  };

  // Only who is around us may launch us; where the browser does not tell, `frame-ancestors` has
  // decided it. The message holds nothing but the canvas's own name.
  const repost = () => {
    const around = location.ancestorOrigins?.[0];
    if (around && !isKnown(around)) return;
    const instanceId = window.name.replace(/^canvas-frame-/, "");
    const client = { oauthToken: "null", instanceId, targetOrigin: "*" };
    post(around || "*", { type: "repost", accessToken: "null", config: { client }, refresh: true });
  };
  if (bridge.knocked) {
    repost();
    return;
  }

  const { instanceId, targetOrigin } = bridge;
  if (!instanceId || !targetOrigin || !isKnown(targetOrigin)) return;
  sidelight.onExpired(repost);
  sidelight.onResize((height) => {
    if (!height) return; // a hidden canvas measures 0
    post(targetOrigin, {
      type: "resize",
      config: { client: { instanceId, targetOrigin } },
      size: { height: `${Math.ceil(height)}px` },
    });
  });
})();
