// Records that wait for the disk, in bounded memory. Messages wait in order; of other records only the last
// one of each room, account, ban and so on.

import type { Message } from "../chat/message.ts";
import { theirs } from "../chat/forgotten.ts";
import type { Forgotten, Record, SavedRoom } from "../chat/history.ts";
import { keyOf as placeKey } from "../chat/kept.ts";

/** Messages that were lost: those with numbers after `after`, from one time to another (epoch ms). */
export interface Gap {
  readonly after: number;
  readonly count: number;
  readonly since: number;
  readonly until: number;
}

/** Most bytes that may wait, about: of messages, and of the rest; and a record's bytes besides its text. */
const MOST_WAITING = 16 * 1024 * 1024, OVERHEAD = 200;

/** What was dropped because too much waits. */
export interface Lost {
  readonly messages: number;
  readonly changes: number;
}

/** Waiting records, and the gap after the messages among them. */
export class RetryBuffer {
  #said: Record[] = [];
  #size = 0;
  /** Records other than messages, by what they are about. */
  readonly #changes = new Map<string, Record>();
  #sizeOfChanges = 0;
  #gap: Gap | undefined;
  #lastId = 0;

  /** Whether no records wait. */
  get isEmpty(): boolean {
    return this.count === 0 && this.#gap === undefined;
  }

  /** How many records there are. */
  get count(): number {
    return this.#changes.size + this.#said.length;
  }

  /** How many messages are among them. */
  get messages(): number {
    return this.#said.length;
  }

  /** The messages that were dropped. */
  get gap(): Gap | undefined {
    return this.#gap;
  }

  /** The waiting messages, in order. */
  said(): Record[] {
    return this.#said;
  }

  /** The first records, at most `count`: messages come last, in order. */
  first(count: number): Record[] {
    const changes = this.#changes.values().take(count).toArray();
    return [...changes, ...this.#said.slice(0, count - changes.length)];
  }

  /** Adds records; returns how many were dropped. */
  push(records: readonly Record[]): Lost {
    let messages = 0, changes = 0;
    for (const record of records) {
      if (record.kind === "mended" && this.#mend(record.message)) continue;
      if (record.kind !== "said") {
        if (!this.#change(record)) changes++;
        continue;
      }
      const { id, at } = record.message;
      // Once there is a gap, all later messages fall into it: so there is one gap, with a known start.
      if (this.#gap !== undefined || this.#size > MOST_WAITING) {
        const { after = this.#lastId || id - 1, count = 0, since = at } = this.#gap ?? {};
        this.#gap = { after, count: count + 1, since, until: at };
        messages++;
        continue;
      }
      this.#lastId = id;
      this.#size += sizeOf(record);
      this.#said.push(record);
    }
    return { messages, changes };
  }

  /** Removes the first records, which were written; and the gap, if they were all. */
  written(records: readonly Record[]): void {
    let said = 0;
    for (const record of records) {
      if (record.kind === "said") said++;
      else this.#drop(keyOf(record));
    }
    for (const record of this.#said.splice(0, said)) this.#size -= sizeOf(record);
    if (this.count === 0) this.#gap = undefined;
  }

  /** What waits for a room: its new state, or that it is gone; undefined if nothing does. */
  room(id: number): SavedRoom | "gone" | undefined {
    if (this.#changes.get(`room left ${id}`)?.kind === "room gone") return "gone";
    const record = this.#changes.get(`room ${id}`);
    return record?.kind === "room" ? record.room : undefined;
  }

  /** Drops the messages by and to somebody, up to a number. */
  forget(whom: Forgotten, upTo?: number): void {
    const isTheirs = theirs(whom, upTo);
    this.#said = this.#said.filter((record) => record.kind !== "said" || !isTheirs(record.message));
    this.#size = this.#said.reduce((size, record) => size + sizeOf(record), 0);
    for (const [key, record] of this.#changes) {
      if (record.kind === "mended" && isTheirs(record.message)) this.#drop(key);
    }
  }

  /** Puts a message in place of its earlier form, if that waits. */
  #mend(message: Message): boolean {
    const at = this.#said.findLastIndex((record) =>
      record.kind === "said" && record.message.id === message.id
    );
    const before = this.#said[at];
    if (before === undefined) return false;
    const after: Record = { kind: "said", message };
    this.#said[at] = after;
    this.#size += sizeOf(after) - sizeOf(before);
    return true;
  }

  /** Has a change wait in place of an earlier one; returns whether there was room. */
  #change(change: Change): boolean {
    const key = keyOf(change);
    const before = this.#changes.get(key);
    const record = merge(before, change);
    const size = this.#sizeOfChanges + sizeOf(record) - (before ? sizeOf(before) : 0);
    // That a room is gone keeps others from reading its messages, so it may use extra room.
    const most = record.kind === "room gone" ? 2 * MOST_WAITING : MOST_WAITING;
    if (size > most && size > this.#sizeOfChanges) return false;
    this.#drop(key);
    if (record.kind === "room") this.#drop(`room left ${record.room.id}`);
    this.#changes.set(key, record);
    this.#sizeOfChanges += sizeOf(record);
    return true;
  }

  #drop(key: string): void {
    const record = this.#changes.get(key);
    if (record === undefined) return;
    this.#sizeOfChanges -= sizeOf(record);
    this.#changes.delete(key);
  }
}

type Change = Exclude<Record, { kind: "said" }>;

/** A change that also does what an earlier one would have done. */
function merge(earlier: Record | undefined, change: Change): Change {
  if (change.kind !== "account" || earlier?.kind !== "account") return change;
  return { ...change, before: earlier.before };
}

/** What a record is about: of two with the same key the later one counts. */
function keyOf(record: Change): string {
  switch (record.kind) {
    case "mended":
      return `message ${record.message.id}`;
    case "room":
      return `room ${record.room.id}`;
    case "room empty":
    case "room gone":
      return `room left ${record.id}`;
    case "account new":
      return `account ${record.account.id}`;
    case "account operator":
      return `operator ${record.id}`;
    case "account gone":
      return `account ${record.id}`;
    case "account":
      return `change of account ${record.account.id}`;
    case "ban":
    case "unban":
      return `${record.ban.kind} ${record.ban.subject}`;
    case "seen":
      return `seen ${record.account} ${placeKey(record.mark)}`;
    case "unseen":
      return `seen ${record.account} ${placeKey(record.place)}`;
    case "visit":
      return `visit ${record.account}`;
    case "waits":
    case "waits no more":
      return `waits ${record.id}`;
    case "taken":
      return `taken ${record.account}`;
    case "forgotten":
      return `forgotten ${record.whom.account} ${record.whom.name}`;
  }
}

function sizeOf(record: Record): number {
  if (record.kind === "said") return OVERHEAD + record.message.text.length;
  return OVERHEAD + JSON.stringify(record).length;
}
