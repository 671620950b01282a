/* One message in the log: who, what, its sources, the answers it offers, and for the customer's own how far it got. */
import { fill, h, icon, outside, safeAddress } from "./dom.js";
import { markdown } from "./markdown.js";

const sender = (message, t) => message.name || (message.from === "customer" ? t.you : t[message.from]) || t.system;

/** Element for a message frame of the desk, or for an outbox entry turned into one ({from: "customer", text, at}). */
export function messageElement(message, { t, locale, base, choose }) {
  const own = message.from === "customer";
  const from = ["customer", "agent", "assistant"].includes(message.from) ? message.from : "system";
  const at = new Date(message.at ?? Date.now());
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short", hourCycle: "h23" }).format(at);
  const time = h("time", { datetime: at.toISOString() }, clock);
  const text = message.text ?? "";
  return h("div", { class: `message ${from}`, "data-seq": message.seq ?? null, "data-state": own ? "sent" : null },
    own ? h("span", { class: "quiet" }, `${t.you}: `) : h("p", { class: "sender" }, h("b", {}, sender(message, t)), " ", time),
    h("div", { class: "text" }, own ? h("p", {}, text) : markdown(text, base, t)),
    message.citations?.length ? citations(message.citations, base, t) : null,
    message.choices?.length ? choices(message.choices, t, choose) : null,
    own ? h("p", { class: "delivery" }, h("span", { class: "state" }, t.sent), " ", time) : null);
}

function citations(given, base, t) {
  const items = given.map(({ title, url, lang }) => {
    const address = url && safeAddress(url, base);
    const words = h("span", { lang: lang ?? null }, title);
    return h("li", {}, icon("source"), address ? outside(address, words, t) : words);
  });
  return h("div", { class: "citations" },
    h("p", { class: "sender" }, given.length > 1 ? t.sources : t.source),
    h("ul", {}, items));
}

function choices(given, t, choose) {
  return h("div", { class: "choices", role: "group", "aria-label": t.choices },
    given.map((choice) => h("button", {
      type: "button", class: "choice", "data-title": choice.title, onclick: () => choose(choice),
    }, choice.title)));
}

/**
 * Choices are open until the customer says something: then every one before that is settled, and the one taken, if
 * any, is marked.
 */
export function settleChoices(log, text) {
  for (const button of log.querySelectorAll(".choice:not([disabled])")) {
    button.disabled = true;
    if (button.dataset.title === text) {
      button.setAttribute("aria-pressed", "true");
      button.prepend(icon("check"));
    }
  }
}

/** Shows how far the customer's own message got: sending | sent | unsent, the last with a way to try again. */
export function showDelivery(element, state, t, retry) {
  const line = element.querySelector(".delivery");
  const words = line.querySelector(".state").firstChild;
  words.data = t[state]; // a change of text, not a new node: the live log doesn't read it out again
  element.dataset.state = state;
  line.querySelector("button")?.remove();
  if (state === "unsent") line.append(h("button", { type: "button", class: "link", onclick: retry }, t.retry));
}

/** "Giulia is writing…" in the customer's language. */
export const typingText = (frame, holder, t) =>
  fill(t.typing, { name: frame.name ?? (holder.holder === "agent" ? (holder.name ?? t.agent) : t.assistant) });
