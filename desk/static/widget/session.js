/* The customer's session with the desk: a bearer token kept on this device, never in an address. */

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Whether an error's code says that the token is no longer good. */
export const isUnknown = (code) => code === "unknown_session" || code === "session_expired";

export class Session {
  /** fresh() when the token opens another conversation than before; failed() when the desk doesn't answer. */
  constructor(widget, { fresh, failed }) {
    Object.assign(this, { widget, fresh, failed, current: null });
  }

  /** Opens the session, asking again with growing pauses until the desk answers. Several calls share one. */
  begin() {
    this.beginning ??= this.#begin().finally(() => { this.beginning = null; });
    return this.beginning;
  }

  async #begin() {
    for (let wait = 1_000; !(await this.renew()); wait = Math.min(wait * 2, 30_000)) {
      this.failed();
      await pause(this.retryAfter ?? wait);
    }
  }

  /** One try, with the token of this device if there is one; false when refused or unanswered. */
  async renew() {
    const { settings, store, emit, paint } = this.widget;
    const { token, read } = store.read();
    let error = {};
    try {
      const reply = await this.#post(token ?? undefined);
      const body = await reply.json();
      if (reply.ok) {
        const known = body.token === token;
        store.write({ token: body.token, read: (known ? read : null) ?? body.last_seq ?? 0 });
        if (!known) this.fresh();
        this.current = body;
        paint(body.brand.accent);
        return true;
      }
      error = body.error;
    } catch { /* no answer, or none that can be read: tried again like any refusal */ }
    emit("error", { code: error.code ?? "not_started", message: error.message });
    this.retryAfter = error.retry_after && error.retry_after * 1000;
    // A token or a userJwt the desk refuses is given up; the page has been told and may sign the customer in again
    if (token && isUnknown(error.code)) store.write({ token: null, read: null });
    else if (settings.userJwt && /identity/.test(error.code)) settings.userJwt = undefined;
    else return false;
    return this.renew();
  }

  #post(token) {
    const { base, locale, settings } = this.widget;
    return fetch(`${base}api/v1/widget/session`, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      // The page without its query, which may hold what isn't ours to know
      body: JSON.stringify({ locale, page: location.origin + location.pathname, user_jwt: settings.userJwt, token }),
    });
  }
}
