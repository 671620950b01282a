/* What an agent has written and the desk has not confirmed: drafts and unsent messages, kept per conversation in the tab. */
const draftKey = (thread) => `sportello.draft.${thread}`;
const outboxKey = (thread) => `sportello.outbox.${thread}`;

export const draft = (thread) => sessionStorage.getItem(draftKey(thread)) ?? "";

export function keepDraft(thread, text) {
  if (text) sessionStorage.setItem(draftKey(thread), text);
  else sessionStorage.removeItem(draftKey(thread));
}

/** Entries {client_id, text, substantive, state: sending | failed, code?}, oldest first. */
export const unsent = (thread) => JSON.parse(sessionStorage.getItem(outboxKey(thread)) ?? "[]");

function store(thread, entries) {
  if (entries.length) sessionStorage.setItem(outboxKey(thread), JSON.stringify(entries));
  else sessionStorage.removeItem(outboxKey(thread));
}

/** A new entry under an id of its own, so that sending it twice says it once. */
export function add(thread, text, substantive) {
  const entry = { client_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`, text, substantive, state: "sending" };
  store(thread, [...unsent(thread), entry]);
  return entry;
}

export function mark(thread, clientId, state, code = null) {
  store(thread, unsent(thread).map((one) => (one.client_id === clientId ? { ...one, state, code } : one)));
}

export function remove(thread, clientId) {
  store(thread, unsent(thread).filter((one) => one.client_id !== clientId));
}
