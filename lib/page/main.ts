/// <reference lib="dom" />
// The page: the link to the server, the state, and the views that show it. It flows one way: a frame changes
// the state, and the state is shown.

import type { Asked } from "../client/frames.ts";
import { Actions } from "../client/actions.ts";
import { Front } from "./front.ts";
import { Hearing } from "./hearing.ts";
import { CLOCK } from "../client/clock.ts";
import { Link } from "../client/link/link.ts";
import { Presence } from "../client/presence.ts";
import { Reading } from "../client/reading.ts";
import { browserSecret, lastVisit, rememberVisit, takeDrafts, takeSession } from "./remembered.ts";
import { Showing } from "./showing.ts";
import { askBack } from "../client/state/asks.ts";
import { Account } from "../client/state/account.ts";
import { State } from "../client/state/state.ts";
import { COMMANDS, quote } from "../client/typing/typed.ts";
import { Composer } from "./view/composer.ts";
import { closeDialog, openDialog, wireDialogs } from "./view/dialogs.ts";
import { part } from "./view/dom.ts";
import { wireDrops } from "./view/drops.ts";
import { Heading } from "./view/heading.ts";
import { wireKeys } from "./view/keys.ts";
import { Log } from "./view/log.ts";
import { Menu } from "./view/menu.ts";
import { Panels } from "./view/panels.ts";
import { RoomsDialog } from "./view/rooms_dialog.ts";
import { SearchDialog } from "./view/search_dialog.ts";
import { Sidebar } from "./view/sidebar.ts";
import { showTheme, YouDialogs } from "./view/you_dialogs.ts";
import { watch } from "./watching.ts";

showTheme();
const before = takeSession();
const state = new State();
state.remember(before?.names ?? []);
const { conversations } = state;
conversations.restore(takeDrafts());
const account = new Account(before?.isRegistered ?? false);

const link: Link = new Link({
  ...CLOCK,
  open: () => new WebSocket(new URL("ws", location.href.replace(/^http/, "ws"))),
  claim: () => presence.claimed,
  browser: browserSecret(),
  onFrame: (frame) => {
    hearing.hear(frame);
    schedule();
  },
  onChange: schedule,
  onHeeded: (request, refusal) => {
    const { asked, isSecret } = request;
    account.handled(asked, { isSecret, refusal });
    if (refusal !== undefined) actions.refused(request);
  },
  onRefused: (name, refusal) => presence.refused(name, refusal),
  saved: before,
});
const presence = new Presence({
  ...{ account, state, link, token: before?.token },
  visits: { last: lastVisit, remember: rememberVisit },
  onRefused: (name, refusal) => hearing.refused(name, refusal),
});
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
  lastOwn: (conversation) => state.lastOwn(conversation, Date.now()),
  checkEdit: ({ id = 0 }, text) => actions.problemOfEdit(id, text),
  onEdit: (entry, text) => actions.edit(entry, text),
  known,
  onPage: (pages) => log.scroll(pages),
});
new Menu({
  entryOf: (element) => log.entryOf(element),
  mayChange: (entry) => state.mayChange(entry, Date.now()),
  onReply: (entry) => composer.quote(quote(entry)),
  onEdit: (entry) => composer.edit(entry),
  onDelete: (entry) => actions.takeBack(entry),
  onSelected: () => {
    state.complain("Your browser does not let the page copy: press Ctrl-C, the text is selected.");
    schedule();
  },
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
const hearing = new Hearing({
  ...{ state, account, link, presence, front, roomsDialog, searchDialog, you, ask },
});
const showing = new Showing({
  ...{ state, link, presence, front, heading, sidebar, composer, log },
  lastWords: () => hearing.lastWords,
});
const reading = new Reading({ ...CLOCK, conversations, link });

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
    reading.look();
    showing.reschedule();
  },
  onLeave: () => reading.tell(),
});

function openYou(): void {
  you.open(state.me, { isRegistered: account.isMine });
}

function ask(asked: Asked): void {
  link.ask(asked);
}

/** Loads further back in the conversation in front, if possible. */
function lookBack(): void {
  const asked = askBack(conversations.active);
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

/** The state has changed. */
function schedule(): void {
  reading.look();
  showing.schedule();
}

function onClick(id: string, run: () => void): void {
  part(id, HTMLButtonElement).addEventListener("click", run);
}
