// The history in memory, which forgets at the end: recent messages. All else that is kept is in the chat's own
// state, and lasts as long.

import type { Message } from "../chat/message.ts";
import type { Changeable, Found, Recall, Record, Saved, Search } from "../chat/history.ts";
import { LOBBY } from "../chat/room.ts";
import type { Followed, NodeHistory } from "./network.ts";
import { Recent } from "./recent.ts";
import type { KeptSnapshot } from "./snapshots.ts";
import { searchRecent } from "./search.ts";

/** A history in memory. */
export class MemoryHistory implements NodeHistory {
  readonly lasts = false;
  readonly wantsSnapshot = false;
  readonly trouble = undefined;
  readonly readTrouble = undefined;
  readonly recallTrouble = undefined;
  readonly lowSpace = undefined;
  readonly #recent = new Recent();

  /** Nothing is kept at the start. */
  load(): Saved {
    return {
      lastMessage: 0,
      lastRoom: LOBBY.id,
      lastAccount: 0,
      accounts: [],
      bans: [],
      rooms: [],
      visits: [],
      waiting: [],
    };
  }

  /** No other program can change it. */
  changed(): Changeable | undefined {
    return undefined;
  }

  /** It begins where the network's snapshot is. */
  follow(): Followed {
    return { sequence: 0 };
  }

  /** The chat has all of the snapshot: of messages, those that wait for somebody. */
  startAt({ chat }: KeptSnapshot): void {
    for (const { message } of chat.waiting) this.#recent.add(message);
  }

  /** No snapshot outlives the server. */
  keepSnapshot(): void {}

  /** Keeps messages. */
  commit(records: readonly Record[]): void {
    for (const record of records) {
      switch (record.kind) {
        case "said":
          this.#recent.add(record.message);
          break;
        case "mended":
          this.#recent.replace(record.message);
          break;
        case "room empty":
        case "room gone":
          this.#recent.drop(record.id);
          break;
        case "forgotten":
          this.#recent.forget(record.whom, record.upTo);
      }
    }
  }

  /** Messages, oldest first. */
  recall(wanted: Recall): Message[] {
    return this.#recent.recall(wanted);
  }

  /** How many messages follow this one in a room. */
  countAfter(id: number, { room, most }: { room: number; most: number }): number {
    return Math.min(this.#recent.room(room).countBehind(id), most);
  }

  /** Messages with all the words, newest first. */
  async search(search: Search): Promise<Found> {
    return { messages: await searchRecent(this.#recent, search) };
  }

  /** Nothing is due. */
  tick(): void {}

  /** There is nothing to write. */
  close(): void {}
}
