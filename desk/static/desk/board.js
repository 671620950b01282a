/* The three lanes: who waits, what this agent holds, messages left out of hours. */
import { h } from "../widget/dom.js";
import { count, duration, label, language, moment, t } from "./texts.js";

const by = (id) => document.getElementById(id);
const title = document.title;

export class Board {
  #you = by("content").dataset.you;
  #known = null;
  #drawn = {};
  #unread = new Map();
  #fetchedAt = 0;
  listed = { queue: [], held: [], tickets: [] };
  current = null;

  /** open(thread) is called when a row is chosen; news(text) tells a screen reader. */
  constructor({ open, news }) {
    Object.assign(this, { open, news });
    setInterval(() => this.#tick(), 1_000);
  }

  get mine() {
    return this.listed.held.filter((one) => one.agent_id === this.#you);
  }

  show(listed) {
    this.listed = listed;
    this.#fetchedAt = performance.now();
    this.#announce(listed.queue);
    this.draw();
    by("presence").textContent = count("present", listed.present);
  }

  draw() {
    const { queue, held, tickets } = this.listed;
    this.#lane("queue", queue.map((one) => this.#waiting(one)));
    this.#lane("mine", this.mine.map((one) => this.#held(one)));
    this.#lane("tickets", tickets.map((one) => this.#ticket(one)));
    const others = held.filter((one) => one.agent_id !== this.#you);
    this.#lane("others", others.map((one) => this.#held(one)));
    by("others").hidden = others.length === 0;
    document.title = queue.length ? `(${queue.length}) ${title}` : title;
    this.#tick();
  }

  /** A customer wrote in a conversation that is not in front. */
  unread(thread) {
    if (thread === this.current || !this.mine.some((one) => one.id === thread)) return;
    this.#unread.set(thread, (this.#unread.get(thread) ?? 0) + 1);
    this.news(t("news_message"));
    this.draw();
  }

  select(thread) {
    this.current = thread;
    this.#unread.delete(thread);
    this.draw();
  }

  #announce(queue) {
    const fresh = this.#known ? queue.filter((one) => !this.#known.has(one.id)) : [];
    this.#known = new Set(queue.map((one) => one.id));
    if (fresh.length === 1) this.news(t("news_waiting_one", { reason: fresh[0].reason ? label("reason", fresh[0].reason) : t("no_reason") }));
    else if (fresh.length) this.news(t("news_waiting_many", { n: fresh.length }));
  }

  /* Drawn again only when something changed, with the focus put back: the lane redraws under a keyboard user's hands. */
  #lane(id, rows) {
    const lane = by(id);
    const markup = rows.map((row) => row.outerHTML).join("");
    const focused = document.activeElement?.dataset.key;
    lane.querySelector("[data-count]").textContent = rows.length || "";
    if (this.#drawn[id] !== markup) {
      this.#drawn[id] = markup;
      const list = lane.querySelector("[data-rows]");
      list.replaceChildren(...rows);
      if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
    const empty = lane.querySelector("[data-empty]");
    if (empty) empty.hidden = rows.length > 0;
  }

  #row(thread, key, ...parts) {
    return h("li", {}, h("button", {
      type: "button",
      class: "entry",
      "data-key": key,
      "aria-current": thread === this.current ? "true" : null,
      onclick: () => this.open(thread),
    }, parts));
  }

  #waiting(one) {
    return this.#row(one.id, one.id,
      h("span", { class: "entry-top" },
        h("span", { class: "entry-title" }, one.reason ? label("reason", one.reason) : t("no_reason")),
        h("span", { class: "entry-time" }, h("span", { class: "quiet" }, `${t("waiting_for")} `),
          h("span", { "data-since": one.waiting_s }))),
      one.says ? h("span", { class: "entry-says", lang: one.language }, one.says) : null,
      h("span", { class: "entry-end" }, label("why", one.why), " · ", language(one.language)));
  }

  #held(one) {
    const unread = this.#unread.get(one.id);
    return this.#row(one.id, one.id,
      h("span", { class: "entry-top" },
        h("span", { class: "entry-title" }, one.reason ? label("reason", one.reason) : t("no_reason")),
        unread ? h("span", { class: "badge" }, count("unread", unread)) : h("span", { class: "entry-time" }, moment(one.last_at))),
      one.says ? h("span", { class: "entry-says", lang: one.language }, one.says) : null,
      h("span", { class: "entry-end" }, one.agent_id === this.#you ? language(one.language) : t("held_by", { name: one.agent })));
  }

  #ticket(one) {
    return this.#row(one.thread, one.id,
      h("span", { class: "entry-top" },
        h("span", { class: "entry-title" }, one.name ?? one.contact),
        one.late ? h("span", { class: "badge late" }, t("late")) : null),
      h("span", { class: "entry-says" }, one.summary),
      h("span", { class: "entry-end" }, t("promised_by", { when: moment(one.due_at) })));
  }

  #tick() {
    const passed = (performance.now() - this.#fetchedAt) / 1000;
    for (const one of document.querySelectorAll("[data-since]")) {
      one.textContent = duration(Number(one.dataset.since) + passed);
    }
  }
}
