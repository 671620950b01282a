/* The desk page: the board on one side, one conversation in front, news over the live connection. */
import { fetchBoard } from "./api.js";
import { Attention } from "./attention.js";
import { Board } from "./board.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Live } from "./live.js";
import * as outbox from "./outbox.js";
import { t } from "./texts.js";
import { Transcript } from "./transcript.js";
import { WrapUp } from "./wrapup.js";

const by = (id) => document.getElementById(id);
const LOST_AFTER = 1_500; // a reconnection quicker than this is nobody's business
const SETTLE = 120; // several pieces of news at once read the board once
const AGAIN = 30_000; // promised times pass without anybody saying so

// emptied first, so that the same news twice is read out twice
const news = (text) => {
  by("news").textContent = "";
  setTimeout(() => {
    by("news").textContent = text;
  }, 50);
};

const attention = new Attention();
const transcript = new Transcript();
const board = new Board({ open: (thread) => { location.hash = thread; }, news });
const composer = new Composer({
  changed: (thread) => thread === conversation.thread && conversation.showUnsent(),
  sent: (thread) => (thread === conversation.thread ? conversation.refresh() : undefined),
  typing: () => live.typing(),
});
const wrapUp = new WrapUp({
  attention,
  held: () => board.mine.length,
  done: (thread) => {
    outbox.keepDraft(thread, "");
    news(t("news_wrapped_up"));
    location.hash = "";
    refreshBoard();
  },
});
const conversation = new Conversation({ transcript, composer, wrapUp, attention, changed: refreshBoard, news, failed });
const live = new Live({ onFrame: receive, onState: connection });

let settling = 0;
function refreshBoard() {
  clearTimeout(settling);
  settling = setTimeout(async () => {
    try {
      board.show(await fetchBoard());
    } catch (refusal) {
      failed(refusal);
    }
  }, SETTLE);
}

function receive(frame) {
  if (frame.type === "opened") {
    conversation.refresh();
  } else if (!frame.thread && frame.type !== "queue") {
    conversation.receive(frame);
  } else {
    if (frame.type === "message") board.unread(frame.thread);
    else if (frame.thread === conversation.thread) conversation.refresh();
    refreshBoard();
  }
}

let losing = 0;
function connection(state) {
  clearTimeout(losing);
  if (state === "connected") {
    by("lost").hidden = true;
    refreshBoard();
    if (!conversation.thread) return;
    conversation.refresh();
  } else if (state === "signed_out") {
    signedOut();
  } else {
    losing = setTimeout(() => banner(t("lost")), LOST_AFTER);
  }
}

function failed(refusal) {
  if (refusal.status === 401) signedOut();
  else if (refusal.status === 404) location.hash = "";
  else if (refusal.code !== "offline") banner(t("failed"));
}

function signedOut() {
  const link = document.createElement("a");
  link.href = "/login?next=/desk";
  link.textContent = t("sign_in_again");
  banner(t("signed_out"), " ", link);
}

function banner(...content) {
  by("lost").replaceChildren(...content);
  by("lost").hidden = false;
}

function openFromAddress() {
  const thread = decodeURIComponent(location.hash.slice(1)) || null;
  if (thread === conversation.thread) return;
  conversation.show(thread);
  board.select(thread);
  live.open(thread);
  if (!live.connected) conversation.refresh();
}

by("back").onclick = () => {
  const thread = conversation.thread;
  location.hash = "";
  requestAnimationFrame(() => document.querySelector(`[data-key="${CSS.escape(thread)}"]`)?.focus());
};
addEventListener("hashchange", openFromAddress);
setInterval(() => document.visibilityState === "visible" && refreshBoard(), AGAIN);
refreshBoard();
openFromAddress();
