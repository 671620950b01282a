/*
 * How long an agent really worked on a conversation: seconds in which the tab was visible, that conversation was in
 * front, held by this agent, and there had been input within the last minute. Kept per conversation over a reload.
 */
const IDLE_AFTER = 60_000;
const key = (thread) => `sportello.active.${thread}`;

export class Attention {
  #thread = null;
  #paused = false;
  #inputAt = Date.now();
  #tickAt = Date.now();

  constructor() {
    const seen = () => {
      this.#inputAt = Date.now();
    };
    for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
      addEventListener(kind, seen, { passive: true, capture: true });
    }
    setInterval(() => this.#tick(), 1_000);
  }

  #tick() {
    const now = Date.now();
    // a laptop that slept for an hour did not work for an hour
    const passed = Math.min(now - this.#tickAt, 2_000);
    this.#tickAt = now;
    const attentive = document.visibilityState === "visible" && now - this.#inputAt < IDLE_AFTER;
    if (this.#thread && !this.#paused && attentive) {
      sessionStorage.setItem(key(this.#thread), String(this.#milliseconds(this.#thread) + passed));
    }
  }

  #milliseconds(thread) {
    return Number(sessionStorage.getItem(key(thread)) ?? 0);
  }

  /** The conversation in front, if this agent holds it, else null. */
  front(thread) {
    this.#tick();
    this.#thread = thread;
  }

  /** While the wrap-up is being filled in, time counts as wrap-up instead. */
  pause(paused) {
    this.#tick();
    this.#paused = paused;
  }

  seconds(thread) {
    return this.#milliseconds(thread) / 1000;
  }

  forget(thread) {
    sessionStorage.removeItem(key(thread));
  }
}
