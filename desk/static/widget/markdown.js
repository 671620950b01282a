/*
 * The little Markdown an answer may hold: paragraphs, line breaks, lists, headings (as bold lines), bold, links.
 * Everything else stays the text it is.
 */
import { h, outside, safeAddress } from "./dom.js";

const INLINE = /(?<!\w)\*\*?(\S.*?)\*\*?(?!\w)|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>()]*[^\s<>().,;:!?"'])/g;
const BULLET = /^\s*[-*•]\s+/;
const NUMBER = /^\s*\d{1,3}[.)]\s+/;

function inline(text, base, t) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, linkText, linkAddress, bare] = match;
    const address = linkAddress ?? bare;
    const safe = address && safeAddress(address, base);
    nodes.push(text.slice(at, match.index));
    if (bold) nodes.push(h("strong", {}, inline(bold, base, t)));
    else if (safe) nodes.push(outside(safe, linkText ?? bare, t));
    else nodes.push(linkText ?? whole);
    at = match.index + whole.length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

function paragraph(lines, base, t) {
  const nodes = lines.flatMap((line, n) => (n ? [h("br"), ...inline(line, base, t)] : inline(line, base, t)));
  return h("p", {}, nodes);
}

/** Block elements for a text; links are counted from base. */
export function markdown(text, base, t) {
  const blocks = [];
  let lines = [];
  let list = null;
  const flush = () => {
    if (lines.length) blocks.push(paragraph(lines, base, t));
    lines = [];
    list = null;
  };
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const heading = /^#{1,6}\s+(.*)/.exec(line);
    const marker = BULLET.test(line) ? "ul" : NUMBER.test(line) ? "ol" : null;
    if (heading) {
      flush();
      blocks.push(h("p", {}, h("strong", {}, inline(heading[1], base, t))));
    } else if (marker) {
      if (list?.localName !== marker) {
        flush();
        list = h(marker, marker === "ol" ? { start: parseInt(line, 10) } : {});
        blocks.push(list);
      }
      list.append(h("li", {}, inline(line.replace(marker === "ul" ? BULLET : NUMBER, ""), base, t)));
    } else if (!line.trim()) {
      if (!list) flush();
    } else if (list && /^\s{2,}/.test(line)) {
      list.lastChild.append(" ", ...inline(line.trim(), base, t));
    } else {
      if (list) flush();
      lines.push(line);
    }
  }
  flush();
  return blocks;
}
