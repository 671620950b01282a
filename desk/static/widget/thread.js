/* The conversation as far as this page knows it: messages by their seq, and who holds it. */

export class Thread {
  constructor() {
    this.messages = new Map();
    this.seen = 0; // highest seq received in order: what `after` asks from
    this.holder = { holder: "assistant" };
  }

  /** Keeps a message; false when it was known. */
  add(message) {
    if (this.messages.has(message.seq)) return false;
    this.messages.set(message.seq, message);
    return true;
  }

  get inOrder() {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  /** seq of the customer's latest message, 0 before the first. */
  get lastOwn() {
    return this.inOrder.findLast(({ from }) => from === "customer")?.seq ?? 0;
  }

  unread(read) {
    return this.inOrder.filter(({ seq, from }) => from !== "customer" && seq > read).length;
  }
}
