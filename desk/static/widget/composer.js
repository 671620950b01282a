/* Where the customer writes: Enter sends, Shift+Enter starts a line, an input method's Enter does neither. */
import { fill, h, icon } from "./dom.js";

const LIMIT = 4000;
const WARN_AT = 3600;
const TYPING_EVERY = 3_000;

export class Composer {
  constructor({ t, send, typing, describedBy }) {
    Object.assign(this, { t, onSend: send, onTyping: typing, typedAt: 0 });
    this.area = h("textarea", {
      id: "message", rows: "1", placeholder: t.placeholder, "aria-label": t.composer,
      "aria-describedby": `${describedBy} counter`, enterkeyhint: "send", autocomplete: "off",
      oninput: () => this.#changed(), onkeydown: (event) => this.#key(event),
    });
    this.counter = h("p", { class: "counter", id: "counter", hidden: true });
    this.problem = h("p", { class: "problem", role: "alert" });
    this.button = h("button", { type: "submit", class: "send", title: t.send, "aria-label": t.send, "aria-disabled": "true" }, icon("send"));
    this.element = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.#submit(); } },
      this.problem, h("div", { class: "box" }, this.area, this.button), this.counter);
  }

  get text() {
    return this.area.value;
  }

  set text(value) {
    this.area.value = value;
    this.#changed(false);
  }

  focus() {
    this.area.focus();
  }

  alert(text) {
    this.problem.textContent = text;
  }

  #key(event) {
    // keyCode 229: Safari ends a composition before it reports the Enter that ended it
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.text.trim();
    if (!text || text.length > LIMIT) return;
    this.alert("");
    this.text = "";
    this.onSend(text);
    this.focus();
  }

  #changed(byHand = true) {
    const { t, area } = this;
    const n = this.text.length;
    const over = n - LIMIT;
    area.style.blockSize = "auto";
    area.style.blockSize = `${Math.min(area.scrollHeight + 2, 160)}px`;
    this.counter.hidden = n < WARN_AT;
    const count = over > 0 ? fill(t.tooLong, { n: over }) : fill(t.counter, { n, max: LIMIT });
    this.counter.textContent = this.counter.hidden ? "" : count; // it describes the field even while hidden
    this.counter.classList.toggle("over", over > 0);
    area.setAttribute("aria-invalid", String(over > 0));
    // Not `disabled`: the button keeps its place in the order of focus, and a disabled one would drop it after sending
    this.button.setAttribute("aria-disabled", String(!this.text.trim() || over > 0));
    if (byHand && n && Date.now() - this.typedAt > TYPING_EVERY) {
      this.typedAt = Date.now();
      this.onTyping();
    }
  }
}
