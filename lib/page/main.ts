/// <reference lib="dom" />
// The page: a link to the server, what is known through it, and the parts that show it. What happens goes
// one way: a frame changes the state, and the state is shown.

import type { Asked, Frame } from "./frames.ts";
import { Actions } from "./actions.ts";
import { notify, showTitle } from "./view/attention.ts";
import { Composer } from "./view/composer.ts";
import { closeDialog, isDialogOpen, openDialog, tellDialog, wireDialogs } from "./view/dialogs.ts";
import { part } from "./view/dom.ts";
import { Heading } from "./view/heading.ts";
import { wireKeys } from "./view/keys.ts";
import { Link } from "./link/link.ts";
import { Log } from "./view/log.ts";
import { Front } from "./front.ts";
import { fold } from "./state/names.ts";
import { Panels } from "./view/panels.ts";
import { Presence } from "./presence.ts";
import { leaveSession, takeSession } from "./remembered.ts";
import { RoomsDialog } from "./view/rooms_dialog.ts";
import { SearchDialog } from "./view/search_dialog.ts";
import { Sidebar } from "./view/sidebar.ts";
import { State } from "./state/state.ts";
import { Room } from "./state/talk.ts";
import { keyOf } from "./state/talks.ts";
import { showTheme, YouDialogs } from "./view/you_dialogs.ts";

/** Milliseconds by which a page that nobody sees may be behind. */
const UNSEEN = 250;

showTheme();
const before = takeSession();
const state = new State();
state.remember(before?.names ?? []);
const { talks } = state;
/** What the server said last: when it ends the link, that is why. */
let lastWords = "";
let isScheduled = false;

const link = new Link({
  open: () => new WebSocket(new URL("/ws", location.href.replace(/^http/, "ws"))),
  onFrame: hear,
  onChange: schedule,
  saved: before,
  now: () => performance.now(),
  later: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  chance: () => Math.random(),
});
const presence = new Presence({ state, link, token: before?.token, onRefused });
const claim = (name: string, password = "") => {
  presence.claim(name, password);
  if (link.state === "idle") link.open();
};
const log = new Log(lookBack);
const panels = new Panels();
const type = () => {
  // Where a finger chose, the keyboard would come up and hide what was chosen.
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
  show: (talk) => front.choose(talk),
  expect: (key) => front.expect(key),
  giveUp: (key) => front.giveUp(key),
  claim,
  openRooms: () => roomsDialog.open(),
});
const sidebar = new Sidebar({
  onTalk: (key) => front.choose(talks.get(key)),
  onMember: (name) => front.choose(talks.person(name)),
});
const heading = new Heading({
  onLeave: () => {
    actions.leave(talks.active);
    schedule();
  },
  onRetry: () => link.state === "joining" ? you.askKey() : link.open(),
});
const composer = new Composer({
  check: (text) => actions.problem(text),
  onSend: send,
  names,
  onPage: (pages) => log.scroll(pages),
});
const roomsDialog = new RoomsDialog({
  ask: () => link.ask({ type: "command", name: "rooms", text: "" }),
  onRoom: (name) => {
    roomsDialog.close();
    panels.close();
    type();
    actions.join(name);
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
  onGuest: () => link.state === "idle" && link.open(),
  onKey: (key) => link.unlock(key),
  onRegister: (password) => {
    link.ask({ type: "command", name: "register", text: password }, { isSecret: true });
  },
});

wireDialogs(type);
wireKeys({
  onStep: (step) => front.step(step),
  onRooms: () => roomsDialog.open(),
  onEscape: () => panels.close(),
  onTyping: () => composer.focus(),
});
onClick("join-open", () => roomsDialog.open());
onClick("search-open", () => searchDialog.open());
onClick("you-open", () => you.open(state.me));
onClick("help-open", () => openDialog("help-dialog"));
for (const event of ["focus", "blur", "visibilitychange"]) addEventListener(event, watch);
addEventListener("online", () => link.check());
addEventListener("pagehide", leave);
addEventListener("pageshow", takeSession);
front.expect(before?.front ?? "");
if (before === undefined && state.wanted === "") you.askName("");
else link.open();
schedule();
watch();

/** Takes in what the server says. */
function hear(frame: Frame): void {
  const { me } = state;
  const { asks, call } = state.apply(frame);
  for (const asked of asks) ask(asked);
  if (call !== undefined) notify(call, () => front.choose(call.talk));
  switch (frame.type) {
    case "welcome":
      closeDialog("door-dialog");
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
      break;
    case "notice":
    case "error":
      if (frame.room === undefined) heed(frame.text, { isError: frame.type === "error" });
  }
  front.lookOut();
  schedule();
}

/** Takes in what the server says to this page alone, in words. */
function heed(text: string, { isError }: { isError: boolean }): void {
  lastWords = text;
  if (isError && link.state === "joining") you.askKey(text);
  else tellDialog(text, { isError });
}

/** The name that was asked for cannot be had. */
function onRefused(name: string, refusal: string): void {
  if (!isDialogOpen()) you.askName(name, refusal);
}

function ask(asked: Asked): void {
  link.ask(asked);
}

/** Further back in the talk in front, if that is possible. */
function lookBack(): void {
  const asked = state.askBack(talks.active);
  if (asked !== undefined) ask(asked);
}

function send(text: string): string | undefined {
  const kept = link.state === "ended" ? undefined : actions.send(text);
  if (kept !== undefined) log.toEnd();
  schedule();
  return kept;
}

/** Whom one may want to name. */
function names(): string[] {
  const { active } = talks;
  const all = active instanceof Room ? [...active.members.keys()] : [active.name];
  return all.filter((name) => fold(name) !== fold(state.me));
}

/** Somebody looks at the page, or does not any more. */
function watch(): void {
  talks.watch(!document.hidden && document.hasFocus());
  if (document.hidden) {
    leave();
  } else {
    takeSession();
  }
  if (talks.isWatched) link.check();
  // A picture that was to come does not, for who has gone to another tab: a timer has to do.
  isScheduled = false;
  schedule();
}

/** The page may be gone at any time from now on. */
function leave(): void {
  const { saved } = link;
  if (saved === undefined) return;
  leaveSession({ ...saved, names: state.mine, front: keyOf(talks.active) });
}

/** Has everything shown as it is, with the next picture. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  if (document.hidden) setTimeout(render, UNSEEN);
  else requestAnimationFrame(render);
}

function render(): void {
  isScheduled = false;
  const { active } = talks;
  const key = keyOf(active);
  const waiting = link.state === "open"
    ? []
    : link.waiting.filter(({ isTyped, where }) => isTyped && where === key);
  heading.showTalk(active);
  heading.showLink(link.state, lastWords);
  sidebar.show(talks, state.me);
  composer.show(active);
  log.show(active, { names: state.names, waiting: waiting.map(({ shown = "" }) => shown) });
  front.lookBack();
  showTitle(talks.calls, active.title);
}

function onClick(id: string, run: () => void): void {
  part(id, HTMLButtonElement).addEventListener("click", run);
}
