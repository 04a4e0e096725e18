// The page's conversations, and which of them is in front.

import { fold } from "./names.ts";
import { Past } from "./past.ts";
import { Room, Talk } from "./talk.ts";

/** A text that was typed in a conversation and not sent. */
export interface Draft {
  readonly kind: Talk["kind"];
  readonly name: string;
  readonly text: string;
}

/** The room that everyone is in, and cannot leave. */
const LOBBY = "lobby";

/** All conversations. */
export class Talks {
  /** How far back private messages are loaded, for all private conversations. */
  readonly privatePast = new Past();
  /** Whether somebody looks at the page. */
  isWatched = true;
  readonly #byKey = new Map<string, Talk>();
  /** Drafts for rooms that were not entered again yet. */
  readonly #drafts = new Map<string, Draft>();
  readonly lobby = this.roomAt(LOBBY);
  #active: Talk = this.lobby;

  /** The conversation in front. */
  get active(): Talk {
    return this.#active;
  }

  /** Whether a conversation is in front, and somebody looks. */
  isSeen(talk: Talk): boolean {
    return this.isWatched && talk === this.#active;
  }

  /** All conversations: the rooms, in the order in which they were entered, then the private ones. */
  get all(): Talk[] {
    return [...this.rooms, ...this.people];
  }

  get rooms(): Room[] {
    return [...this.#byKey.values()].filter((talk) => talk instanceof Room);
  }

  get people(): Talk[] {
    return [...this.#byKey.values()].filter(({ kind }) => kind === "person");
  }

  /** All drafts. */
  get drafts(): Draft[] {
    const typed = this.all.map(({ kind, name, draft: text }) => ({ kind, name, text }));
    return [...typed.filter(({ text }) => text !== ""), ...this.#drafts.values()];
  }

  /** Puts drafts back; this may begin a private conversation. */
  restore(drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      const talk = draft.kind === "room" ? this.room(draft.name) : this.person(draft.name);
      if (talk === undefined) this.#drafts.set(keyOf(draft), draft);
      else talk.draft = draft.text;
    }
  }

  /** How many mentions and private messages the user has not seen. */
  get calls(): number {
    return this.all.reduce((sum, { unread }) => sum + unread.calls, 0);
  }

  room(name: string): Room | undefined {
    const talk = this.#byKey.get(roomKey(name));
    return talk instanceof Room ? talk : undefined;
  }

  /** The room with that name, made if there is none. */
  roomAt(name: string): Room {
    const key = roomKey(name);
    const known = this.room(name);
    if (known !== undefined) return known;
    const room = new Room(name);
    room.draft = this.#drafts.get(key)?.text ?? "";
    this.#drafts.delete(key);
    this.#byKey.set(key, room);
    return room;
  }

  /** The private conversation with somebody, made if there is none. */
  person(name: string): Talk {
    const talk = this.#byKey.get(personKey(name)) ??
      new Talk({ kind: "person", name, past: this.privatePast });
    this.#byKey.set(personKey(name), talk);
    return talk;
  }

  /** The conversation with this key, as `keyOf` makes it. */
  get(key: string): Talk | undefined {
    return this.#byKey.get(key);
  }

  /** Brings a conversation to the front. */
  show(talk: Talk): void {
    if (talk !== this.#active) this.#active.firstNew = undefined;
    this.#active = talk;
    talk.open();
  }

  /** Somebody begins or stops looking at the page. */
  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    if (isWatched) this.#active.open();
  }

  /** Removes a conversation. */
  close(talk: Talk): void {
    if (talk === this.lobby) return;
    this.#byKey.delete(keyOf(talk));
    if (talk === this.#active) this.show(this.lobby);
  }

  /** Somebody has another name; if a conversation with that name exists, it stays. */
  rename(from: string, to: string): void {
    const talk = this.#byKey.get(personKey(from));
    const isBorne = personKey(to) !== personKey(from) && this.#byKey.has(personKey(to));
    if (talk === undefined || isBorne) return;
    this.#byKey.delete(personKey(from));
    talk.name = to;
    this.#byKey.set(personKey(to), talk);
  }
}

/** The key of a conversation. */
export function keyOf({ kind, name }: Pick<Talk, "kind" | "name">): string {
  return kind === "room" ? roomKey(name) : personKey(name);
}

function roomKey(name: string): string {
  return `#${fold(name.replace(/^#/, ""))}`;
}

function personKey(name: string): string {
  return `@${fold(name)}`;
}
