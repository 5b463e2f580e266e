// Speaks with Zendesk's ticket page around this frame: the documented messages of the Zendesk
// apps framework, without its SDK, so that no third-party script runs in the page.
// https://developer.zendesk.com/api-reference/apps/apps-core-api/client_api/
(() => {
  "use strict";
  const { sidelight } = window;
  const launch = new URLSearchParams(location.search);
  const appGuid = launch.get("app_guid");
  // The launch names its origin; it counts only where the install has configured it.
  const origin = sidelight.origin.split(" ").find((known) => known === launch.get("origin"));
  if (!appGuid || !origin || window.parent === window) {
    // A redirect has lost what Zendesk told us: only a new launch brings it back.
    sidelight.expire();
    return;
  }

  const PATHS = [
    "ticket.id",
    "ticket.subject",
    "ticket.requester",
    "ticket.organization",
    "currentUser.locale",
    "colorScheme",
  ];
  const CHANGES = [
    "ticket.requester.id.changed",
    "ticket.requester.email.changed",
    "ticket.organization.changed",
    "ticket.subject.changed",
  ];
  const HANDSHAKE_AGAIN = [500, 2000, 5000]; // milliseconds, for a host that listens late
  const waiting = new Map();
  let instanceGuid = appGuid;
  let registered = false;
  let lastId = 0;
  let lastHeight = 0;

  const post = (message) =>
    window.parent.postMessage(JSON.stringify({ ...message, appGuid, instanceGuid }), origin);

  const ask = (request, params) => {
    lastId += 1;
    const id = lastId;
    post({ id, request, params });
    return new Promise((resolve) => waiting.set(id, resolve));
  };

  const text = (value) => (value === undefined || value === null ? null : String(value));

  const claims = (found) => {
    const requester = found["ticket.requester"] || {};
    const organization = found["ticket.organization"] || {};
    const locale = text(found["currentUser.locale"]);
    return {
      ticket: { id: text(found["ticket.id"]), subject: text(found["ticket.subject"]) },
      requester: {
        id: text(requester.id),
        email: text(requester.email),
        name: text(requester.name),
        organization_id: text(organization.id),
      },
      ...(locale ? { locale } : {}),
    };
  };

  const show = async () => {
    const found = await ask("get", PATHS);
    if (!found) return;
    if (found.colorScheme) sidelight.theme(found.colorScheme);
    sidelight.show(claims(found));
  };

  const resize = (height) => {
    lastHeight = height || lastHeight; // a collapsed tray measures 0
    if (registered && lastHeight) {
      ask("invoke", { resize: [{ width: "100%", height: `${Math.ceil(lastHeight)}px` }] });
    }
  };

  const events = {
    "app.registered": (message) => {
      if (registered) return;
      registered = true;
      instanceGuid = message?.context?.instanceGuid || instanceGuid;
      for (const name of [...CHANGES, "colorScheme.changed", "app.activated"]) {
        post({ key: `iframe.on:${name}`, message: { subscriberCount: 1 } });
      }
      show();
      resize(0);
    },
    "app.activated": () => resize(0),
    "colorScheme.changed": (scheme) => sidelight.theme(scheme),
  };
  for (const name of CHANGES) events[name] = show;

  const read = (data) => {
    try {
      return typeof data === "string" ? JSON.parse(data) : data;
    } catch {
      return null;
    }
  };

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== origin) return;
    const data = read(event.data);
    if (!data || typeof data !== "object") return;
    if (waiting.has(data.id)) {
      waiting.get(data.id)(data.error ? null : data.result);
      waiting.delete(data.id);
      return;
    }
    if (typeof data.key !== "string" || !data.key.startsWith("zaf.")) return;
    const name = data.key.slice("zaf.".length);
    if (Object.hasOwn(events, name)) events[name](data.message);
    if (data.needsReply) post({ key: `iframe.reply:${name}` });
  });

  const shake = () => {
    if (!registered) post({ key: "iframe.handshake", message: { version: "2.0" } });
  };
  shake();
  for (const delay of HANDSHAKE_AGAIN) setTimeout(shake, delay);
  sidelight.onResize(resize);
})();
