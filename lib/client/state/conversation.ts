// One conversation: of a room (room.ts), or private with a person. Entries are in the order in which they are shown,
// without duplicates, and no more than a reader can look through.

import type { Presence } from "../frames.ts";
import type { Entry } from "./entry.ts";
import { fold } from "./names.ts";
import { Past } from "./past.ts";

/** Most entries that are kept; and while the reader looks back. */
export const MOST = 1000, MOST_BACK = 5000;

/** What changes of an entry when its message does. */
type Mended = Pick<Entry, "text" | "isEdited" | "gone">;

/** A conversation. */
export class Conversation {
  readonly kind: "room" | "person";
  name: string;
  readonly past: Past;
  entries: Entry[] = [];
  /** The text that was typed and not sent. */
  draft = "";
  /** Whether the reader has scrolled up; and whether a message further back is sought. */
  isScrolledUp = false;
  isSearched = false;
  /** Of a private talk: whether the other one is here, as far as the client was told. */
  presence: Presence | undefined;
  /** The first entry that was unread when the reader last came: the "new" line is above it. */
  firstNew: Entry | undefined;
  #read: Entry | undefined;
  /** Up to which message the user has read: as the server has it, and as far as they have seen it here. */
  #mark: number | undefined;
  #seen: number | undefined;
  /** The texts in the draft that came back. */
  #back = "";
  readonly #known = new Set<string>();

  constructor(
    { kind, name, past = new Past() }: { kind: "room" | "person"; name: string; past?: Past },
  ) {
    this.kind = kind;
    this.name = name;
    this.past = past;
  }

  /** The title, as the heading shows it. */
  get title(): string {
    return this.kind === "room" ? `#${this.name}` : this.name;
  }

  /** The names of those in it, sorted; the user may be among them. */
  get names(): string[] {
    return [this.name];
  }

  /** The last message. */
  get newest(): Entry | undefined {
    return this.entries.findLast(({ id }) => id !== undefined);
  }

  /** Whether no more of the past can be loaded. */
  get isFull(): boolean {
    return this.entries.length >= MOST_BACK;
  }

