/*
 * The look of the window, as a constructable style sheet: a content policy without unsafe-inline lets it pass.
 * Calm paper, one colour of the brand; every pair of text and ground is at 4.5:1 or above in both themes.
 */
export const SHEET = `
:host { --paper: #fff; --wash: #f5f4f1; --ink: #1e1e1c; --soft: #5c5b57; --line: #e2e0da; --edge: #858379; --alarm: #a3261d; }
:host([data-theme=dark]) { --paper: #1b1c1e; --wash: #26282b; --ink: #ecebe7; --soft: #b0aea8; --line: #37393d; --edge: #85847e;
  --alarm: #ffb4a9; color-scheme: dark; }
*, *::before { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea, input { font: inherit; color: inherit; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 4px; }
h2, h3, p, ul, ol, fieldset, legend { margin: 0; padding: 0; border: 0; font: inherit; }
svg { inline-size: 20px; block-size: 20px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round;
  stroke-linejoin: round; flex: none; }
a, button { text-underline-offset: 3px; }
a { color: inherit; }
a:hover { text-decoration-thickness: 2px; }

.panel { position: fixed; inset: auto; inset-inline-end: 20px; inset-block-end: calc(20px + env(safe-area-inset-bottom, 0px)); margin: 0; padding: 0;
  inline-size: 392px; block-size: min(660px, calc(100vh - 40px)); block-size: min(660px, calc(100dvh - 40px));
  max-inline-size: none; max-block-size: none; flex-direction: column; overflow: hidden; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 14px; font-size: 16px; line-height: 1.5;
  box-shadow: 0 18px 48px rgb(0 0 0 / .22); }
.panel[open] { display: flex; animation: rise .18s ease-out; }
.panel::backdrop { background: none; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }

header { display: flex; align-items: center; gap: 4px; padding: 12px 10px 12px 16px; border-block-start: 4px solid var(--accent);
  border-block-end: 1px solid var(--line); flex: none; }
.mark { display: grid; place-items: center; inline-size: 38px; block-size: 38px; margin-inline-end: 8px; flex: none; border-radius: 50%;
  border: 1px solid transparent; background: var(--accent); color: var(--on-accent); font: 600 19px/1 Georgia, serif; }
.who { flex: 1; min-inline-size: 0; }
h2 { font-weight: 650; font-size: 17px; line-height: 1.3; overflow-wrap: anywhere; }
.with { color: var(--soft); font-size: 14px; line-height: 1.35; }
.with::before { content: ""; display: inline-block; inline-size: 8px; block-size: 8px; margin-inline-end: 7px; border-radius: 50%;
  border: 2px solid var(--soft); }
.panel[data-holder=agent] .with::before { background: #2e7d4f; border-color: #2e7d4f; }
:host([data-theme=dark]) .panel[data-holder=agent] .with::before { background: #6cc48f; border-color: #6cc48f; }
.tool { display: grid; place-items: center; inline-size: 44px; block-size: 44px; padding: 0; border: 0; border-radius: 50%;
  background: none; color: var(--soft); cursor: pointer; }
.words { inline-size: auto; padding: 0 12px; border-radius: 22px; font-size: 14.5px; text-decoration: underline; text-decoration-color: var(--edge); }
.tool:hover { background: var(--wash); color: var(--ink); }

.banner, .confirm { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 6px 12px; padding: 10px 16px;
  background: var(--wash); border-block-end: 1px solid var(--line); font-size: 14.5px; flex: none; }
.banner p { flex: 1 1 190px; }
.banner .plain { background: none; }
.banner .link { margin-inline-start: -4px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; }
.plain, .primary, .choice { min-block-size: 36px; padding: 6px 14px; border: 1px solid var(--edge); border-radius: 18px;
  background: var(--paper); cursor: pointer; text-align: start; line-height: 1.35; }
.plain:hover, .choice:not(:disabled):hover { background: var(--wash); border-color: var(--ink); }
.primary { background: var(--accent); color: var(--on-accent); border-color: transparent; font-weight: 600; }
.primary:hover { text-decoration: underline; }
.link { border: 0; padding: 2px 4px; min-block-size: 24px; background: none; color: inherit; text-decoration: underline; cursor: pointer;
  }

.middle { position: relative; flex: 1; min-block-size: 0; display: flex; }
.scroller { position: relative; flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px; }
.scroller:focus-visible { outline-offset: -3px; border-radius: 0; }
.more { position: absolute; inset-block-end: 10px; inset-inline-start: 50%; transform: translateX(-50%); display: flex; align-items: center;
  gap: 6px; min-block-size: 36px; padding: 4px 14px 4px 10px; border: 1px solid var(--edge); border-radius: 18px; background: var(--paper);
  cursor: pointer; box-shadow: 0 4px 14px rgb(0 0 0 / .18); white-space: nowrap; }

.notice { padding-block-end: 14px; margin-block-end: 16px; border-block-end: 1px solid var(--line); color: var(--soft); font-size: 14px;
  line-height: 1.45; }
.notice p + p { margin-block-start: 6px; }
.notice .welcome { margin-block: 6px 12px; color: var(--ink); font: 400 25px/1.25 Georgia, serif; }
.notice .languages { margin-block-start: 2px; margin-inline-start: -4px; }
.log { display: flex; flex-direction: column; gap: 16px; }
.message { max-inline-size: 100%; overflow-wrap: anywhere; }
.sender, .delivery { color: var(--soft); font-size: 13px; line-height: 1.5; }
.sender { margin-block-end: 2px; }
.sender b { font-weight: 600; }
.sender time::before { content: "· "; }
.delivery time::before { content: "· "; }
.text > * + * { margin-block-start: 8px; }
.text ul, .text ol { padding-inline-start: 22px; }
.text li + li { margin-block-start: 4px; }
.agent .text { inline-size: fit-content; max-inline-size: 92%; padding: 9px 14px; border: 1px solid var(--line); border-radius: 16px; border-end-start-radius: 4px;
  background: var(--wash); }
.customer { align-self: flex-end; max-inline-size: 86%; text-align: end; }
.customer .text { display: inline-block; padding: 9px 14px; border-radius: 16px; border-end-end-radius: 4px; text-align: start; white-space: pre-wrap;
  border: 1px solid transparent; background: var(--accent); color: var(--on-accent); }
.customer[data-state=unsent] .text { background: var(--wash); color: var(--ink); border: 1px dashed var(--edge); }
.customer[data-state=sending] .text { opacity: .82; }
.delivery { margin-block-start: 3px; }
.customer[data-state=sent]:has(~ .customer) .state { display: none; }
.customer[data-state=sent]:has(~ .customer) time::before { content: none; }
.system { padding: 8px 12px; border-radius: 8px; background: var(--wash); font-size: 14.5px; }

.citations { margin-block-start: 10px; font-size: 14.5px; }
.citations ul { list-style: none; padding: 0; display: grid; gap: 6px; }
.citations li { display: flex; gap: 10px; padding: 10px 12px; border: 1px solid var(--line); border-inline-start: 3px solid var(--accent);
  border-radius: 3px 8px 8px 3px; background: var(--wash); line-height: 1.4; }
.citations svg { color: var(--soft); margin-block-start: 1px; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 10px; }
.choice { min-block-size: 40px; border-radius: 20px; }
.choice:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
.choice[aria-pressed=true] { display: inline-flex; align-items: center; gap: 6px; color: var(--ink); border-color: var(--ink);
  background: var(--wash); }
.choice[aria-pressed=true] svg { inline-size: 16px; block-size: 16px; }

.typing { margin-block-start: 14px; display: flex; align-items: center; gap: 10px; color: var(--soft); font-size: 14px; }
.dots { display: flex; gap: 4px; }
.dots i { inline-size: 6px; block-size: 6px; border-radius: 50%; background: currentColor; animation: breathe 1.2s infinite ease-in-out; }
.dots i + i { animation-delay: .2s; }
@keyframes breathe { 0%, 60%, 100% { opacity: .3; } 30% { opacity: 1; } }

.survey { padding: 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--wash); }
h3 { font-weight: 650; }
.note { color: var(--soft); font-size: 14px; }
.question { margin-block: 14px; }
.question > label, legend { font-size: 15px; font-weight: 550; margin-block-end: 8px; display: block; }
.question textarea { inline-size: 100%; padding: 8px 10px; border: 1px solid var(--edge); border-radius: 8px; background: var(--paper); }
.options { display: grid; gap: 2px; }
.options label { display: flex; align-items: center; gap: 10px; min-block-size: 34px; cursor: pointer; font-size: 15px; }
.options input { inline-size: 20px; block-size: 20px; margin: 0; accent-color: var(--accent); flex: none; }
:host([data-theme=dark]) .options input { accent-color: #d6d4ce; }
.scale .options { display: flex; gap: 4px; }
.ends { display: flex; justify-content: space-between; gap: 16px; color: var(--soft); font-size: 13px; }
.ends :last-child { text-align: end; }
.scale .options label { flex: 1; flex-direction: column; gap: 3px; padding-block: 4px; }

.composer { padding: 10px 12px 12px; border-block-start: 1px solid var(--line); flex: none; }
.box { display: flex; align-items: flex-end; gap: 8px; }
.box textarea { flex: 1; min-inline-size: 0; resize: none; padding: 9px 14px; min-block-size: 44px; max-block-size: 160px; line-height: 1.5;
  border: 1px solid var(--edge); border-radius: 22px; background: var(--paper); }
.box textarea::placeholder { color: var(--soft); opacity: 1; }
.box textarea:focus-visible { outline: 2px solid var(--ink); outline-offset: -1px; border-radius: 22px; }
.send { display: grid; place-items: center; inline-size: 44px; block-size: 44px; padding: 0; border: 1px solid transparent; border-radius: 50%;
  background: var(--accent); color: var(--on-accent); cursor: pointer; flex: none; }
.send:focus-visible { border-radius: 50%; }
.send[aria-disabled=true] { background: var(--wash); color: var(--soft); border-color: var(--edge); cursor: default; }
.counter { margin: 6px 4px 0; color: var(--soft); font-size: 13px; text-align: end; }
.counter.over, .problem { color: var(--alarm); }
.problem { font-size: 14px; }
.problem:not(:empty) { margin: 0 4px 8px; }

@media (max-width: 480px), (max-height: 480px) {
  .panel { inset: 0; inline-size: 100%; block-size: 100vh; block-size: 100dvh; border: 0; border-radius: 0; box-shadow: none; }
  header { padding-inline-start: 14px; }
}
@media (max-height: 480px) {
  header { padding-block: 4px; border-block-start-width: 3px; }
  .mark { display: none; }
}
@media (prefers-reduced-motion: reduce) { .panel[open], .dots i { animation: none; } .dots i { opacity: .7; } }
@media (forced-colors: active) {
  :focus-visible, .box textarea:focus-visible { outline-color: Highlight; }
  header { border-block-start-color: CanvasText; }
  .tool { border: 1px solid ButtonText; }
}
`;
