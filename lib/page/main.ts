/// <reference lib="dom" />
// The page: the link to the server, the state, and the views that show it. It flows one way: a frame changes
// the state, and the state is shown.

import type { Asked, Frame } from "./frames.ts";
import { Actions } from "./actions.ts";
import { Front } from "./front.ts";
import { BROWSER } from "./link/browser.ts";
import { Link } from "./link/link.ts";
import { Presence } from "./presence.ts";
import { takeDrafts, takeSession } from "./remembered.ts";
import { Account } from "./state/account.ts";
import { State } from "./state/state.ts";
import { keyOf } from "./state/conversations.ts";
import { COMMANDS } from "./typing/typed.ts";
import { notify, showTitle } from "./view/attention.ts";
import { Composer } from "./view/composer.ts";
import { closeDialog, isDialogOpen, openDialog, tellDialog, wireDialogs } from "./view/dialogs.ts";
import { part } from "./view/dom.ts";
import { wireDrops } from "./view/drops.ts";
import { Heading } from "./view/heading.ts";
import { wireKeys } from "./view/keys.ts";
import { Log } from "./view/log.ts";
import { Panels } from "./view/panels.ts";
import { RoomsDialog } from "./view/rooms_dialog.ts";
import { SearchDialog } from "./view/search_dialog.ts";
import { Sidebar } from "./view/sidebar.ts";
import { showTheme, YouDialogs } from "./view/you_dialogs.ts";
import { watch } from "./watching.ts";

/** Milliseconds by which a page that nobody sees may be late. */
const UNSEEN = 250;

showTheme();
const before = takeSession();
const state = new State();
state.remember(before?.names ?? []);
const { conversations } = state;
conversations.restore(takeDrafts());
const account = new Account(before?.isRegistered ?? false);
/** The server's last notice: if it ends the link, this is why. */
let lastWords = "";
let isScheduled = false;

const link = new Link({
  ...BROWSER,
  onFrame: hear,
  onChange: schedule,
  onHeeded: ({ asked, isSecret }, refusal) => account.handled(asked, { isSecret, refusal }),
  saved: before,
});
const presence = new Presence({ account, state, link, token: before?.token, onRefused });
const claim = (name: string, password = "") => {
  presence.claim(name, password);
  if (link.state === "idle") link.open();
};
const log = new Log(lookBack);
const panels = new Panels();
const type = () => {
  // On a touch screen, the keyboard would come up and hide what was chosen.
  if (matchMedia("(hover: hover)").matches) composer.focus();
};
const front = new Front({
  state,
  log,
  ask,
  join: (name) => actions.join(name),
  onShow: schedule,
  onChoose: () => {
    panels.close();
    type();
  },
});
const actions = new Actions({
  state,
  link,
  show: (conversation) => front.choose(conversation),
  expect: (key) => front.expect(key),
  giveUp: (key) => front.giveUp(key),
  claim,
  openRooms: () => roomsDialog.open(),
});
const sidebar = new Sidebar({
  onConversation: (key) => front.choose(conversations.get(key)),
  onMember: (name) => state.isMe(name) ? openYou() : front.choose(conversations.person(name)),
});
const heading = new Heading({
  onLeave: () => {
    actions.leave(conversations.active);
    schedule();
  },
  onRetry: () => link.state === "joining" ? you.askKey() : link.open(),
});
const composer = new Composer({
  check: (text) => actions.problem(text),
  onSend: send,
  known,
  onPage: (pages) => log.scroll(pages),
});
const roomsDialog = new RoomsDialog({
  ask: () => link.ask({ type: "command", name: "rooms", text: "" }),
  onRoom: (name) => {
    const close = () => {
      roomsDialog.close();
      panels.close();
      type();
    };
    actions.join(name, close);
    // Nobody knows when it will be answered.
    if (link.state !== "open") close();
  },
});
const searchDialog = new SearchDialog({
  onWords: (words) => link.ask({ type: "command", name: "search", text: words }),
  onFound: (message) => {
    closeDialog("search-dialog");
    front.seek(message);
  },
});
const you = new YouDialogs({
  onName: claim,
  onPending: () => link.state === "idle" && link.open(),
  onKey: (key) => link.unlock(key),
  onRegister: (password) => {
    link.ask({ type: "command", name: "register", text: password }, { isSecret: true });
  },
});