  /** How many messages of others are unread, and how many of them are mentions. */
  get unread(): { all: number; calls: number } {
    let all = 0, calls = 0;
    for (let at = this.entries.length - 1; at >= 0; at--) {
      const entry = this.entries[at];
      if (entry === undefined || entry === this.#read) break;
      if (!isWorthReading(entry)) continue;
      all++;
      if (entry.isMention || entry.kind === "private") calls++;
    }
    return { all, calls };
  }

  /** Marks everything so far as read. */
  markRead(): void {
    this.#read = this.entries.at(-1);
    this.#seen = this.newest?.id ?? this.#seen;
  }

  /** Up to which message the user has read here, if the server does not know that yet. */
  get unreported(): number | undefined {
    return (this.#seen ?? 0) > (this.#mark ?? 0) ? this.#seen : undefined;
  }

  /** The server knows up to which message the user has read, here or elsewhere. */
  readTo(upTo: number, { isSeen }: { isSeen: boolean }): void {
    const isFirst = this.#mark === undefined;
    if (!isFirst && upTo <= this.#mark!) return;
    this.#mark = upTo;
    // What came before the mark did has been seen, and is new all the same.
    if (isSeen && isFirst) this.firstNew ??= this.#unreadAfter(upTo);
    if (isSeen) return;
    this.#settle();
    this.firstNew = this.#unreadAfter(Math.max(upTo, this.#seen ?? 0));
  }

  /** A new session has begun, in which numbers may have begun anew. */
  forgetMark(): void {
    this.#mark = this.#seen = undefined;
  }

  /** Whether there may be unread messages that are not loaded. */
  get lacksUnread(): boolean {
    if (this.#mark === undefined || this.entries.length >= MOST) return false;
    const oldest = this.entries.find(({ id }) => id !== undefined)?.id ?? Infinity;
    return oldest > this.#mark + 1 && !this.past.isAsked && this.past.older !== undefined;
  }

  /** Puts a text that was not sent before the draft, after others that came back. */
  giveBack(text: string): void {
    const { draft } = this, back = this.#back;
    const isThere = back !== "" && (draft === back || draft.startsWith(`${back}\n`));
    const rest = isThere ? draft.slice(back.length + 1) : draft;
    this.#back = isThere ? `${back}\n${text}` : text;
    this.draft = rest === "" ? this.#back : `${this.#back}\n${rest}`;
  }

  /** The reader comes: puts the "new" line where they left, and marks everything as read. */
  open(): void {
    const { all } = this.unread;
    const unread = this.entries.filter(isWorthReading);
    if (all > 0) this.firstNew ??= unread.at(-all);
    this.markRead();
  }

  /**
   * Adds a new entry, which may be read as it comes; false if it was known.
   */
  add(entry: Entry, { isSeen }: { isSeen: boolean }): boolean {
    if (!this.#learn(entry)) return false;
    if (entry.isMine) this.firstNew = undefined;
    // It may have been read on another device.
    const isRead = isSeen || entry.id !== undefined && entry.id <= (this.#mark ?? 0);
    if (!isRead && !entry.isMine && isWorthReading(entry) && this.unread.all === 0) {
      this.firstNew = entry;
    }
    this.entries.push(entry);
    if (isSeen) this.markRead();
    else if (isRead) this.#settle();
    this.#trim();
    return true;
  }

  /**
   * Puts earlier messages, oldest first, in their places; returns whether any was known. Messages from before
   * `since`, which nobody could have read here, are not new.
   */
  merge(entries: readonly Entry[], { since }: { since: number }): boolean {
    const first = this.entries.find(({ id }) => id !== undefined);
    let hasKnown = false;
    for (const entry of entries) {
      if (this.#learn(entry)) {
        this.#insert(entry);
        continue;
      }
      hasKnown = true;
      // It may have been edited or taken back meanwhile.
      const { text, isEdited, gone } = entry;
      this.mend(entry, { text, isEdited, gone });
    }
    if (this.#mark !== undefined) {
      this.#settle();
    } else if (first === undefined || this.#read === undefined) {
      const end = first === undefined ? this.entries.length : this.entries.indexOf(first);
      this.#read = this.entries.slice(0, end).findLast(({ at }) => at <= since);
    }
    this.#trim();
    return hasKnown;
  }

  /** The user turns out to be who has this name, here or on another device. */
  claim(name: string): void {
    for (const entry of this.entries) if (fold(entry.from) === fold(name)) entry.isMine = true;
    if (this.firstNew?.isMine) this.firstNew = this.#unreadAfter(this.firstNew.id ?? Infinity);
  }

  /** Changes a message, if it is here; returns it. */
  mend({ id, from }: Pick<Entry, "id" | "from">, change: Mended): Entry | undefined {
    // A server that keeps nothing begins its numbers anew: the last one is meant.
    const entry = this.entries.findLast((each) => each.id === id && each.from === from);
    return entry && Object.assign(entry, change);
  }

  /** Removes an entry that belongs elsewhere. */
  remove(entry: Entry): void {
    const at = this.entries.indexOf(entry);
    if (at === -1) return;
    this.entries.splice(at, 1);
    if (this.#read === entry) this.#read = this.entries[at - 1];
  }

  /** Puts the end of what was read where the user has read to. */
  #settle(): void {
    const upTo = Math.max(this.#mark ?? 0, this.#seen ?? 0);
    this.#read = this.entries.findLast(({ id }) => id !== undefined && id <= upTo);
  }

  /** The first entry after a message that can be unread. */
  #unreadAfter(upTo: number): Entry | undefined {
    return this.entries.find((entry) => (entry.id ?? 0) > upTo && isWorthReading(entry));
  }

  #insert(entry: Entry): void {
    const before = this.entries.findLastIndex((other) => !isLater(other, entry));
    this.entries.splice(before + 1, 0, entry);
  }

  #learn(entry: Entry): boolean {
    if (entry.id === undefined) return true;
    const size = this.#known.size;
    return this.#known.add(mark(entry)).size > size;
  }

  #trim(): void {
    const most = this.isScrolledUp || this.isSearched ? MOST_BACK : MOST;
    if (this.entries.length <= most) return;
    for (const gone of this.entries.splice(0, this.entries.length - most)) {
      this.#known.delete(mark(gone));
    }
    const first = this.entries.find(({ id }) => id !== undefined);
    if (first?.id !== undefined) this.past.letGo(first.id);
  }
}

/**
 * Identifies a message. A server that keeps nothing begins its numbers anew with each start, but never at the
 * same time.
 */
function mark({ id, at }: Entry): string {
  return `${id} ${at}`;
}

function isLater(entry: Entry, than: Entry): boolean {
  return entry.at > than.at || entry.at === than.at && (entry.id ?? 0) > (than.id ?? 0);
}

function isWorthReading({ kind, isMine, gone }: Entry): boolean {
  return !isMine && gone === undefined && kind !== "notice" && kind !== "error";
}
