/* The conversation as it was said, and below it what this agent has written that is not confirmed yet. */
import { h, outside, safeAddress } from "../widget/dom.js";
import { markdown } from "../widget/markdown.js";
import { clock, day, moment, sameDay, t } from "./texts.js";

const by = (id) => document.getElementById(id);
const WORDS = { newTab: t("new_tab") };
const NEAR = 80; // pixels from the end that still count as reading the end
const TYPING_SECONDS = 5;

export class Transcript {
  #seen = new Map();
  #typingTimer = 0;
  #scroller = by("scroller");

  constructor() {
    by("more").onclick = () => this.toEnd();
    this.#scroller.addEventListener("scroll", () => {
      if (this.#atEnd) by("more").hidden = true;
    });
  }

  get last() {
    return Math.max(0, ...this.#seen.keys());
  }

  get #atEnd() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight < NEAR;
  }

  clear() {
    this.#seen.clear();
    by("transcript").replaceChildren();
    this.typing(null);
  }

  /** Adds what is new, in order; returns the messages that were. */
  add(messages, language) {
    const fresh = messages.filter((one) => !this.#seen.has(one.seq)).sort((a, b) => a.seq - b.seq);
    const stay = this.#atEnd;
    for (const one of fresh) {
      const before = this.#seen.get(one.seq - 1);
      if (!before || !sameDay(before.at, one.at)) by("transcript").append(h("li", { class: "day" }, day(one.at)));
      this.#seen.set(one.seq, one);
      by("transcript").append(element(one, language));
    }
    if (fresh.length) this.typing(null);
    this.#keep(stay, fresh);
    return fresh;
  }

  has(clientId) {
    return [...this.#seen.values()].some((one) => one.client_id?.endsWith(`:${clientId}`));
  }

  /** Messages on their way or refused, each with what can be done about it. */
  showUnsent(entries, { retry, discard }) {
    const stay = this.#atEnd;
    by("outbox").replaceChildren(...entries.map((one) => pending(one, retry, discard)));
    this.#keep(stay, []);
  }

  /** Says who is writing, for a few seconds; null takes it away. */
  typing(text) {
    clearTimeout(this.#typingTimer);
    const stay = this.#atEnd;
    by("typing").textContent = text ?? "";
    by("typing").hidden = !text;
    if (text) this.#typingTimer = setTimeout(() => this.typing(null), TYPING_SECONDS * 1_000);
    this.#keep(stay, []);
  }

  /** The customer has seen everything up to this number. */
  read(seq) {
    const own = [...this.#seen.values()].filter((one) => one.from === "agent" && one.seq <= seq).at(-1);
    by("transcript").querySelector(".seen")?.remove();
    if (own) by("transcript").querySelector(`[data-seq="${own.seq}"]`)?.append(h("p", { class: "seen hint" }, t("seen")));
  }

  toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    by("more").hidden = true;
  }

  #keep(stay, fresh) {
    if (stay) this.toEnd();
    else if (fresh.length) by("more").hidden = false;
  }
}

function element(one, language) {
  const from = ["customer", "agent", "assistant"].includes(one.from) ? one.from : "system";
  const kind = { clarify: t("kind_clarify"), fallback: t("kind_fallback"), failure: t("kind_failure") }[one.kind];
  return h("li", { class: `said ${from}`, "data-seq": one.seq },
    from === "system" ? null : h("p", { class: "sender" }, one.name ?? t(`from_${from}`), " ",
      h("time", { datetime: one.at, title: moment(one.at) }, clock(one.at)), kind ? h("span", { class: "kind" }, kind) : null),
    h("div", { class: "text", lang: language }, from === "customer" ? h("p", {}, one.text) : markdown(one.text, location.origin, WORDS)),
    one.citations?.length ? h("ul", { class: "sources", "aria-label": t("sources") }, one.citations.map(source)) : null,
    one.choices?.length ? h("p", { class: "hint" }, `${t("offered")} ${one.choices.map((choice) => choice.title).join(" · ")}`) : null);
}

/** A cited article as a link that opens beside the desk. */
export function source({ title, url, lang }) {
  const address = url && safeAddress(url, location.origin);
  const words = h("span", { lang: lang ?? null }, title);
  return h("li", {}, address ? outside(address, words, WORDS) : words);
}

function pending(one, retry, discard) {
  const failed = one.state === "failed";
  return h("li", { class: "said agent", "data-state": one.state },
    h("p", { class: "sender" }, failed ? t("unsent") : t("sending")),
    h("div", { class: "text" }, h("p", {}, one.text)),
    failed ? h("p", { class: "unsent" }, t(one.code === "not_held" ? "unsent_not_held" : "unsent_why"), " ",
      h("button", { type: "button", class: "link", onclick: () => retry(one) }, t("retry")), " ",
      h("button", { type: "button", class: "link", onclick: () => discard(one) }, t("discard"))) : null);
}
