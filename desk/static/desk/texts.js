/* Words, numbers and moments in the reader's language; the page brings its catalogue along. */
import { fill } from "../widget/dom.js";

const page = document.getElementById("content");
const texts = JSON.parse(page.dataset.texts);
const lang = page.dataset.lang;
const zone = page.dataset.zone;

/** A text of the desk with its {places} filled. */
export const t = (key, values = {}) => fill(texts[`desk.${key}`] ?? key, values);

/** One text for one, another for several: `key_one`, `key_many` with {n}. */
export const count = (key, n) => t(n === 1 ? `${key}_one` : `${key}_many`, { n });

/** What a value of a closed list is called; a value the catalogue doesn't know stands for itself. */
export const label = (kind, value) => (value ? texts[`labels.${kind}.${value}`] ?? value : texts["labels.unknown"]);

const names = new Intl.DisplayNames([lang], { type: "language" });
const written = lang === "en" ? "en-GB" : lang; // the day before the month, as on every other page
const clocks = new Intl.DateTimeFormat(written, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const days = new Intl.DateTimeFormat(written, { timeZone: zone, weekday: "short", day: "numeric", month: "short" });
const dayKeys = new Intl.DateTimeFormat("en-CA", { timeZone: zone });

export const language = (code) => names.of(code);
export const clock = (iso) => clocks.format(new Date(iso));
export const sameDay = (one, other) => dayKeys.format(new Date(one)) === dayKeys.format(new Date(other));

/** A moment, with its day unless it is today. */
export const moment = (iso) => (sameDay(iso, Date.now()) ? clock(iso) : `${days.format(new Date(iso))}, ${clock(iso)}`);

/** The day of a moment, as a line between messages. */
export const day = (iso) => (sameDay(iso, Date.now()) ? t("today") : days.format(new Date(iso)));

/** Seconds as people say them: 40 s, 12 min, 3 h 05 min, 2 days. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  if (whole < 60) return `${whole} s`;
  if (minutes < 60) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return count("days", Math.floor(hours / 24));
}
