/* The page's side of a frame: asks for the widget of the ticket that the helpdesk's bridge shows,
   keeps it fresh, and says how tall it is. It stores nothing; the token stays in this page. */
(() => {
  "use strict";
  const data = document.body.dataset;
  const root = document.documentElement;
  const place = document.getElementById("place");
  const status = document.getElementById("status");
  const token = data.token;
  document.body.removeAttribute("data-token");
  let claims = null; // the ticket that is open
  let asking = null; // the request under way
  let asked = 0; // automatic second tries for this ticket
  let keys = !("noShortcut" in data);
  let sized = () => {};
  let tall = 0;

  const say = (text) => { status.textContent = text || ""; };
  const find = (key) => key && place.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const resize = () => {
    const height = Math.ceil(place.getBoundingClientRect().height);
    if (height && height !== tall) sized((tall = height)); // 0 while the host keeps us hidden
  };

  function put(nodes) {
    const open = [...place.querySelectorAll("details[open][data-key]")].map((it) => it.dataset.key);
    const held = place.contains(document.activeElement) && document.activeElement;
    const focus = held && (held.closest("[data-key]") || {}).dataset?.key;
    place.replaceChildren(...nodes);
    open.forEach((key) => { const it = find(key); if (it) it.open = true; });
    let it = focus && find(focus);
    if (it && it.tagName === "DETAILS") it = it.firstElementChild;
    if (held) (it || place).focus({ preventScroll: true });
    const key = find("shortcut");
    if (key) { key.closest("[hidden]").hidden = false; key.checked = keys; }
    place.removeAttribute("aria-busy");
  }
  const from = (id) => [document.getElementById(id).content.cloneNode(true)];
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body.childNodes;

  async function ask(path, more) {
    asking?.abort();
    const mine = (asking = new AbortController());
    const had = place.querySelector(".widget") && !place.hasAttribute("aria-busy");
    const wait = setTimeout(() => {
      if (had) say(data.busy || status.dataset.busy);
      else { place.replaceChildren(...from("waiting")); say(status.dataset.loading); }
    }, 300);
    try {
      const answer = await fetch(path, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", Accept: "text/html" },
        body: JSON.stringify({ ...claims, theme: root.dataset.theme, locale: data.locale, ...more }),
        credentials: "omit",
        signal: mine.signal,
      });
      if (answer.status === 401) return put(from("expired"));
      if (!answer.ok) throw new Error(answer.status);
      const nodes = parsed(await answer.text());
      if (mine !== asking) return;
      put(nodes);
      if (had) { place.firstElementChild?.classList.add("fresh"); }
      say(status.dataset.done);
      again();
    } catch (error) {
      if (mine !== asking) return; // a newer question has taken over
      if (had) say(status.dataset.kept);
      else put(from("failed"));
    } finally { clearTimeout(wait); }
  }
  const refresh = () => ask(data.endpoint, { refresh: true });

  /* A partial answer may be better in a moment: ask once more, by itself, once. */
  function again() {
    if (place.querySelector("[data-refreshing]") && !asked++) setTimeout(() => ask(data.endpoint), 2000);
  }

  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    if (!button) return;
    const { action, value } = button.dataset;
    if (action === "refresh") refresh();
    else ask(data.endpoint.replace(/widget$/, `actions/${encodeURIComponent(action)}`), { value });
  });
  place.addEventListener("change", (event) => {
    if (event.target.dataset.key === "shortcut") keys = event.target.checked;
  });
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    if (keys && plain && event.key.toLowerCase() === "r" && place.contains(document.activeElement)
      && !event.target.closest("input:not([type=checkbox]), textarea, select")) refresh();
  });

  window.sidelight = {
    origin: data.origin,
    show(next) {
      if (JSON.stringify(next) === JSON.stringify(claims)) return;
      claims = next;
      asked = 0;
      place.setAttribute("aria-busy", "true"); // never another ticket's account, not for a moment
      ask(data.endpoint);
    },
    theme(name) { if (/^(light|dark)$/.test(name)) root.dataset.theme = name; },
    onResize(report) { sized = report; tall = 0; resize(); },
  };
  new ResizeObserver(resize).observe(place);
  place.tabIndex = -1;
  again();
})();
