/*
 * The chat: joins session, line, outbox and window. One message's way: send → outbox → connection → `ack` → the place
 * its seq gives it.
 */
import { Connection } from "./connection.js";
import { fill } from "./dom.js";
import { SHEET } from "./look.js";
import { asMessage, Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { isUnknown, Session } from "./session.js";
import { Thread } from "./thread.js";

const PLACEHOLDER_AFTER = 600;

class Chat {
  constructor(widget) {
    this.widget = widget;
    this.thread = new Thread();
    this.session = new Session(widget, {
      // What was written to an expired session goes to its successor, but never to another customer's
      fresh: () => { this.reset({ keepOutbox: !this.changing }); },
      failed: () => this.panel?.alert(widget.text.error_not_started),
    });
    this.outbox = new Outbox({
      key: widget.store.key,
      send: (frame) => this.connection.send(frame),
      show: (clientId, state) => this.panel?.delivery(clientId, state),
      stuck: () => { if (this.connection.online) this.connection.restart(); },
    });
    this.connection = new Connection({
      base: widget.base,
      greet: () => ({ token: this.session.current.token, after: this.thread.seen }),
      receive: (frame) => this.receive(frame),
      change: (online) => this.line(online),
    });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    widget.element.shadowRoot.adoptedStyleSheets.push(sheet);
    document.addEventListener("visibilitychange", () => this.read());
    window.addEventListener("storage", ({ key }) => { if (key === widget.store.key) this.elsewhere(); });
    if (widget.store.read().token) this.begin();
  }

  async open() {
    if (this.panel?.isOpen) return;
    const focused = document.activeElement;
    this.opener = focused && focused !== document.body && focused !== this.widget.element ? focused : this.widget.launcher;
    this.opening = true;
    const begun = this.begin();
    await Promise.race([begun, new Promise((late) => setTimeout(late, PLACEHOLDER_AFTER))]);
    if (!this.opening) return;
    if (!this.panel) this.draw();
    this.show();
    this.widget.emit("opened");
    await begun;
  }

  close() {
    this.opening = false;
    if (!this.panel?.isOpen) return;
    const inside = Boolean(this.widget.element.shadowRoot.activeElement);
    this.panel.close();
    this.widget.launcher.hidden = false;
    this.widget.launcher.setAttribute("aria-expanded", "false");
    if (inside) (this.opener?.isConnected ? this.opener : this.widget.launcher).focus();
    this.widget.emit("closed");
  }

  toggle() {
    return this.panel?.isOpen ? this.close() : this.open();
  }

  async sendMessage(text) {
    await this.open();
    this.send(text);
  }

  /** The page says who the customer is (settings.userJwt has changed). */
  identify() {
    this.session.current = null;
    this.changing = true;
    return this.begin();
  }

  /** Forgets the customer on this device. */
  forget() {
    this.close();
    this.connection.close();
    this.widget.store.write({ token: null, read: null });
    this.reset();
    this.session.current = null;
    this.panel?.remove();
    this.panel = null;
    this.widget.unread(0);
  }

  async setLocale(locale) {
    await this.widget.speak(locale);
    if (this.session.current) await this.session.renew();
    if (this.panel) this.draw();
  }

  /** A session and a line. */
  async begin() {
    if (this.session.current) return;
    await this.session.begin();
    this.changing = false;
    this.connection.restart();
    if (this.panel || this.opening) this.draw();
  }

  reset({ keepOutbox = false } = {}) {
    this.thread = new Thread();
    this.pendingSurvey = null;
    if (!keepOutbox) this.outbox.clear();
  }

  /** Another tab wrote to this device's memory: the same customer reads on, or has become someone else. */
  elsewhere() {
    const { token } = this.widget.store.read();
    if (!token && this.session.current) this.forget();
    else if (token && token !== this.session.current?.token) this.identify();
    else this.read();
  }

  draw() {
    const { widget } = this;
    const { open, text } = { open: this.panel?.isOpen, text: this.panel?.composer.text };
    const brand = this.session.current?.brand ?? { name: widget.settings.name ?? document.title };
    this.panel?.remove();
    this.panel = new Panel({
      t: widget.text, locale: widget.locale, base: widget.base, brand,
      act: {
        close: () => this.close(),
        end: () => this.connection.send({ type: "end" }),
        leaveQueue: () => this.connection.send({ type: "leave_queue" }),
        typing: () => this.connection.send({ type: "typing" }),
        send: (words) => this.send(words),
        choose: (choice) => this.choose(choice),
        retry: () => this.retry(),
        answer: (answers) => this.answer(answers),
        forget: () => this.forget(),
        setLocale: (locale) => { widget.choose(locale); this.setLocale(locale); },
      },
    });
    widget.element.shadowRoot.append(this.panel.element);
    const pending = this.outbox.entries.filter((entry) => entry.text !== null).map(asMessage);
    this.panel.history([...this.thread.inOrder, ...pending]);
    if (!this.connection.online) this.outbox.stall();
    this.panel.held(this.thread.holder, this.#begun());
    this.panel.line(!this.connection.lost);
    if (this.pendingSurvey) this.panel.survey(this.pendingSurvey);
    if (text) this.panel.composer.text = text;
    if (open) this.show();
  }

  show() {
    this.widget.launcher.hidden = true;
    this.widget.launcher.setAttribute("aria-expanded", "true");
    this.panel.open();
    this.read();
  }

  #begun() {
    return this.thread.messages.size > 0 || this.outbox.entries.length > 0;
  }

  send(text) {
    if (!this.session.current) {
      // The notice comes with the session: nothing is sent before it could be read
      this.panel.composer.text = text;
      this.panel.alert(this.widget.text.error_not_started);
      return;
    }
    this.#put(this.outbox.add({ type: "message", text }, text));
  }

  choose({ title, value }) {
    this.#put(this.outbox.add({ type: "choose", value }, title));
    this.panel.composer.focus();
  }

  answer(answers) {
    this.widget.store.write({ surveyed: this.thread.lastOwn });
    this.pendingSurvey = null;
    for (const given of answers) this.outbox.deliver(this.outbox.add({ type: "answer", ...given }));
  }

  #put(entry) {
    this.panel.add(asMessage(entry));
    this.panel.held(this.thread.holder, true);
    if (!this.outbox.deliver(entry) && this.connection.lost) this.panel.delivery(entry.frame.client_id, "unsent");
  }

  retry() {
    if (this.connection.online) this.outbox.flush();
    else this.connection.restart();
  }

  receive(frame) {
    const handlers = {
      welcome: () => { this.take(frame, { quietly: true }); this.outbox.flush(); },
      ack: () => this.acknowledged(frame),
      message: () => this.message(frame),
      typing: () => this.panel?.typingStarts(frame),
      holder: () => this.take(frame),
      survey: () => this.survey(frame),
      error: () => this.error(frame),
    };
    handlers[frame.type]?.();
  }

  acknowledged({ client_id: clientId, seq }) {
    const entry = this.outbox.settle(clientId);
    if (!entry) return;
    if (entry.text !== null && seq) {
      this.thread.add({ ...asMessage(entry), seq });
      this.panel?.acknowledge(clientId, seq);
      this.panel?.alert("");
    }
    if (this.thread.holder.holder === "assistant" && seq && seq === this.thread.inOrder.at(-1).seq) {
      clearTimeout(this.expecting);
      this.expecting = setTimeout(() => this.panel?.typingStarts(), 300);
    }
  }

  message(frame) {
    this.thread.seen = Math.max(this.thread.seen, frame.seq);
    if (frame.from === "customer") this.acknowledged(frame);
    else clearTimeout(this.expecting);
    if (!this.thread.add(frame)) return;
    this.panel?.add(frame);
    this.panel?.held(this.thread.holder, true);
    if (frame.seq > this.session.current.last_seq) this.widget.emit("message", { from: frame.from, text: frame.text, seq: frame.seq });
    this.read();
  }

  take({ holder, name, position, wait_s: waitS }, { quietly = false } = {}) {
    const before = this.thread.holder.holder;
    if (!holder) return;
    this.thread.holder = { holder, name, position, wait_s: waitS };
    this.panel?.held(this.thread.holder, this.#begun());
    if (quietly || holder === before) return;
    if (holder === "queue" || holder === "agent") this.widget.emit("handoff", this.thread.holder);
    if (holder === "nobody" && this.#begun()) this.widget.emit("resolved");
  }

  /* The desk offers a survey at each new connection until it is answered; one skipped stays so until the next question. */
  survey(frame) {
    if (this.pendingSurvey || this.widget.store.read().surveyed === this.thread.lastOwn) return;
    this.pendingSurvey = frame;
    this.panel?.survey(frame);
  }

  error({ code, message, retry_after: retryAfter, client_id: clientId }) {
    const t = this.widget.text;
    this.widget.emit("error", { code, message });
    if (isUnknown(code)) {
      this.connection.close();
      this.session.current = null;
      this.begin();
      return;
    }
    const seconds = Math.ceil(retryAfter ?? 5);
    this.panel?.alert(fill(t[`error_${code}`] ?? t.error_unknown, { seconds }));
    if (code === "rate_limited") {
      this.outbox.hold(seconds);
    } else if (clientId) {
      // Refused for good: sending it again would be refused again, so the customer gets the words back
      const entry = this.outbox.settle(clientId);
      this.panel?.discard(clientId);
      if (entry?.text && this.panel && !this.panel.composer.text) this.panel.composer.text = entry.text;
    }
  }

  line(online) {
    this.panel?.line(online);
    if (!online) this.outbox.stall();
  }

  /** Marks as read what is in sight, and counts the rest on the launcher. */
  read() {
    const { store } = this.widget;
    let read = store.read().read ?? 0;
    if (this.panel?.isOpen && !document.hidden && this.thread.seen > read) {
      read = this.thread.seen;
      store.write({ read });
      this.connection.send({ type: "read", seq: read });
    }
    const unread = this.thread.unread(read);
    if (unread !== this.counted) this.widget.unread(unread);
    this.counted = unread;
  }
}

/** The chat behind window.sportello. */
export const start = (widget) => new Chat(widget);