wireDialogs(type);
wireDrops();
wireKeys({
  onStep: (step) => front.step(step),
  onRooms: () => roomsDialog.open(),
  onEscape: () => panels.close(),
  onTyping: () => composer.focus(),
});
onClick("join-open", () => roomsDialog.open());
onClick("search-open", () => searchDialog.open());
onClick("you-open", openYou);
onClick("help-open", () => openDialog("help-dialog"));
front.expect(before?.front ?? "");
if (before === undefined && state.wanted === "") you.askName("");
else link.open();
watch({
  ...{ state, account, link },
  onChange: () => {
    // If the user has gone to another tab, a requested animation frame never comes: a timer must do.
    isScheduled = false;
    schedule();
  },
});

/** Takes a frame from the server. */
function hear(frame: Frame): void {
  schedule();
  const { me } = state;
  account.apply(frame, me);
  if (isForDialog(frame)) return;
  const { asks, call } = state.apply(frame);
  for (const asked of asks) ask(asked);
  if (call !== undefined && !notify(call, () => front.choose(call.conversation))) {
    state.complain("Your browser does not allow notifications, so they are off now.");
  }
  switch (frame.type) {
    case "welcome":
      closeDialog("password-dialog");
      presence.welcome(frame);
      break;
    case "password":
      you.askKey();
      break;
    case "renamed":
      if (frame.from === me && presence.renamed()) you.close();
      break;
    case "members":
    case "parted":
      presence.remember();
      break;
    case "rooms":
      roomsDialog.fill(frame.rooms);
      break;
    case "found":
      searchDialog.fill(frame.messages);
  }
  front.lookOut();
}

/** Shows a notice in the open dialog if it belongs there; a refusal shown there is not shown in the log. */
function isForDialog(frame: Frame): boolean {
  if (frame.type !== "notice" && frame.type !== "error" || frame.room !== undefined) return false;
  const { text } = frame, isError = frame.type === "error";
  lastWords = text;
  if (account.isMine) you.registered();
  if (isError && link.state === "joining") you.askKey(text);
  return tellDialog(text, { isError }) && isError;
}

/** The wanted name was refused. */
function onRefused(name: string, refusal: string): void {
  if (isDialogOpen()) return;
  state.takeBack(refusal);
  you.askName(name, refusal);
}

function openYou(): void {
  you.open(state.me, { isRegistered: account.isMine });
}

function ask(asked: Asked): void {
  link.ask(asked);
}

/** Loads further back in the conversation in front, if possible. */
function lookBack(): void {
  const asked = state.askBack(conversations.active);
  if (asked !== undefined) ask(asked);
}

function send(text: string): string | undefined {
  const kept = link.state === "ended" ? undefined : actions.send(text);
  if (kept !== undefined) log.toEnd();
  schedule();
  return kept;
}

/** The names and commands for completion. */
function known() {
  const names = conversations.active.names.filter((name) => !state.isMe(name));
  return { names, commands: COMMANDS.filter((name) => name !== "register" || !account.isMine) };
}

/** Shows the state in the next animation frame. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  if (document.hidden) setTimeout(render, UNSEEN);
  else requestAnimationFrame(render);
}

function render(): void {
  isScheduled = false;
  const { active } = conversations;
  const key = keyOf(active);
  const waiting = link.state === "open"
    ? []
    : link.waiting.filter(({ isTyped, where }) => isTyped && where === key)
      .map(({ shown = "" }) => ({ from: state.me || state.wanted || "you", text: shown }));
  heading.showConversation(active);
  heading.showLink(link.state, lastWords);
  sidebar.show(conversations, state.me);
  composer.show(active);
  log.show(active, { names: state.names, waiting });
  front.lookBack();
  showTitle(conversations.calls, active.title);
}

function onClick(id: string, run: () => void): void {
  part(id, HTMLButtonElement).addEventListener("click", run);
}
