// The client's conversations, and which of them is in front.

import type { Mark } from "../frames.ts";
import { fold } from "./names.ts";
import { Past } from "./past.ts";
import { Conversation } from "./conversation.ts";
import { Room } from "./room.ts";

/** A text that was typed in a conversation and not sent. */
export interface Draft {
  readonly kind: Conversation["kind"];
  readonly name: string;
  readonly text: string;
}

/** The room that everyone is in, and cannot leave. */
const LOBBY = "lobby";
/** Most conversations that are kept, and marks of others; the oldest private one goes first. */
const MOST = 500;

/** All conversations. */
export class Conversations {
  /** How far back private messages are loaded, for all private conversations. */
  readonly privatePast = new Past();
  /** Whether somebody looks at the client. */
  isWatched = true;
  readonly #byKey = new Map<string, Conversation>();
  /** Drafts for rooms that were not entered again yet. */
  readonly #drafts = new Map<string, Draft>();
  /** How far conversations were read that are not there yet, by their keys. */
  readonly #marks = new Map<string, number>();
  readonly lobby = this.roomAt(LOBBY);
  #active: Conversation = this.lobby;

  /** The conversation in front. */
  get active(): Conversation {
    return this.#active;
  }

  /** Whether a conversation is in front, and somebody looks. */
  isSeen(conversation: Conversation): boolean {
    return this.isWatched && conversation === this.#active;
  }

  /** All conversations: the rooms, in the order in which they were entered, then the private ones. */
  get all(): Conversation[] {
    return [...this.rooms, ...this.people];
  }

  get rooms(): Room[] {
    return [...this.#byKey.values()].filter((conversation) => conversation instanceof Room);
  }

  get people(): Conversation[] {
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
      const conversation = draft.kind === "room" ? this.room(draft.name) : this.person(draft.name);
      if (conversation === undefined) this.#drafts.set(keyOf(draft), draft);
      else conversation.draft = draft.text;
    }
  }

  /** How many mentions and private messages the user has not seen. */
  get calls(): number {
    return this.all.reduce((sum, { unread }) => sum + unread.calls, 0);
  }

  room(name: string): Room | undefined {
    const conversation = this.#byKey.get(roomKey(name));
    return conversation instanceof Room ? conversation : undefined;
  }

  /** The room with that name, made if there is none. */
  roomAt(name: string): Room {
    const key = roomKey(name);
    const known = this.room(name);
    if (known !== undefined) return known;
    const room = new Room(name);
    room.draft = this.#drafts.get(key)?.text ?? "";
    this.#drafts.delete(key);
    return this.#add(key, room);
  }

  /** The private conversation with somebody, made if there is none. */
  person(name: string): Conversation {
    const key = personKey(name);
    return this.#byKey.get(key) ??
      this.#add(key, new Conversation({ kind: "person", name, past: this.privatePast }));
  }

  /** The server says how far the user has read a room, or the private talk with somebody. */
  mark({ room, with: person = "", upTo }: Mark): Conversation | undefined {
    const key = room === undefined ? personKey(person) : roomKey(room);
    const conversation = this.#byKey.get(key);
    if (conversation === undefined && this.#marks.size < MOST) this.#marks.set(key, upTo);
    conversation?.readTo(upTo, { isSeen: this.isSeen(conversation) });
    return conversation;
  }

  /** A new session has begun: how far the user has read in it is not known yet. */
  forgetMarks(): void {
    this.#marks.clear();
    for (const conversation of this.all) conversation.forgetMark();
  }

  /** Puts a text that was not sent back into the conversation with this key. */
  giveBack(key: string, text: string): void {
    this.#byKey.get(key)?.giveBack(text);
  }

  #add<Of extends Conversation>(key: string, conversation: Of): Of {
    if (this.#byKey.size >= MOST) this.#closeOne();
    this.#byKey.set(key, conversation);
    const mark = this.#marks.get(key);
    this.#marks.delete(key);
    if (mark !== undefined) conversation.readTo(mark, { isSeen: false });
    return conversation;
  }

  /** The conversation with this key, as `keyOf` makes it. */
  get(key: string): Conversation | undefined {
    return this.#byKey.get(key);
  }

  /** Brings a conversation to the front. */
  show(conversation: Conversation): void {
    if (conversation !== this.#active) this.#active.firstNew = undefined;
    this.#active = conversation;
    conversation.open();
  }

  /** Somebody begins or stops looking at the page. */
  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    if (isWatched) this.#active.open();
  }

  /** Removes a conversation. */
  close(conversation: Conversation): void {
    if (conversation === this.lobby) return;
    this.#byKey.delete(keyOf(conversation));
    if (conversation === this.#active) this.show(this.lobby);
  }

  /** Makes room for another one: strangers begin private ones, and a bad server rooms, as many as they like. */
  #closeOne(): void {
    const isIdle = (each: Conversation) =>
      each !== this.#active && each !== this.lobby && each.draft === "";
    const idle = [...this.people, ...this.rooms].find(isIdle);
    if (idle !== undefined) this.close(idle);
  }

  /** Somebody has another name; if a conversation with that name exists, it stays. */
  rename(from: string, to: string): void {
    const conversation = this.#byKey.get(personKey(from));
    const isBorne = personKey(to) !== personKey(from) && this.#byKey.has(personKey(to));
    if (conversation === undefined || isBorne) return;
    this.#byKey.delete(personKey(from));
    conversation.name = to;
    this.#byKey.set(personKey(to), conversation);
  }
}

/** The key of a conversation. */
export function keyOf({ kind, name }: Pick<Conversation, "kind" | "name">): string {
  return kind === "room" ? roomKey(name) : personKey(name);
}

function roomKey(name: string): string {
  return `#${fold(name.replace(/^#/, ""))}`;
}

function personKey(name: string): string {
  return `@${fold(name)}`;
}
