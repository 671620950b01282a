/* The conversation in front: its header, its transcript, its card, and what may be done to it. */
import * as api from "./api.js";
import { showCard } from "./card.js";
import * as outbox from "./outbox.js";
import { duration, label, t } from "./texts.js";

const by = (id) => document.getElementById(id);
const you = by("content").dataset.you;

export class Conversation {
  card = null;
  thread = null;

  /** changed() after anything the board should know of; news(text) for a screen reader. */
  constructor({ transcript, composer, wrapUp, attention, changed, news, failed }) {
    Object.assign(this, { transcript, composer, wrapUp, attention, changed, news, failed });
    by("take").onclick = () => this.#do(api.take, () => this.composer.focus());
    by("give-back").onclick = () => this.#do(api.giveBack);
    by("finish").onclick = () => this.wrapUp.open(this.card);
    by("card-toggle").onclick = () => this.#showCard(!by("content").hasAttribute("data-card"));
  }

  get isMine() {
    return this.card?.holder === "agent" && this.card.agent_id === you;
  }

  /** The customer closed it while this agent held it: only the wrap-up is still to come. */
  get isLeft() {
    return this.card?.holder === "nobody" && this.card.agent_id === you;
  }

  /** Put this conversation in front; its content follows with `refresh`. */
  show(thread) {
    this.thread = thread;
    this.card = null;
    this.transcript.clear();
    this.composer.show(null);
    this.attention.front(null);
    by("conflict").hidden = true;
    this.#showCard(false);
    by("nothing").hidden = Boolean(thread);
    by("open").hidden = by("card").hidden = true;
    by("content").dataset.view = thread ? "conversation" : "board";
  }

  /** Read it from the store: the card, and messages that have not been shown. */
  async refresh() {
    const thread = this.thread;
    if (!thread) return;
    try {
      const card = await api.fetchCard(thread);
      if (thread === this.thread) this.#draw(card);
    } catch (refusal) {
      if (thread === this.thread) this.failed(refusal);
    }
  }

  #draw(card) {
    const first = !this.card;
    this.card = card;
    by("open").hidden = false;
    by("head-title").textContent = card.tickets[0]?.name ?? (card.reason ? label("reason", card.reason) : t("no_reason"));
    by("head-state").textContent = this.#state();
    by("take").hidden = this.isMine || card.holder === "agent";
    by("give-back").hidden = !this.isMine;
    by("finish").hidden = !this.isMine && !this.isLeft;
    by("make-article").hidden = card.holder !== "nobody" || !card.messages.some((one) => one.from === "agent");
    by("make-article").elements.conversation.value = card.id;
    showCard(by("card"), card);
    by("card").hidden = false;
    this.composer.show(this.isMine ? this.thread : null);
    this.attention.front(this.isMine ? this.thread : null);
    this.#tell(this.transcript.add(card.messages, card.language), first);
    this.showUnsent();
    if (first) {
      this.transcript.toEnd();
      by("head-title").focus();
    }
  }

  #state() {
    const { holder, agent, waiting_s: waited } = this.card;
    if (this.isMine) return t("state_mine");
    if (holder === "agent") return t("state_agent", { name: agent });
    if (holder === "queue") return t("state_queue", { time: duration(waited ?? 0) });
    return t(holder === "assistant" ? "state_assistant" : "state_nobody");
  }

  #tell(fresh, first) {
    const said = fresh.filter((one) => one.from === "customer").at(-1);
    if (said && !first) this.news(`${t("from_customer")}: ${said.text}`);
  }

  /** A frame of this conversation. A gap in the numbers means a frame was missed: the store has it. */
  receive(frame) {
    if (frame.type === "message" && this.card && frame.seq === this.transcript.last + 1) {
      this.#tell(this.transcript.add([frame], this.card.language), false);
      this.showUnsent();
      if (frame.from !== "agent") this.refresh();
    } else if (frame.type === "message" ? frame.seq > this.transcript.last : frame.type === "holder") {
      this.refresh();
    } else if (frame.type === "typing" && frame.from !== "agent") {
      this.transcript.typing(t(frame.from === "customer" ? "typing_customer" : "typing_assistant"));
    } else if (frame.type === "read") {
      this.transcript.read(frame.seq);
    }
  }

  showUnsent() {
    const entries = outbox.unsent(this.thread).filter((one) => !this.transcript.has(one.client_id));
    this.transcript.showUnsent(entries, {
      retry: (one) => this.composer.send(this.thread, one),
      discard: (one) => {
        outbox.remove(this.thread, one.client_id);
        this.showUnsent();
      },
    });
  }

  async #do(action, after = () => {}) {
    by("conflict").hidden = true;
    try {
      await action(this.thread);
      await this.refresh();
      after();
    } catch (refusal) {
      await this.refresh();
      this.#explain(refusal);
    }
    this.changed();
  }

  #explain(refusal) {
    const text = { taken: t("conflict_taken", { name: this.card?.agent ?? "" }), not_held: t("conflict_not_held"), offline: t("offline") };
    by("conflict").textContent = text[refusal.code] ?? t("failed");
    by("conflict").hidden = false;
  }

  /* On a narrow screen the card takes the transcript's place when asked for. */
  #showCard(shown) {
    by("content").toggleAttribute("data-card", shown);
    by("card-toggle").setAttribute("aria-expanded", String(shown));
  }
}
