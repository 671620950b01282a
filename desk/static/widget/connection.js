/*
 * The line to the desk: a WebSocket, or long polling where WebSockets don't get through. Both carry the same frames.
 * Only an `ack` means stored: what was sent is the outbox's to keep until then.
 */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const PATIENCE = 8_000;
const POLL_SECONDS = 25;
const LOST_AFTER = 1_500; // a line taken up again sooner was never lost to the customer
const TRIES_BEFORE_POLLING = 2;

export class Connection {
  /**
   * greet() → {token, after} for the first frame; receive(frame) gets each server frame; change(online) is
   * told when the line is lost to the customer's eye, and when it is back.
   */
  constructor({ base, greet, receive, change }) {
    Object.assign(this, { base, greet, receive, change });
    this.line = null; // the WebSocket, or the AbortController of the polling loop
    this.online = false;
    this.lost = false;
    this.wanted = false;
    this.failures = 0; // WebSockets in a row that brought no welcome
    this.pauses = 0;
    this.timer = 0;
    const wake = () => { if (this.wanted && !this.online) this.restart(); };
    window.addEventListener("online", wake);
    window.addEventListener("offline", () => { if (this.wanted) this.#lost(this.line); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  }

  open() {
    if (!this.wanted) this.restart();
  }

  /** Drops the line, whatever its state, and takes it up again at once. */
  restart() {
    this.close();
    this.wanted = true;
    this.#say(false);
    this.#dial();
  }

  close() {
    this.wanted = false;
    clearTimeout(this.timer);
    const line = this.line;
    this.line = null;
    if (line instanceof WebSocket) line.close();
    else line?.abort();
    this.#say(false);
  }

  /** Hands a frame to the line; false when it is down. */
  send(frame) {
    if (!this.online) return false;
    if (this.line instanceof WebSocket) this.line.send(JSON.stringify(frame));
    else this.#post(frame);
    return true;
  }

  #say(online) {
    this.online = online;
    clearTimeout(this.losing);
    const tell = () => {
      this.lost = !online;
      this.change(online);
    };
    if (online) tell();
    else if (this.wanted && !this.lost) this.losing = setTimeout(tell, LOST_AFTER);
  }

  #dial() {
    if (this.failures >= TRIES_BEFORE_POLLING) {
      this.#poll();
      return;
    }
    let socket;
    try {
      socket = new WebSocket(`${this.base.replace(/^http/, "ws")}api/v1/widget/ws`);
    } catch {
      this.failures = TRIES_BEFORE_POLLING;
      this.#poll();
      return;
    }
    this.line = socket;
    let welcomed = false;
    const tooLong = setTimeout(() => { if (!welcomed) socket.close(); }, PATIENCE);
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...this.greet() }));
    socket.onmessage = ({ data }) => {
      if (this.line !== socket) return;
      const frame = JSON.parse(data);
      if (frame.type === "welcome") {
        welcomed = true;
        this.failures = this.pauses = 0;
        this.#say(true);
      }
      this.receive(frame);
    };
    socket.onclose = () => {
      clearTimeout(tooLong);
      if (this.line !== socket) return;
      if (!welcomed) this.failures += 1;
      this.#lost(socket);
    };
  }

  /* Full jitter on a doubling pause: a restarted desk isn't met by all its customers in the same second. */
  #lost(line) {
    if (this.line !== line) return;
    if (line instanceof WebSocket) line.close();
    else line?.abort();
    this.line = null;
    this.#say(false);
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.pauses);
    this.pauses += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (this.wanted && !this.line) this.#dial(); }, pause * (0.5 + Math.random() / 2));
  }

  async #poll() {
    const line = new AbortController();
    this.line = line;
    let wait = 0;
    try {
      while (this.line === line) {
        const { token, after } = this.greet();
        const reply = await this.#fetch(token, `?after=${after}&wait=${wait}`, { signal: line.signal });
        if (this.line !== line) return;
        if (reply.type === "error") {
          this.receive(reply);
          throw new Error(reply.code);
        }
        this.pauses = 0;
        if (!this.online) {
          this.#say(true);
          this.receive({ type: "welcome" });
        }
        for (const frame of [...reply.messages, ...reply.state]) this.receive(frame);
        wait = POLL_SECONDS;
      }
    } catch {
      // Polling failed as well: the desk is away, so WebSockets get their chance again
      if (this.line === line) {
        this.failures = 0;
        this.#lost(line);
      }
    }
  }

  async #post(frame) {
    const line = this.line;
    try {
      const reply = await this.#fetch(this.greet().token, "", { method: "POST", body: JSON.stringify(frame) }, frame.client_id);
      if (reply) this.receive(reply);
    } catch {
      this.#lost(line);
    }
  }

  /* A refused request becomes an `error` frame, as on the WebSocket. */
  async #fetch(token, query, init, clientId) {
    const headers = { Authorization: `Bearer ${token}`, ...(init.body && { "Content-Type": "application/json" }) };
    const response = await fetch(`${this.base}api/v1/widget/messages${query}`, { ...init, headers, credentials: "omit" });
    const body = await response.json().catch(() => null);
    if (response.ok && body) return body;
    if (response.status >= 500 || !body?.error) throw new Error(String(response.status));
    return { type: "error", client_id: clientId, ...body.error };
  }
}
