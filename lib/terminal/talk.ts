// A session at a terminal with a server that speaks JSON: keys change the line that is typed, and whatever
// changes is drawn.

import type { Call } from "../client/state/state.ts";
import type { Conversation } from "../client/state/conversation.ts";
import { Room } from "../client/state/room.ts";
import { complete, sharedStart } from "./complete.ts";
import { Editor } from "./editor.ts";
import { readKeys } from "./keyboard.ts";
import { type Key, PASTE_OFF, PASTE_ON } from "./keys.ts";
import { isMention, type Look } from "./paint.ts";
import type { Session } from "./session.ts";
import { takeTerminal, TERMINAL } from "./terminal.ts";
import { type Picture, View } from "./view.ts";

/** Milliseconds between two rings of the bell. */
const QUIET = 5000;
/** Most names of people who have spoken that Tab completes. */
const MOST_NAMES = 500;

/** What the user sees of a session. */
export class Talk {
  readonly #session: Session;
  readonly #line = new Editor();
  /** Where the server password is typed: nothing of it is ever said. */
  readonly #secret = new Editor();
  readonly #view: View;
  #isBegun = false;
  #isDue = false;
  #rungAt = -Infinity;
  #heard = 0;

  constructor(session: Session, colours: Look["colours"]) {
    this.#session = session;
    this.#view = new View(TERMINAL, colours);
  }

  /** Something has changed; maybe something that calls the user. */
  changed(call?: Call): void {
    if (call !== undefined || this.#isCalled()) this.#ring();
    if (!this.#session.isAsked) this.#secret.set("");
    if (!this.#isBegun || this.#isDue) return;
    // What comes together is drawn once.
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.#isBegun) this.#view.draw(this.#picture);
    });
  }

  /** Talks until the user leaves; `exit` ends the process. Throws a `StartError` if the server ends it. */
  async run(exit: (code: number) => void): Promise<void> {
    const session = this.#session;
    const giveBack = takeTerminal({
      resized: () => this.changed(),
      leave: () => {
        this.#isBegun = false;
        TERMINAL.write(PASTE_OFF);
        this.#view.end();
        for (const { shown } of session.unsent) TERMINAL.write(`*** Not sent: ${shown}\r\n`);
      },
      exit,
    });
    try {
      this.#view.begin();
      TERMINAL.write(PASTE_ON);
      this.#isBegun = true;
      this.changed();
      const press = (key: Key) => this.#press(key);
      void readKeys({ press, changed: () => this.changed() }).then(() => session.leave());
      await session.over;
    } finally {
      giveBack();
    }
    if (session.lastWords !== "") TERMINAL.write(`*** ${session.lastWords}\n`);
  }

  /** Where keys go. */
  get #editor(): Editor {
    return this.#session.isAsked ? this.#secret : this.#line;
  }

  get #picture(): Picture {
    const { state, waiting, isAsked } = this.#session;
    const { active } = state.conversations;
    active.isScrolledUp = this.#view.isScrolledUp;
    // A private message that was refused comes back.
    if (active.draft !== "" && this.#line.line === "") {
      this.#line.set(active.draft);
      active.draft = "";
    }
    const prompt = isAsked ? "password> " : `${active.title}> `;
    return {
      entries: active.entries,
      firstNew: active.firstNew,
      waiting,
      status: this.#status,
      input: this.#editor.input(prompt, { isHidden: isAsked }),
      self: state.me,
    };
  }

  /** The status line: the user's name, the conversation, and the others with what is unread in them. */
  get #status(): string {
    const { state, link } = this.#session;
    const { conversations, me } = state, { active, all } = conversations;
    const lost = link.isLost ? ["Connection lost: trying again."] : [];
    const others = all.map((conversation, index) => {
      const { unread } = conversation;
      const count = unread.all === 0 ? "" : ` (${unread.all}${unread.calls > 0 ? "!" : ""})`;
      return {
        conversation,
        unread: unread.all,
        text: `${index + 1}:${conversation.title}${count}`,
      };
    }).filter(({ conversation }) => conversation !== active);
    // In a narrow window, what is unread comes first.
    others.sort((one, other) => Number(other.unread > 0) - Number(one.unread > 0));
    return [
      ...lost,
      `[${me || "…"}]`,
      ...this.#view.isScrolledUp ? ["(scrolled up)"] : [],
      // Whoever is not in yet has not been told who is.
      ...me === "" ? [] : [aboutOf(active)],
      ...others.length > 0 ? ["|"] : [],
      ...others.map(({ text }) => text),
    ].join(" ");
  }

  #press(key: Key): void {
    const { conversations, me } = this.#session.state;
    const { active } = conversations;
    const pressed = this.#editor.press(key);
    if (pressed === undefined) return;
    if (pressed.kind === "entered") {
      if (pressed.text.trim() === "") return;
      this.#view.toEnd();
      const kept = this.#session.say(pressed.text);
      // It may be made shorter, or sent later.
      return kept === undefined ? this.#editor.set(pressed.text) : this.#editor.remember(kept);
    }
    const { name } = pressed;
    if (name === "leave") this.#session.leave();
    else if (name === "tab") this.#complete(active, me);
    else if (name === "ctrl-l") this.#view.clear();
    else if (name === "pagedown") this.#view.pageDown(this.#picture);
    else if (name === "pageup") {
      // The next key may have come already.
      if (this.#view.pageUp()) this.#view.draw(this.#picture);
      else this.#session.lookBack();
    } else if (/^alt-[1-9]$/.test(name)) {
      this.#view.toEnd();
      this.#session.choose(Number(name.slice(-1)));
    }
  }

  #complete(active: Conversation, me: string): void {
    const editor = this.#editor, { line, cursor } = editor;
    const before = line.slice(0, cursor);
    const speakers = active.entries.slice(-MOST_NAMES).map(({ from }) => from);
    const known = new Set([...active.names, ...speakers]);
    const names = [...known].filter((name) => name !== "" && name !== me);
    const { word, choices } = complete(before, names);
    const shared = sharedStart(choices);
    if (shared.length > word.length || choices.length === 1) {
      const head = before.slice(0, before.length - word.length) + shared;
      return editor.set(head + line.slice(cursor), head.length);
    }
    const list = choices.map((choice) => choice.replace(/:? $/, "")).join("  ");
    if (choices.length > 1) this.#session.remark(list);
  }

  /** Whether something new in the conversation in front calls the user. */
  #isCalled(): boolean {
    const { conversations, me } = this.#session.state;
    const newest = conversations.active.newest;
    const isNew = newest?.id !== undefined && newest.id > this.#heard;
    this.#heard = Math.max(this.#heard, newest?.id ?? 0);
    return isNew && !newest.isEarlier && !newest.isMine && isMention(newest, me);
  }

  #ring(): void {
    const now = performance.now();
    if (!this.#isBegun || now - this.#rungAt <= QUIET) return;
    this.#rungAt = now;
    this.#view.ring();
  }
}

function aboutOf(conversation: Conversation): string {
  if (!(conversation instanceof Room)) {
    const { presence = "here" } = conversation;
    return presence === "here"
      ? `${conversation.title}, private`
      : `${conversation.title}, ${presence}`;
  }
  const { title, size, topic, isLocked } = conversation;
  return `${title}${isLocked ? " (locked)" : ""}, ${size} here${topic === "" ? "" : `: ${topic}`}`;
}
