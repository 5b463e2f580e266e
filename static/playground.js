/* The playground's host page: opens the signed frame and speaks the messages of a Zendesk host. */
(() => {
  "use strict";
  const at = (id) => document.getElementById(id);
  const frame = at("frame");
  const panel = at("panel");
  const drawn = at("drawn");
  const more = at("more");
  const tickets = [...document.querySelectorAll(".ticket")];
  const tabs = [...document.querySelectorAll("[data-helpdesk]")];
  const texts = JSON.parse(at("texts").textContent);
  const guid = "00000000-0000-4000-8000-000000000000";
  let chosen = null;
  let turn = 0; // raised with every choice: a late reply to an older one is dropped
  let helpdesk = "zendesk";
  const wish = (name) => document.querySelector(`input[name=${name}]:checked`).value;
  const query = (more) => new URLSearchParams({
    helpdesk, ticket: chosen.dataset.ticket, theme: wish("theme"), role: wish("role"), ...more,
  });

  /* What a Zendesk page knows of the open ticket. */
  const known = () => ({
    "ticket.id": chosen.dataset.ticket,
    "ticket.subject": chosen.dataset.subject,
    "ticket.requester": { id: null, email: chosen.dataset.email || null, name: chosen.dataset.name || null },
    "ticket.organization": null,
    "currentUser.locale": "en",
    colorScheme: wish("theme"),
  });
  const send = (message) => frame.contentWindow.postMessage(JSON.stringify(message), location.origin);

  function answer(asked) {
    if (asked.key === "iframe.handshake") {
      const context = { instanceGuid: guid, product: "support", location: "ticket_sidebar", ticketId: chosen.dataset.ticket, account: { subdomain: "demo" } };
      send({ key: "zaf.app.registered", message: { context, metadata: { appId: 1, installationId: 42, name: "Sidelight", version: "1.0.0", settings: {} } } });
    } else if (asked.request === "get") {
      const facts = known();
      const result = { errors: {} };
      for (const path of [].concat(asked.params)) {
        if (path in facts) result[path] = facts[path];
        else result.errors[path] = { message: `No such path ${path}` };
      }
      send({ id: asked.id, result });
    } else if (asked.request === "invoke") {
      const sizes = asked.params.resize || [];
      const height = parseInt(sizes[0] && sizes[0].height, 10);
      if (height > 0) frame.height = Math.min(height, 4000);
      send({ id: asked.id, result: { errors: {} } });
    }
  }
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== location.origin || !chosen) return;
    if (typeof event.data !== "string") return;
    try { answer(JSON.parse(event.data)); } catch { /* not a message of ours */ }
  });

  async function launch() {
    const mine = turn;
    const reply = await fetch(`/playground/launch?${query()}`);
    const { action, body } = await reply.json();
    if (mine !== turn) return; // something else was chosen meanwhile
    const form = document.createElement("form");
    form.method = "post";
    form.target = "sidelight";
    const url = new URL(action, location.href);
    url.searchParams.set("origin", location.origin);
    url.searchParams.set("app_guid", guid);
    url.searchParams.set("colorScheme", wish("theme"));
    form.action = url;
    for (const [name, value] of new URLSearchParams(body)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
    form.remove();
    at("raw").textContent = `POST ${url.pathname}?…\n\ntoken = ${body.replace(/^token=/, "").slice(0, 60)}…`;
  }

  /* A page of another helpdesk, told the ticket by the service in its script's stead. */
  async function visit() {
    frame.height = 1200;
    frame.src = `/playground/frame?${query()}`;
    at("raw").textContent = "The page of the frame, as its helpdesk opens it.";
  }

  /* Opens the card, or presses something on it: then the service answers as it would the helpdesk. */
  async function draw(pressed) {
    const mine = turn;
    const press = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(pressed) };
    const reply = await fetch(
      `/playground/answer?${query(pressed ? { stage: "submit" } : {})}`, pressed ? press : {},
    );
    const isPage = reply.headers.get("Content-Type").startsWith("text/html");
    const answer = isPage ? { html: await reply.text() } : await reply.json();
    if (mine !== turn) return;
    at("raw").textContent = isPage ? answer.html : JSON.stringify(answer, null, 2);
    const drawing = window.drawings[helpdesk] || window.drawings.other;
    drawn.replaceChildren(...drawing(answer, draw));
  }

  function show() {
    if (!chosen) return;
    turn += 1;
    const format = more.selectedOptions[0].dataset.format;
    const framed = helpdesk === "zendesk" || format === "html";
    frame.hidden = !framed;
    drawn.hidden = framed;
    frame.width = wish("width");
    panel.dataset.width = wish("width");
    panel.dataset.theme = wish("theme");
    panel.setAttribute("aria-labelledby", at(`tab-${helpdesk}`) ? `tab-${helpdesk}` : "more");
    const open = helpdesk === "zendesk" ? launch : framed ? visit : draw;
    open().catch(() => { at("raw").textContent = "The service did not answer."; });
  }

  function choose(ticket) {
    chosen = ticket;
    tickets.forEach((it) => it.setAttribute("aria-current", String(it === ticket)));
    at("subject").textContent = ticket.dataset.subject;
    at("name").textContent = ticket.dataset.name || "Unknown";
    at("email").textContent = ticket.dataset.email;
    at("text").textContent = texts[ticket.dataset.ticket];
    history.replaceState(null, "", `#${ticket.dataset.ticket}`);
    show();
  }

  function pick(tab) {
    helpdesk = tab.dataset.helpdesk;
    more.value = "";
    delete more.dataset.chosen;
    tabs.forEach((it) => {
      it.setAttribute("aria-selected", String(it === tab));
      it.tabIndex = it === tab ? 0 : -1;
    });
    show();
  }

  tickets.forEach((ticket) => ticket.addEventListener("click", () => choose(ticket)));
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => pick(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(place + step + tabs.length) % tabs.length];
      next.focus();
      pick(next);
    });
  });
  more.addEventListener("change", () => {
    if (!more.value) return;
    helpdesk = more.value;
    more.dataset.chosen = "";
    tabs.forEach((it, place) => { it.setAttribute("aria-selected", "false"); it.tabIndex = place ? -1 : 0; });
    show();
  });
  for (const name of ["width", "role"]) {
    document.querySelectorAll(`input[name=${name}]`).forEach((it) => it.addEventListener("change", show));
  }
  document.querySelectorAll("input[name=theme]").forEach((it) => it.addEventListener("change", () => {
    panel.dataset.theme = wish("theme");
    if (helpdesk !== "zendesk") show();
    else send({ key: "zaf.colorScheme.changed", message: wish("theme") });
  }));
  if (matchMedia("(prefers-color-scheme: dark)").matches) document.querySelector("input[name=theme][value=dark]").checked = true;
  choose(tickets.find((it) => `#${it.dataset.ticket}` === location.hash) || tickets[0]);
})();
