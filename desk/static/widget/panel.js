/* The chat window: a <dialog>, beside the page on a wide screen, over it (modal: nothing behind is reachable) on a small one. */
import { Composer } from "./composer.js";
import { fill, h, icon, outside, safeAddress } from "./dom.js";
import { messageElement, settleChoices, showDelivery, typingText } from "./message.js";
import { surveyElement } from "./survey.js";

const SMALL = matchMedia("(max-width: 480px), (max-height: 480px)");
const TYPING_LASTS = 8_000;

export class Panel {
  /** act: what chat.js does when the customer asks for it. */
  constructor({ t, locale, base, brand, act }) {
    Object.assign(this, { t, locale, base, brand, act, holder: { holder: "assistant" }, elements: new Map() });
    this.title = h("h2", { id: "title", tabindex: "-1" }, brand.name);
    this.with = h("p", { class: "with" }, t.withAssistant);
    this.endButton = h("button", { type: "button", class: "tool words", hidden: true, onclick: () => this.#askToEnd() },
      t.end, h("span", { class: "quiet" }, ` ${t.endWhat}`));
    this.banner = h("div", { class: "banner", hidden: true });
    this.confirm = h("div", { class: "confirm", role: "group", "aria-label": t.endQuestion, hidden: true });
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": t.messages });
    this.typing = h("p", { class: "typing", hidden: true });
    this.scroller = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": t.conversation },
      this.#notice(), this.log, this.typing);
    this.more = h("button", { type: "button", class: "more", hidden: true, onclick: () => this.#toEnd() }, icon("down"), t.newMessages);
    this.status = h("p", { class: "quiet", role: "status" });
    this.composer = new Composer({ t, send: act.send, typing: act.typing, describedBy: "automated privacy" });
    this.element = h("dialog", { class: "panel", "aria-labelledby": "title" },
      h("header", {},
        h("span", { class: "mark", "aria-hidden": "true" }, brand.name.trim()[0] ?? ""),
        h("div", { class: "who" }, this.title, this.with),
        this.endButton,
        h("button", { type: "button", class: "tool", title: t.close, "aria-label": t.close, onclick: act.close }, icon("close"))),
      this.banner, this.confirm, h("div", { class: "middle" }, this.scroller, this.more), this.composer.element, this.status);
    this.element.addEventListener("cancel", (event) => { event.preventDefault(); this.#escape(); });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && !SMALL.matches) this.#escape();
    });
    // Whoever reads the end stays there when heights change; whoever scrolled up is left alone
    this.atEnd = true;
    this.scroller.addEventListener("scroll", () => {
      // Only scrolling up leaves the end: the event of our own scrolling may come after more has been added
      const { scrollTop } = this.scroller;
      if (this.#nearEnd()) this.atEnd = this.more.hidden = true;
      else if (scrollTop < this.top) this.atEnd = false;
      this.top = scrollTop;
    }, { passive: true });
    this.sizes = new ResizeObserver(() => { if (this.atEnd) this.#toEnd(); });
    this.sizes.observe(this.scroller);
    this.resize = () => this.#fit();
    this.remode = () => { if (this.element.open) this.#show(); };
    SMALL.addEventListener("change", this.remode);
    window.visualViewport?.addEventListener("resize", this.resize);
  }

  get isOpen() {
    return this.element.open;
  }

  open() {
    this.#show();
    this.#toEnd();
    // A touch screen's keyboard would cover the notice: there the window itself takes the focus
    if (matchMedia("(hover: none)").matches) this.title.focus();
    else this.composer.focus();
  }

  close() {
    this.element.close();
  }

  remove() {
    this.sizes.disconnect();
    SMALL.removeEventListener("change", this.remode);
    window.visualViewport?.removeEventListener("resize", this.resize);
    this.element.remove();
  }

  /** Fills the log without reading it out, then listens for what is new. */
  history(messages) {
    this.log.setAttribute("aria-live", "off");
    for (const message of messages) this.add(message);
    requestAnimationFrame(() => requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite")));
    this.#toEnd();
  }

  /** Adds a message where its seq belongs; without one (not yet acknowledged) at the end. key: seq or client_id. */
  add(message) {
    const key = message.seq ?? message.client_id;
    if (this.elements.has(key)) return;
    const own = message.from === "customer";
    const element = messageElement(message, { t: this.t, locale: this.locale, base: this.base, choose: this.act.choose });
    if (own) settleChoices(this.log, message.text);
    if (own && !message.seq) showDelivery(element, "sending", this.t);
    this.elements.set(key, element);
    this.log.insertBefore(element, this.#after(message.seq));
    if (!own) this.typingStops();
    this.#reveal(element, own);
  }

  #after(seq) {
    if (!seq) return null;
    return [...this.log.children].find((other) => !other.dataset.seq || Number(other.dataset.seq) > seq) ?? null;
  }

  /** The desk has stored the customer's message: it has its place now. */
  acknowledge(clientId, seq) {
    const element = this.elements.get(clientId);
    if (!element) return;
    this.elements.delete(clientId);
    this.elements.set(seq, element);
    element.dataset.seq = seq;
    showDelivery(element, "sent", this.t);
  }

  delivery(clientId, state) {
    const element = this.elements.get(clientId);
    if (element) showDelivery(element, state, this.t, () => this.act.retry(clientId));
  }

  discard(clientId) {
    this.elements.get(clientId)?.remove();
    this.elements.delete(clientId);
  }

  typingStarts(frame = {}) {
    const text = typingText(frame, this.holder, this.t);
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.typingStops(), TYPING_LASTS);
    if (!this.typing.hidden) return;
    this.typing.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), text);
    this.typing.hidden = false;
    this.say(text);
    if (this.atEnd) this.#toEnd();
  }

  typingStops() {
    clearTimeout(this.typingTimer);
    this.typing.hidden = true;
  }

  held(holder, begun) {
    const { t } = this;
    if (holder.holder !== this.holder.holder) this.typingStops();
    this.holder = holder;
    const text = { assistant: t.withAssistant, queue: t.withQueue, agent: fill(t.withAgent, { name: holder.name ?? t.agent }) };
    const ended = holder.holder === "nobody" && begun;
    this.with.textContent = ended ? t.withNobody : (text[holder.holder] ?? t.withAssistant);
    this.element.dataset.holder = ended ? "ended" : holder.holder;
    this.endButton.hidden = !begun || ended;
    this.#banner(ended);
  }

  line(online) {
    this.offline = !online;
    if (!online) this.typingStops();
    this.#banner(this.element.dataset.holder === "ended");
  }

  #banner(ended) {
    const { t, holder } = this;
    let text = "";
    let button = null;
    if (this.offline) text = t.offline;
    else if (ended) {
      text = t.ended;
      button = h("button", { type: "button", class: "link", onclick: this.act.forget }, t.forget);
    } else if (holder.holder === "queue") {
      text = [holder.position ? fill(t.queue, holder) : t.queueNoPosition, this.#wait(holder.wait_s)].filter(Boolean).join(" ");
      button = h("button", { type: "button", class: "plain", onclick: this.act.leaveQueue }, t.leaveQueue);
    }
    if (text === this.bannerText) return;
    if (text || this.bannerText === t.offline) this.say(text || t.online);
    this.bannerText = text;
    this.banner.hidden = !text;
    this.banner.replaceChildren(h("p", {}, text), ...(button ? [button] : []));
  }

  #wait(seconds) {
    if (typeof seconds !== "number") return "";
    return seconds < 60 ? this.t.waitShort : fill(this.t.wait, { minutes: Math.ceil(seconds / 60) });
  }

  alert(text) {
    this.composer.alert(text);
  }

  /** Read out by a screen reader, not shown. */
  say(text) {
    this.status.textContent = text;
  }

  survey(frame) {
    const done = (answers) => {
      form.replaceWith(answers.length ? h("p", { class: "note", role: "status" }, this.t.surveyThanks) : "");
      this.composer.focus();
      this.act.answer(answers);
    };
    const form = surveyElement(frame, this.t, done);
    // Its place is after what has been said so far; what follows comes below it
    form.dataset.seq = Math.max(0, ...[...this.elements.keys()].filter(Number.isInteger)) + 0.5;
    form.setAttribute("aria-live", "off"); // a form inside a live log: its title is enough to hear
    this.log.append(form);
    this.say(this.t.surveyTitle);
    this.#reveal(form);
  }

  #notice() {
    const { t, brand } = this;
    const others = (brand.languages ?? []).filter((locale) => locale !== this.locale);
    const { automated = "", privacy = "" } = brand.notice ?? {};
    const address = brand.privacy_url && safeAddress(brand.privacy_url, this.base);
    return h("section", { class: "notice", "aria-label": t.noticeTitle },
      h("p", { class: "welcome" }, t.welcome), h("p", { id: "automated" }, automated),
      h("p", {}, h("span", { id: "privacy" }, privacy), " ", address ? outside(address, t.privacy, t) : null),
      h("p", { class: "languages" }, others.map((lang) =>
        h("button", { type: "button", class: "link", lang, onclick: () => this.act.setLocale(lang) },
          new Intl.DisplayNames([lang], { type: "language" }).of(lang)))));
  }

  #askToEnd() {
    const { t } = this;
    const no = h("button", { type: "button", class: "plain", onclick: () => this.#keepOpen() }, t.endNo);
    const yes = h("button", { type: "button", class: "primary", onclick: () => { this.#keepOpen(); this.act.end(); } }, t.endYes);
    this.confirm.replaceChildren(h("p", {}, t.endQuestion), h("div", { class: "row" }, yes, no));
    this.confirm.hidden = false;
    no.focus();
  }

  #keepOpen() {
    this.confirm.hidden = true;
    (this.endButton.hidden ? this.composer : this.endButton).focus();
  }

  #escape() {
    if (this.confirm.hidden) this.act.close();
    else this.#keepOpen();
  }

  #show() {
    if (this.element.open) this.element.close();
    if (SMALL.matches) this.element.showModal();
    else this.element.show();
    this.#fit();
  }

  /* A phone's keyboard shrinks only the visual viewport: the window follows, or the composer would be hidden. */
  #fit() {
    const view = window.visualViewport;
    const small = SMALL.matches && view;
    this.element.style.blockSize = small ? `${view.height}px` : "";
    this.element.style.insetBlockStart = small ? `${view.offsetTop}px` : "";
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.top = this.scroller.scrollTop;
    this.atEnd = true;
    this.more.hidden = true;
  }

  /* Shows what is new to whoever was reading the end; something longer than the window is read from its beginning. */
  #reveal(element, always = false) {
    if (!this.atEnd && !always) this.more.hidden = false;
    else if (element.offsetHeight < this.scroller.clientHeight - 24) this.#toEnd();
    else {
      this.scroller.scrollTop = element.offsetTop - 12;
      this.atEnd = false;
    }
  }
}
