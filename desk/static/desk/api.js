/* The desk's HTTP interface. Every refusal becomes a Refusal with the code the desk gave, or `offline`. */
export class Refusal extends Error {
  constructor(code, message, status = 0, retryAfter = null) {
    super(message);
    Object.assign(this, { code, status, retryAfter });
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/api/v1/conversations${path}`, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal("offline", "offline");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { code = "failed", message = response.statusText, retry_after: retryAfter } = answer.error ?? {};
  throw new Refusal(code, message, response.status, retryAfter);
}

const at = (thread, what = "") => `/${encodeURIComponent(thread)}${what}`;

export const fetchBoard = () => call("GET", "");
export const fetchCard = (thread) => call("GET", at(thread));
export const take = (thread) => call("POST", at(thread, "/take"), {});
export const say = (thread, message) => call("POST", at(thread, "/messages"), message);
export const giveBack = (thread) => call("POST", at(thread, "/return"), {});
export const wrapUp = (thread, known) => call("POST", at(thread, "/wrap-up"), known);
