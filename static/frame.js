/* The page's side of a frame: asks for the widget of the ticket that the helpdesk's bridge shows,
   keeps it fresh and says how tall it is. It stores nothing; the token stays in this page.
   A bridge calls sidelight.show(claims), .theme("dark"), .onResize(height => …), .onExpired(() => …), .expire(); .origin is its host. */
(() => {
  "use strict";
  const body = document.body, root = document.documentElement, data = { ...body.dataset };
  const place = document.getElementById("place"), status = document.getElementById("status");
  const words = status.dataset;
  delete body.dataset.token;
  if (!place.childElementCount) data.ticket = ""; // a ticket without its answer is still to be asked for
  let claims = null; // the ticket that is open
  let asking = null; // the request under way
  let later = 0; // the timer of what comes by itself
  let acting = false; // an act is on its way
  let mayAskAgain = true;
  let keys = !("noShortcut" in data);
  let report = () => {}, renew = () => {}, tall = 0;

  const find = (key) => key && place.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const made = (id) => document.getElementById(id).content.cloneNode(true).childNodes;
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body.childNodes;
  const tell = (text) => {
    const told = place.querySelector(".toast") || place.querySelector(".widget").insertBefore(document.createElement("p"), place.querySelector(".widget").firstChild);
    told.className = "toast";
    told.textContent = text;
    say(text);
  };
  const say = (text) => { status.textContent = text === status.textContent ? text + "\u00a0" : text; };

  /* Swap what is shown; what was open stays open, and the focus stays where it was. */
  function put(nodes) {
    const folds = [...place.querySelectorAll("details[data-key]")].map((it) => [it.dataset.key, it.open]);
    const held = place.contains(document.activeElement) && document.activeElement;
    const key = held && held.closest("[data-key]")?.dataset.key;
    place.replaceChildren(...nodes);
    place.removeAttribute("aria-busy");
    place.style.minHeight = "";
    for (const [name, open] of folds) { const it = find(name); if (it) it.open = open; }
    const again = find(key);
    if (held) (again?.matches("details") ? again.firstElementChild : find("undo") || again || place).focus({ preventScroll: true });
    const box = find("shortcut");
    if (box) { box.checked = keys; box.closest("[hidden]").hidden = false; }
  }
  const wait = () => {
    place.style.minHeight = `${tall}px`; // the next ticket's widget is about as tall as this one's
    place.replaceChildren(...made("waiting"));
    say(words.loading);
  };

  const post = (path, more, signal) => fetch(path, {
    method: "POST",
    headers: { Authorization: `Bearer ${data.token}`, "Content-Type": "application/json", Accept: "text/html" },
    body: JSON.stringify({ locale: data.locale, ...claims, theme: root.dataset.theme, ...more }),
    credentials: "omit",
    signal,
  });
  const act = (name) => data.endpoint.replace(/widget$/, `actions/${encodeURIComponent(name)}`);

  async function ask(path = data.endpoint, more = {}) {
    clearTimeout(later);
    asking?.abort();
    const mine = (asking = new AbortController());
    const shown = place.querySelector(".widget") && !place.hasAttribute("aria-busy");
    const slow = setTimeout(() => (shown ? say(words.busy) : wait()), 300);
    const stop = setTimeout(() => mine.abort("slow"), 20000);
    place.toggleAttribute("data-updating", Boolean(shown));
    try {
      const answer = await post(path, more, mine.signal);
      const html = await answer.text();
      if (mine !== asking) return; // a newer question has taken over
      if (answer.status === 401) return put(made("expired")), renew();
      if (!answer.ok) throw [...parsed(html)].find((it) => it.querySelector?.(".state p"))?.querySelector(".state p").textContent;
      if (html) put(parsed(html));
      if (shown) place.firstElementChild?.classList.add("fresh");
      say(place.querySelector(".toast")?.firstChild.data || words.done);
      again();
    } catch (why) {
      if (mine !== asking) return;
      if (shown) tell(typeof why === "string" && path !== data.endpoint ? why : words.kept);
      else put(made("failed"));
    } finally {
      clearTimeout(slow);
      clearTimeout(stop);
      if (mine === asking) place.removeAttribute("data-updating");
    }
  }
  const can = (name) => data.actions.split(" ").includes(name);
  const refresh = () => ask(can("refresh") ? act("refresh") : data.endpoint, { refresh: true });

  /* What a button sends: its value, what is filled in beside it, and a key of its own for this press.
     One act at a time: a second click while the first is on its way is the same wish. */
  function press(it, value) {
    if (acting) return;
    acting = true;
    const beside = it.closest(".panel, .section, section")?.querySelectorAll("[name]") || [];
    const filled = Object.fromEntries([...beside].map((field) => [field.name, field.value]));
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("");
    ask(act(it.dataset.action), { ...filled, value, key }).finally(() => { acting = false; });
  }

  /* The summary in words, as somebody would paste it into a note. */
  function summary() {
    const text = (it, part) => it.querySelector(part)?.textContent.trim().replace(/\s+/g, " ") || "";
    const line = (it) => {
      if (it.matches("li")) return [`${text(it, ".word")}: ${text(it, ".headline")}`, text(it, ".play")].filter(Boolean).join("\n  ");
      return it.matches("div") ? `${text(it, "dt")}: ${[text(it, ".value"), text(it, ".note")].filter(Boolean).join(", ")}` : it.textContent.trim();
    };
    return [...place.querySelectorAll("h1, .banner, .signals > li, .figures > div")].map(line).join("\n");
  }
  /* A page in a foreign frame may often not use the clipboard, but may copy what is selected. */
  function copySelected(text) {
    const box = document.body.appendChild(document.createElement("textarea"));
    box.value = text;
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
  async function copy(button) {
    const text = summary(), label = button.textContent;
    try { await navigator.clipboard.writeText(text); } catch {
      const done = copySelected(text);
      button.focus();
      if (!done) return tell(words.notCopied);
    }
    say(words.copied);
    if (label === words.copied) return;
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  }

  /* A partial answer may be better in a moment: ask once more by itself, and only once. */
  function again() {
    if (!mayAskAgain || !place.querySelector("[data-refreshing]")) return;
    mayAskAgain = false;
    later = setTimeout(ask, 2000);
  }

  place.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-action]"), fold = target.closest(".fold > summary")?.parentNode;
    if (button?.dataset.action === "refresh") refresh();
    else if (button?.dataset.action === "copy") copy(button);
    else if (button) press(button, button.dataset.value);
    else if (fold && can("fold"))
      post(act("fold"), { value: fold.dataset.section, open: !fold.open }).catch(() => {});
  });
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    press(event.target, new FormData(event.target).get("value"));
  });
  place.addEventListener("change", ({ target }) => { if (target === find("shortcut")) keys = target.checked; });
  document.addEventListener("keydown", (event) => {
    if (!keys || event.key.toLowerCase() !== "r" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (place.contains(document.activeElement) && !typing) refresh();
  });

  function resize() {
    const height = Math.ceil(place.getBoundingClientRect().height);
    if (height && height !== tall) report((tall = height)); // 0 while the host keeps us folded away
  }

  window.sidelight = {
    origin: data.origin,
    show(next) {
      const known = claims === null && data.ticket && String(next?.ticket?.id) === data.ticket;
      if (JSON.stringify(next) === JSON.stringify(claims)) return;
      claims = next;
      if (known) return; // the page came with this ticket's widget
      mayAskAgain = true;
      place.setAttribute("aria-busy", "true"); // never another ticket's account, not for a moment
      ask();
    },
    theme(name) { if (name === "light" || name === "dark") root.dataset.theme = name; },
    onExpired(ask) { renew = ask; },
    onResize(tell) { report = tell; tall = 0; resize(); },
    expire() { // this launch cannot show what is open now: nothing that is under way may come back
      clearTimeout(later);
      asking?.abort();
      asking = claims = null;
      data.ticket = "";
      put(made("expired"));
    },
  };
  place.tabIndex = -1;
  new ResizeObserver(resize).observe(place);
  if (place.childElementCount) again();
  else later = setTimeout(() => { wait(); later = setTimeout(() => put(made("failed")), 15000); }, 300);
})();
