/* Writing to the customer: Enter sends, Shift+Enter breaks the line; nothing written is lost before the desk has it. */
import { say } from "./api.js";
import * as outbox from "./outbox.js";

const by = (id) => document.getElementById(id);

export class Composer {
  #thread = null;
  #field = by("reply");

  /** changed(thread) when the outbox did; sent(thread) when the desk has confirmed; typing() while writing. */
  constructor({ changed, sent, typing }) {
    Object.assign(this, { changed, sent });
    by("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => {
      outbox.keepDraft(this.#thread, this.#field.value);
      this.#fit();
      if (this.#field.value) typing();
    });
  }

  /** Write in this conversation, or nowhere. */
  show(thread) {
    by("composer").hidden = !thread;
    if (thread === this.#thread) return;
    this.#thread = thread;
    this.#field.value = thread ? outbox.draft(thread) : "";
    by("substantive").checked = true;
    this.#fit();
  }

  focus() {
    this.#field.focus();
  }

  #fit() {
    this.#field.rows = Math.min(8, Math.max(2, this.#field.value.split("\n").length));
  }

  #submit() {
    const text = this.#field.value.trim();
    if (!text || !this.#thread) return;
    const entry = outbox.add(this.#thread, text, by("substantive").checked);
    this.#field.value = "";
    outbox.keepDraft(this.#thread, "");
    by("substantive").checked = true;
    this.#fit();
    this.send(this.#thread, entry);
  }

  /** Send an entry of the outbox, for the first time or again. */
  async send(thread, { client_id, text, substantive }) {
    outbox.mark(thread, client_id, "sending");
    this.changed(thread);
    try {
      await say(thread, { client_id, text, substantive });
      await this.sent(thread);
      outbox.remove(thread, client_id);
    } catch (refusal) {
      outbox.mark(thread, client_id, "failed", refusal.code);
    }
    this.changed(thread);
  }
}
