/*
 * The launcher: the one tag a site embeds. It draws a button in a shadow root and brings in the chat (chat.js) on
 * first use, or at once when this device has a conversation. Works under `script-src DESK; connect-src DESK` with
 * nothing inline. Settings: data-* of the tag, then window.sportelloSettings.
 */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.sportello) return;

  const base = new URL("./", script.src).href;
  const settings = { ...script.dataset, ...window.sportelloSettings };
  const FALLBACK = "en";

  const SHEET = `
    :host { all: initial; position: fixed; z-index: 2147483000; display: block;
      inset-block-end: calc(20px + env(safe-area-inset-bottom, 0px)); inset-inline-end: 20px;
      font: 16px/1.5 system-ui, sans-serif;
      --accent: #24504a; --on-accent: #fff; }
    :host([hidden]) { display: none; }
    .launcher { all: unset; box-sizing: border-box; position: relative; display: inline-flex; align-items: center; gap: 10px;
      min-block-size: 52px; padding: 0 22px 0 18px; border: 1px solid rgb(255 255 255 / .3); border-radius: 26px; cursor: pointer;
      font-weight: 600; color: var(--on-accent); background: var(--accent);
      box-shadow: 0 8px 24px rgb(0 0 0 / .22); transition: transform .15s ease; }
    .launcher[hidden] { display: none; }
    .launcher:hover { transform: translateY(-2px); }
    .launcher:focus-visible { outline: 3px solid #fff; outline-offset: 0; box-shadow: 0 0 0 6px #111; }
    .launcher[aria-busy=true] { cursor: progress; }
    .launcher svg { inline-size: 22px; block-size: 22px; fill: none; stroke: currentColor; stroke-width: 1.75;
      stroke-linecap: round; stroke-linejoin: round; flex: none; }
    .badge { position: absolute; inset-block-start: -6px; inset-inline-end: -4px; min-inline-size: 24px; box-sizing: border-box;
      padding: 0 7px; border: 1px solid #fff; border-radius: 12px; background: #b3261e; color: #fff; font-size: 13px;
      line-height: 22px; text-align: center; }
    .badge[hidden] { display: none; }
    .quiet { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (max-width: 480px) {
      :host { inset-inline-end: 14px; inset-block-end: calc(14px + env(safe-area-inset-bottom, 0px)); }
    }
    @media (prefers-reduced-motion: reduce) { .launcher { transition: none; } .launcher:hover { transform: none; } }
    @media (forced-colors: active) {
      .launcher, .badge { border-color: ButtonText; }
      .launcher:focus-visible { outline-color: Highlight; }
    }`;

  /* What this device remembers between pages; memory alone where the browser refuses storage. */
  const store = (() => {
    const key = `sportello:${base}`;
    let kept = {};
    const read = () => {
      try {
        kept = JSON.parse(localStorage.getItem(key)) ?? {};
      } catch { /* refused: memory stands */ }
      return kept;
    };
    const write = (change) => {
      kept = { ...read(), ...change };
      try {
        localStorage.setItem(key, JSON.stringify(kept));
      } catch { /* as above */ }
    };
    return { key, read, write };
  })();

  const emit = (name, detail = {}) => window.dispatchEvent(new CustomEvent(`sportello:${name}`, { detail }));

  const tag = (value) => /^[a-z]{2,3}/.exec(String(value ?? "").toLowerCase())?.[0];
  const pageLocale = tag(settings.locale) ?? tag(document.documentElement.lang) ?? tag(navigator.language) ?? FALLBACK;

  /* A choice of language made inside the chat holds as long as the page keeps speaking the language it had then. */
  const firstLocale = () => {
    const { chosen } = store.read();
    return chosen?.page === pageLocale ? chosen.locale : pageLocale;
  };

  async function catalogue(locale) {
    try {
      return (await import(`${base}widget/locale/${locale}.js`)).default;
    } catch (error) {
      if (locale === FALLBACK) throw error;
      return catalogue(FALLBACK);
    }
  }

  class SportelloWidget extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(SHEET);
      this.shadowRoot.adoptedStyleSheets = [sheet];
    }
  }
  if (!customElements.get("sportello-widget")) customElements.define("sportello-widget", SportelloWidget);

  const element = document.createElement("sportello-widget");
  const launcher = document.createElement("button");
  const label = document.createElement("span");
  const badge = document.createElement("span");
  const unreadText = document.createElement("span");
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.setAttribute("aria-haspopup", "dialog");
  launcher.setAttribute("aria-expanded", "false");
  badge.className = "badge";
  badge.hidden = true;
  badge.setAttribute("aria-hidden", "true");
  unreadText.className = "quiet";
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const stroke = document.createElementNS("http://www.w3.org/2000/svg", "path");
  stroke.setAttribute("d", "M4 5.5h16v11H11l-4.5 3.5v-3.5H4zM8 9.5h8M8 12.5h5");
  icon.append(stroke);
  launcher.append(icon, label, badge, unreadText);
  element.shadowRoot.append(launcher);

  /* The brand's colour, with black or white on it, whichever reads better (always above 4.5:1). */
  function paint(accent) {
    if (!/^#[0-9a-f]{6}$/i.test(accent ?? "")) return;
    const light = [1, 3, 5].map((at) => {
      const part = parseInt(accent.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
    element.style.setProperty("--accent", accent);
    element.style.setProperty("--on-accent", luminance > 0.179 ? "#000" : "#fff");
  }

  const dark = matchMedia("(prefers-color-scheme: dark)");
  function theme() {
    const wanted = settings.theme === "light" || settings.theme === "dark" ? settings.theme : dark.matches ? "dark" : "light";
    element.dataset.theme = wanted;
  }
  dark.addEventListener("change", theme);

  const widget = {
    base, settings, store, emit, element, launcher, paint,
    locale: firstLocale(),
    text: null,
    unread(count) {
      badge.hidden = !count;
      badge.textContent = count > 99 ? "99+" : String(count);
      unreadText.textContent = count ? ` ${widget.text.unread.replace("{n}", count)}` : "";
      emit("unread", { count });
    },
    async speak(locale) {
      widget.text = await catalogue(tag(locale) ?? FALLBACK);
      widget.locale = widget.text.locale;
      element.lang = widget.locale;
      element.dir = widget.text.dir;
      label.textContent = widget.text.launcher;
    },
    choose(locale) {
      store.write({ chosen: { page: pageLocale, locale } });
    },
  };

  /* A browser may remember a module that failed to load: each further try has an address of its own. */
  let tries = 0;
  let loading = null;
  const ready = start();
  function chat() {
    loading ??= (async () => {
      await ready;
      launcher.setAttribute("aria-busy", "true");
      try {
        const { start: begin } = await import(`${base}widget/chat.js${tries ? `?try=${tries}` : ""}`);
        label.textContent = widget.text.launcher;
        return begin(widget);
      } catch (error) {
        tries += 1;
        loading = null;
        label.textContent = widget.text.unavailable;
        emit("error", { code: "not_loaded" });
        throw error;
      } finally {
        launcher.removeAttribute("aria-busy");
      }
    })();
    return loading;
  }
  const call = (name, ...given) => chat().then((it) => it[name](...given), () => undefined);

  window.sportello = Object.freeze({
    open: () => call("open"),
    close: () => (loading ? call("close") : Promise.resolve()),
    toggle: () => call("toggle"),
    setUser(jwt) {
      settings.userJwt = jwt;
      return loading || store.read().token ? call("identify") : Promise.resolve();
    },
    logout() {
      settings.userJwt = undefined;
      if (loading) return call("forget");
      store.write({ token: null, read: null });
      return Promise.resolve();
    },
    setLocale: (locale) => (loading ? call("setLocale", locale) : ready.then(() => widget.speak(locale))),
    sendMessage: (text) => call("sendMessage", String(text)),
    /** Calls fn with the event's detail; returns a function that stops it. */
    on(event, fn) {
      const listener = ({ detail }) => fn(detail);
      window.addEventListener(`sportello:${event}`, listener);
      return () => window.removeEventListener(`sportello:${event}`, listener);
    },
  });

  launcher.addEventListener("click", () => window.sportello.toggle());
  /* A conversation begun in another tab belongs to this one too. */
  window.addEventListener("storage", (event) => {
    if (event.key === store.key && store.read().token) chat().catch(() => undefined);
  });

  async function start() {
    theme();
    paint(settings.accent);
    if (document.readyState === "loading") {
      await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
    }
    while (!widget.text) {
      try {
        await widget.speak(widget.locale);
      } catch {
        emit("error", { code: "not_loaded" });
        await new Promise((again) => { window.addEventListener("online", again, { once: true }); setTimeout(again, 30_000); });
      }
    }
    document.body.append(element);
    emit("ready");
  }
  ready.then(() => { if (store.read().token) chat().catch(() => undefined); });
})();
