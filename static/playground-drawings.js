/* Draw the native answers as their helpdesks do: Intercom's canvas and Plain's customer card. */
(() => {
  "use strict";
  const make = (tag, name, ...children) => {
    const it = document.createElement(tag);
    if (name) it.className = name;
    it.append(...children);
    return it;
  };
  /* The little markdown that both understand: bold, links, escaped signs. */
  const marked = (text) => {
    const parts = [];
    const pattern = /\*\*((?:\\.|[^*\\])+)\*\*|\[((?:\\.|[^\]\\])+)\]\((https:[^)\s]+)\)|\\(.)|([^*[\\]+|.)/gs;
    for (const [, bold, label, url, escaped, plain] of String(text).matchAll(pattern)) {
      if (bold) parts.push(make("strong", "", ...marked(bold)));
      else if (label) parts.push(link(label, url));
      else parts.push(escaped || plain);
    }
    return parts;
  };
  const link = (text, url, name) => {
    const it = make("a", name || "", text);
    it.href = url;
    it.target = "_blank";
    it.rel = "noopener noreferrer";
    return it;
  };

  const labelled = (it, field) => {
    field.name = it.id;
    return make("label", "field", make("span", "muted", it.label || ""), field);
  };
  const chosen = (it) => {
    const select = make("select", "", ...it.options.map((one) => new Option(one.text, one.id)));
    select.value = it.value || "";
    return labelled(it, select);
  };

  const canvas = {
    text: (it) => make("p", { header: "header", muted: "muted", error: "error" }[it.style] || "", ...marked(it.text)),
    divider: () => make("hr"),
    spacer: () => make("div", "gap"),
    "data-table": (it) => make("div", "", ...it.items.map((row) =>
      make("div", "pair", make("span", "muted", row.field), make("span", "", row.value)))),
    list: (it) => make("div", "", ...it.items.map((item) => make("div", "item",
      make("p", "", make("strong", "", item.title)),
      ...(item.subtitle ? [make("p", "muted", item.subtitle)] : []),
      ...(item.tertiary_text ? [make("p", "muted small", item.tertiary_text)] : [])))),
    input: (it) => {
      const input = make("input");
      input.value = it.value || "";
      return labelled(it, input);
    },
    dropdown: chosen,
    "single-select": chosen,
    button: (it, press) => {
      if (it.action && it.action.type === "url") return link(it.label, it.action.url, "button");
      const button = make("button", "", it.label);
      button.type = "button";
      button.addEventListener("click", () => press(it.id, button.parentNode));
      return button;
    },
  };

  const tone = (it) => ({ MUTED: "muted", SUCCESS: "success", WARNING: "warning", ERROR: "error" })[it] || "";
  const size = (it) => ({ S: "small", L: "large" })[it] || "";
  const card = {
    componentText: (it) => make("p", `${tone(it.textColor)} ${size(it.textSize)}`, ...marked(it.text)),
    componentPlainText: (it) => make("p", `${tone(it.plainTextColor)} ${size(it.plainTextSize)}`, it.plainText),
    componentBadge: (it) => make("span", `badge ${(it.badgeColor || "").toLowerCase()}`, it.badgeLabel),
    componentDivider: () => make("hr"),
    componentSpacer: () => make("div", "gap"),
    componentLinkButton: (it) => link(it.linkButtonLabel, it.linkButtonUrl, "button"),
    componentCopyButton: () => "",
    componentRow: (it) => make("div", "pair", make("div", "", ...it.rowMainContent.map(part)), make("div", "", ...it.rowAsideContent.map(part))),
    componentContainer: (it) => make("div", "item", ...it.containerContent.map(part)),
  };
  const part = (component) => {
    const [kind] = Object.keys(component);
    return card[kind] ? card[kind](component[kind]) : "";
  };
  const told = (json) => [make("pre", "", JSON.stringify(json, null, 2))];

  const parsed = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes];

  window.drawings = {
    other: (answer) => (answer.html ? parsed(answer.html) : told(answer)),
    intercom: (json, draw) => {
      if (!json.canvas) return told(json);
      const press = (id, card) => draw({
        component_id: id,
        input_values: Object.fromEntries(
          [...card.querySelectorAll("[name]")].filter((it) => it.value).map((it) => [it.name, it.value]),
        ),
        current_canvas: { stored_data: json.canvas.stored_data || {} },
      });
      return json.canvas.content.components.map((it) => (canvas[it.type] ? canvas[it.type](it, press) : ""));
    },
    plain: (json) => json.cards
      ? json.cards.flatMap((it) => (it.components || []).map(part))
      : told(json),
  };
})();
