/* The handoff card: all that is known, so that the customer is asked nothing twice. */
import { h } from "../widget/dom.js";
import { count, label, language, moment, t } from "./texts.js";
import { source } from "./transcript.js";

const KNOWN = ["identified", "language", "page", "since"];
const LABELLED = { contact_reason: "reason", journey_stage: "stage", service_kind: "service_kind", identified: "identified" };

/** Fills the aside with one conversation's card. */
export function showCard(aside, card) {
  aside.replaceChildren(
    h("h2", {}, t("card_title")),
    ...card.tickets.map(ticket),
    section(t("card_asked"), card.asked.length
      ? h("ol", { class: "asked", lang: card.language }, card.asked.map((one) => h("li", {}, one)))
      : h("p", { class: "hint" }, t("card_asked_none"))),
    section(t("card_answered"), card.answered.length
      ? h("ul", { class: "sources" }, card.answered.map(source))
      : h("p", { class: "hint" }, t("card_answered_none"))),
    section(t("card_tried"), h("p", {}, tried(card.tried))),
    section(t("card_facts"), facts(card)),
  );
}

const section = (title, ...content) => h("section", {}, h("h3", {}, title), content);

function tried({ answer, clarify, fallback, failure }) {
  const parts = [["tried_answer", answer], ["tried_clarify", clarify], ["tried_fallback", fallback + failure]];
  const said = parts.filter(([, n]) => n).map(([key, n]) => count(key, n));
  return said.length ? `${said.join(", ")}.` : t("tried_none");
}

function facts(card) {
  const given = Object.keys(card.facts).filter((key) => !KNOWN.includes(key) && typeof card.facts[key] !== "object");
  const rows = [
    [t("fact_why"), label("why", card.why), card.why],
    ...given.map((key) => [t(`fact_${key}`), shown(key, card.facts[key]), card.facts[key]]),
    [t("fact_language"), language(card.facts.language), true],
    [t("fact_identified"), label("identified", card.facts.identified), true],
    [t("fact_page"), card.facts.page, card.facts.page],
    [t("fact_since"), moment(card.facts.since), true],
  ];
  return h("dl", {}, rows.filter(([, , known]) => known).map(([term, text]) => h("div", {}, h("dt", {}, term), h("dd", {}, text))));
}

const shown = (key, value) => (LABELLED[key] ? label(LABELLED[key], value) : String(value));

/* Somebody who left a message may not be on the site any more: their contact comes before everything else. */
function ticket(one) {
  return h("section", { class: one.late ? "ticket is-late" : "ticket" },
    h("h3", {}, t("ticket_title")),
    h("p", { class: "ticket-contact" }, one.name ? `${one.name} · ` : "", contact(one.contact)),
    h("p", {}, one.summary),
    h("p", { class: "hint" }, one.late ? h("strong", { class: "late" }, `${t("late")} · `) : null, t("promised_by", { when: moment(one.due_at) })),
    h("p", { class: "hint" }, t("ticket_hint")));
}

function contact(text) {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return h("a", { href: `mailto:${encodeURIComponent(text)}` }, text);
  if (/^\+?[\d\s().-]{6,}$/.test(text)) return h("a", { href: `tel:${text.replace(/[^\d+]/g, "")}` }, text);
  return text;
}
