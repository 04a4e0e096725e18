// The page's conversations: which there are, and which of them is in front and looked at.

import { fold } from "./names.ts";
import { Past } from "./past.ts";
import { Room, Talk } from "./talk.ts";

/** What was typed in a conversation, and not sent. */
export interface Draft {
  readonly kind: Talk["kind"];
  readonly name: string;
  readonly text: string;
}

/** The room that everyone is in, and cannot leave. */
const LOBBY = "lobby";

/** All conversations. */
export class Talks {
  /** How far back private messages are known, whoever they are with. */
  readonly privatePast = new Past();
  /** Whether the one in front is being looked at. */
  isWatched = true;
  readonly #byKey = new Map<string, Talk>();
  /** Those of rooms that are not entered again yet. */
  readonly #drafts = new Map<string, Draft>();
  readonly lobby = this.roomAt(LOBBY);
  #active: Talk = this.lobby;

  /** The one in front. */
  get active(): Talk {
    return this.#active;
  }

  /** Whether one is in front, and looked at. */
  isSeen(talk: Talk): boolean {
    return this.isWatched && talk === this.#active;
  }

  /** All of them: the rooms, in the order in which they were entered, and the private ones. */
  get all(): Talk[] {
    return [...this.rooms, ...this.people];
  }

  get rooms(): Room[] {
    return [...this.#byKey.values()].filter((talk) => talk instanceof Room);
  }

  get people(): Talk[] {
    return [...this.#byKey.values()].filter(({ kind }) => kind === "person");
  }

  /** What was typed in them. */
  get drafts(): Draft[] {
    const typed = this.all.map(({ kind, name, draft: text }) => ({ kind, name, text }));
    return [...typed.filter(({ text }) => text !== ""), ...this.#drafts.values()];
  }

  /** Has what was typed stand where it was; a private conversation may have begun with it. */
  restore(drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      const talk = draft.kind === "room" ? this.room(draft.name) : this.person(draft.name);
      if (talk === undefined) this.#drafts.set(keyOf(draft), draft);
      else talk.draft = draft.text;
    }
  }

  /** How often the page's person was called and has not looked. */
  get calls(): number {
    return this.all.reduce((sum, { unread }) => sum + unread.calls, 0);
  }

  room(name: string): Room | undefined {
    const talk = this.#byKey.get(roomKey(name));
    return talk instanceof Room ? talk : undefined;
  }

  /** The room of that name, made if need be. */
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

  /** The private conversation with somebody, begun if need be. */
  person(name: string): Talk {
    const talk = this.#byKey.get(personKey(name)) ??
      new Talk({ kind: "person", name, past: this.privatePast });
    this.#byKey.set(personKey(name), talk);
    return talk;
  }

  /** The one with this key, as `keyOf` has it. */
  get(key: string): Talk | undefined {
    return this.#byKey.get(key);
  }

  /** Brings one to the front. */
  show(talk: Talk): void {
    if (talk !== this.#active) this.#active.firstNew = undefined;
    this.#active = talk;
    talk.open();
  }

  /** The page is looked at, or not. */
  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    if (isWatched) this.#active.open();
  }

  /** Lets go of one. */
  close(talk: Talk): void {
    if (talk === this.lobby) return;
    this.#byKey.delete(keyOf(talk));
    if (talk === this.#active) this.show(this.lobby);
  }

  /** Somebody has another name; who bears that already keeps their conversation. */
  rename(from: string, to: string): void {
    const talk = this.#byKey.get(personKey(from));
    const isBorne = personKey(to) !== personKey(from) && this.#byKey.has(personKey(to));
    if (talk === undefined || isBorne) return;
    this.#byKey.delete(personKey(from));
    talk.name = to;
    this.#byKey.set(personKey(to), talk);
  }
}

/** By what a conversation is found again. */
export function keyOf({ kind, name }: Pick<Talk, "kind" | "name">): string {
  return kind === "room" ? roomKey(name) : personKey(name);
}

function roomKey(name: string): string {
  return `#${fold(name.replace(/^#/, ""))}`;
}

function personKey(name: string): string {
  return `@${fold(name)}`;
}
