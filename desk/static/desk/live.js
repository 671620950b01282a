/*
 * The live connection. What it brings is news, never the truth: after every (re)connection the page reads the store
 * again, so a frame that got lost costs a moment and nothing else.
 */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const REFUSED = 1008; // the sign-in has ended
const TYPING_EVERY = 3_000;

export class Live {
  #socket = null;
  #tries = 0;
  #timer = 0;
  #watched = null;
  #opened = null;
  #typedAt = 0;

  /** onFrame(frame) for news; onState("connected" | "lost" | "signed_out"). */
  constructor({ onFrame, onState }) {
    Object.assign(this, { onFrame, onState });
    addEventListener("online", () => this.connect());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.connect());
    this.connect();
  }

  get connected() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Connect now unless connected or connecting. */
  connect() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.#timer);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/desk/ws`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#tries = 0;
      if (this.#watched) this.#send({ type: "open", thread: this.#watched });
      this.onState("connected");
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (this.#socket !== socket) return;
      this.#opened = null;
      this.onState(code === REFUSED ? "signed_out" : "lost");
      if (code !== REFUSED) this.#retry();
    };
  }

  #retry() {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries++);
    this.#timer = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2));
  }

  /* Frames of a conversation carry no id: those before `opened` still belong to the one that was open earlier. */
  #receive(frame) {
    if (frame.type === "opened") this.#opened = frame.thread;
    else if (!frame.thread && this.#opened !== this.#watched) return;
    this.onFrame(frame);
  }

  #send(frame) {
    if (this.connected) this.#socket.send(JSON.stringify(frame));
  }

  /** Watch one conversation's frames; null watches none. */
  open(thread) {
    this.#watched = thread;
    this.#opened = null;
    this.#send({ type: "open", thread });
  }

  /** The customer sees that somebody is writing; said at most every few seconds. */
  typing() {
    if (Date.now() - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = Date.now();
    this.#send({ type: "typing" });
  }
}
