// Deletes the messages of those whom an admin command on another server's file has forgotten. Looking through
// all messages takes seconds a million, so it is done in slices; until then they are hidden.

import type { DatabaseSync } from "node:sqlite";
import { theirs } from "../chat/forgotten.ts";
import type { Forgotten } from "../chat/history.ts";
import type { Message } from "../chat/message.ts";
import type { Disk } from "./faults.ts";
import type { Indexer } from "./indexer.ts";
import { transact } from "./migrations.ts";
import type { Reads } from "./reads.ts";
import { type Columns, toForgotten } from "./rows.ts";
import { Merge, WordIndex } from "./word_index.ts";

/** Messages of a slice (a millisecond or two), and milliseconds between two slices. */
const SLICE = 300, LOOK = 10;

/** Whose messages are to be deleted, and up to which number. */
interface Whose {
  readonly whom: Forgotten;
  readonly upTo: number;
  readonly isTheirs: ReturnType<typeof theirs>;
}

/** Options of the forgetting. */
export interface ForgettingOptions {
  readonly db: DatabaseSync;
  readonly reads: Reads;
  readonly disk: Disk;
  readonly indexer: Indexer;
  /** Whether nothing waits to be written. */
  readonly isWritten: () => boolean;
  /** Called when somebody's messages are gone. */
  readonly onGone: (whom: Forgotten, upTo: number) => void;
}

/** Hides and deletes messages. */
export class Forgetting {
  readonly #options: ForgettingOptions;
  #all: readonly Whose[];
  readonly #slice;
  readonly #delete;
  readonly #done;
  readonly #index: WordIndex;
  readonly #merge: Merge;
  /** The last message that was looked at; and how far the index of words is merged. */
  #last = 0;
  #stage: "look" | "begin to merge" | "merge" = "look";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Throws if the disk fails. */
  constructor(options: ForgettingOptions) {
    const { db } = options;
    this.#options = options;
    // What an earlier server has not finished.
    this.#all = db.prepare("SELECT * FROM forgetting ORDER BY id").all()
      .map((row) => toWhose(toForgotten(row), Number(row.up_to)));
    this.#slice = db.prepare(`SELECT id, sender, account, to_name, to_account FROM messages
      WHERE id > ? AND id <= ? ORDER BY id LIMIT ${SLICE}`);
    this.#delete = db.prepare("DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))");
    this.#done = db.prepare(
      "DELETE FROM forgetting WHERE name = ? AND account IS ? AND up_to <= ?",
    );
    this.#index = new WordIndex(db);
    this.#merge = new Merge(db);
  }

  /** Hides somebody's messages, and deletes them once the record of that is written. */
  add(whom: Forgotten, upTo: number): void {
    this.#all = [...this.#all, toWhose(whom, upTo)];
    this.start();
  }

  /** Those whose messages are to be deleted now. */
  get all(): readonly Whose[] {
    return this.#all;
  }

  /** These messages without those that are to be deleted, or were when `all` was read. */
  shown(messages: Message[], all = this.#all): Message[] {
    const hidden = all === this.#all ? all : [...all, ...this.#all];
    if (hidden.length === 0) return messages;
    return messages.filter((message) => !hidden.some(({ isTheirs }) => isTheirs(message)));
  }

  /** Begins, or continues if it has stopped. */
  start(): void {
    if (this.#all.length === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#look(), LOOK);
    Deno.unrefTimer(this.#timer);
  }

  /** Runs one slice; returns whether there is more to do, and it can be done now. Throws if the disk fails. */
  step(): boolean {
    const [first] = this.#all;
    const { isWritten, reads, indexer } = this.#options;
    if (first === undefined || !isWritten()) return false;
    if (this.#stage === "begin to merge") {
      this.#stage = "merge";
      this.#merge.stepToOne();
    } else if (this.#stage === "merge") {
      if (!this.#merge.step()) this.#finish(first);
    } else if (reads.oldestOfJournal() <= first.upTo) {
      // What cannot be indexed now is tried again later.
      return indexer.step() || reads.oldestOfJournal() > first.upTo;
    } else if (!this.#deleteSlice(first)) {
      this.#stage = "begin to merge";
    }
    return this.#all.length > 0;
  }

  /** Stops for good. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#all = [];
  }

  #look(): void {
    this.#timer = undefined;
    // After a failure `start` tries again.
    if (this.#options.disk.read(() => this.step(), false)) this.start();
  }

  /** Deletes what is theirs in the next slice; returns whether there is another one. */
  #deleteSlice({ upTo, isTheirs }: Whose): boolean {
    const rows = this.#slice.all(this.#last, upTo);
    const ids = rows.map(toHead).filter(isTheirs).map(({ id }) => id);
    if (ids.length > 0) {
      transact(this.#options.db, () => {
        this.#delete.run(JSON.stringify(ids));
        this.#index.remove(ids);
      });
    }
    this.#last = Number(rows.at(-1)?.id ?? this.#last);
    return rows.length === SLICE;
  }

  #finish({ whom, upTo }: Whose): void {
    this.#done.run(whom.name, whom.account ?? null, upTo);
    this.#all = this.#all.slice(1);
    this.#last = 0;
    this.#stage = "look";
    this.#options.onGone(whom, upTo);
  }
}

function toWhose(whom: Forgotten, upTo: number): Whose {
  return { whom, upTo, isTheirs: theirs(whom, upTo) };
}

/** A row as what tells whose a message is. */
function toHead({ id, sender, account, to_name: name, to_account: toAccount }: Columns) {
  return {
    id: Number(id),
    from: String(sender),
    by: author(account),
    to: name === null ? undefined : { ...author(toAccount), name: String(name) },
  };
}

function author(account: unknown) {
  return typeof account === "number" ? { member: 0, account } : { member: 0 };
}
