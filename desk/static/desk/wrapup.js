/* The end of a contact: what the agent knows goes on record, with the time it took. */
import { wrapUp } from "./api.js";
import { duration, t } from "./texts.js";

const dialog = document.getElementById("wrap-up");
const form = dialog.querySelector("form");
const problem = document.getElementById("wrap-up-problem");

export class WrapUp {
  #card = null;
  #openedAt = 0;
  #spent = new Map();

  /** attention measures the active time; held() is how many conversations the agent holds; done(thread) afterwards. */
  constructor({ attention, held, done }) {
    Object.assign(this, { attention, held, done });
    document.getElementById("wrap-up-cancel").onclick = () => dialog.close();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#confirm();
    });
    dialog.addEventListener("close", () => {
      this.#spent.set(this.#card.id, this.#wrapSeconds());
      this.attention.pause(false);
    });
  }

  open(card) {
    this.#card = card;
    this.#openedAt = performance.now();
    this.attention.pause(true);
    form.reset();
    problem.hidden = true;
    this.#prefill(form.elements.reason, card.facts.contact_reason);
    form.elements.entity_ref.value = card.facts.entity_ref ?? "";
    document.getElementById("wrap-up-times").textContent =
      t("wrap_up_times", { active: duration(this.attention.seconds(card.id)), held: this.held() });
    dialog.showModal();
  }

  #prefill(select, value) {
    if (value && [...select.options].some((one) => one.value === value)) select.value = value;
  }

  #wrapSeconds() {
    return (this.#spent.get(this.#card.id) ?? 0) + (performance.now() - this.#openedAt) / 1000;
  }

  #known() {
    const given = Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, value.trim()]).filter(([, value]) => value));
    return {
      ...given,
      active_s: Math.round(this.attention.seconds(this.#card.id)),
      wrap_s: Math.round(this.#wrapSeconds()),
      concurrency: Math.max(1, this.held()),
    };
  }

  async #confirm() {
    const button = document.getElementById("wrap-up-confirm");
    const thread = this.#card.id;
    button.disabled = true;
    try {
      await wrapUp(thread, this.#known());
      dialog.close();
      this.#spent.delete(thread);
      this.attention.forget(thread);
      this.done(thread);
    } catch (refusal) {
      problem.textContent = t(refusal.code === "not_held" ? "conflict_not_held" : "wrap_up_failed");
      problem.hidden = false;
    } finally {
      button.disabled = false;
    }
  }
}
