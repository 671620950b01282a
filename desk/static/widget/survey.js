/* The survey at the end: a fieldset per question, every one skippable, the whole dismissible. */
import { h } from "./dom.js";

let forms = 0;

/** Form for a survey frame; done(answers) gets [{item, value}] for what was answered, empty when skipped. */
export function surveyElement(frame, t, done) {
  forms += 1;
  const id = `survey-${forms}`;
  const form = h("form", { class: "survey", "aria-labelledby": `${id}-title` },
    h("h3", { id: `${id}-title`, tabindex: "-1" }, t.surveyTitle),
    h("p", { class: "note" }, t.surveyNote),
    frame.items.map((item, n) => question(item, `${id}-${n}`)),
    h("div", { class: "row" },
      h("button", { type: "submit", class: "primary" }, t.surveySend),
      h("button", { type: "button", class: "plain", onclick: () => done([]) }, t.surveySkip)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    done(frame.items.map((item, n) => ({ item: item.item, value: given(form, item, `${id}-${n}`) })).filter(({ value }) => value !== undefined));
  });
  return form;
}

function question({ question: words, scale }, name) {
  if (!scale?.length) {
    return h("div", { class: "question" },
      h("label", { for: name }, words), h("textarea", { id: name, name, rows: "3", maxlength: "2000" }));
  }
  // A scale whose steps are mere numbers goes in a row, what its ends mean below it
  const brief = (label) => String(label).length <= 2;
  const row = scale.length > 3 && scale.slice(1, -1).every(({ label }) => brief(label));
  const ends = row && !brief(scale[0].label) ? [scale[0], scale.at(-1)] : null;
  return h("fieldset", { class: row ? "question scale" : "question" },
    h("legend", {}, words),
    h("div", { class: "options" }, scale.map(({ value, label }, n) => h("label", {},
      h("input", { type: "radio", name, value: n, "aria-label": ends?.includes(scale[n]) ? label : null }),
      h("span", {}, row && !brief(label) ? String(value) : String(label))))),
    ends ? h("p", { class: "ends", "aria-hidden": "true" }, ends.map(({ label }) => h("span", {}, label))) : null);
}

/* Values go back as they came (a number stays a number), hence by place rather than through the input's text. */
function given(form, item, name) {
  const value = new FormData(form).get(name);
  if (!item.scale?.length) return value?.trim() || undefined;
  return value === null ? undefined : item.scale[Number(value)].value;
}
