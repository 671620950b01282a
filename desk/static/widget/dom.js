/* Elements made by hand: text is always a text node, so nothing a customer or a server writes can become markup. */

/** An element with attributes (`on…` are listeners, `null` and `false` are left out) and children. */
export function h(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  close: "M6 9l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  source: "M6 4h9l3 3v13H6zM9 10h6M9 13.5h6",
  check: "M5 12.5l4.5 4.5L19 7.5",
};

/** A line icon, hidden from assistive technology: the control that holds it carries the name. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A catalogue text with its {places} filled. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

/** The absolute http(s) address of a link, relative ones counted from the desk; null for any other scheme. */
export function safeAddress(address, base) {
  try {
    const url = new URL(address, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that opens in a new tab and says so. */
export function outside(address, text, t, className = null) {
  return h("a", { href: address, target: "_blank", rel: "noopener", class: className }, text, h("span", { class: "quiet" }, ` ${t.newTab}`));
}
