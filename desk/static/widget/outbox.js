/*
 * What the customer sent and the desk has not acknowledged. Kept for this tab through reloads and page changes, and
 * sent again after each reconnect: the desk stores a repeated client_id once.
 */

const ACK_PATIENCE = 10_000;

export class Outbox {
  /** send(frame) → whether the line took it; show(clientId, state) tells the customer; stuck() when no ack comes. */
  constructor({ key, send, show, stuck }) {
    Object.assign(this, { key: `${key}:outbox`, send, show, stuck });
    try {
      this.entries = JSON.parse(sessionStorage.getItem(this.key)) ?? [];
    } catch {
      this.entries = []; // storage refused: this page's memory must do
    }
  }

  /** Queues a frame under a client_id of its own; text: what the log shows meanwhile, if anything. */
  add(frame, text = null) {
    const random = crypto.getRandomValues(new Uint32Array(4));
    const clientId = [...random].map((part) => part.toString(36)).join("-");
    const entry = { frame: { ...frame, client_id: clientId }, text, at: Date.now() };
    this.entries.push(entry);
    this.#keep();
    return entry;
  }

  /** Tries to send an entry; false when the line is down. A line can be dead without saying so: hence the timer. */
  deliver(entry) {
    if (!this.send(entry.frame)) return false;
    setTimeout(() => { if (this.entries.includes(entry) && !this.held) this.stuck(); }, ACK_PATIENCE);
    return true;
  }

  /** Sends, in their order, all that was not acknowledged. */
  flush() {
    clearTimeout(this.held);
    this.held = null;
    for (const entry of this.entries) {
      this.show(entry.frame.client_id, "sending");
      this.deliver(entry);
    }
  }

  /** The line is down: nothing here is on its way. */
  stall() {
    for (const { frame } of this.entries) this.show(frame.client_id, "unsent");
  }

  /** The desk wants a pause before it takes more. */
  hold(seconds) {
    this.stall();
    clearTimeout(this.held);
    this.held = setTimeout(() => this.flush(), seconds * 1000);
  }

  /** Takes out and returns the acknowledged or refused entry, if it was ours. */
  settle(clientId) {
    const entry = this.entries.find(({ frame }) => frame.client_id === clientId);
    if (entry) {
      this.entries = this.entries.filter((other) => other !== entry);
      this.#keep();
    }
    return entry;
  }

  clear() {
    this.entries = [];
    this.#keep();
  }

  #keep() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.entries));
    } catch { /* storage refused: as above */ }
  }
}

/** An entry as the message it is about to be. */
export const asMessage = ({ frame, text, at }) => ({ from: "customer", text, at, client_id: frame.client_id });
