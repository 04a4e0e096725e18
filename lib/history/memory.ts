// The history that forgets at the end: what was said lately, in memory. Accounts, bans and topics are
// the chat's own, which has them as long.

import type { AccountId, Message } from "../chat/message.ts";
import type { Found, History, Recall, Record, Saved, Search } from "../chat/history.ts";
import { LOBBY } from "../chat/room.ts";
import { Recent } from "./recent.ts";
import { searchRecent } from "./search.ts";

/** A history in memory. */
export class MemoryHistory implements History {
  readonly lasts = false;
  readonly trouble = undefined;
  readonly readTrouble = undefined;
  readonly recallTrouble = undefined;
  readonly #recent = new Recent();
  /** The last message that an account knew of a room: by room, so that it goes with the room. */
  readonly #seen = new Map<number, Map<AccountId, number>>();

  /** Nothing is known at the start. */
  load(): Saved {
    return {
      lastMessage: 0,
      lastRoom: LOBBY.id,
      lastAccount: 0,
      accounts: [],
      bans: [],
      rooms: [],
      forgotten: [],
    };
  }

  /** Nobody else can change it. */
  changed(): Saved | undefined {
    return undefined;
  }

  /** Keeps what is said, and who saw it. */
  commit(records: readonly Record[]): void {
    for (const record of records) {
      switch (record.kind) {
        case "said":
          this.#recent.add(record.message);
          break;
        case "seen":
          this.#seenIn(record.room).set(record.account, record.id);
          break;
        case "account gone":
          for (const accounts of this.#seen.values()) accounts.delete(record.id);
          break;
        case "room empty":
        case "room gone":
          this.#recent.drop(record.id);
          this.#seen.delete(record.id);
      }
    }
  }

  /** A room that nobody is in is gone here. */
  room(): undefined {
    return undefined;
  }

  /** Messages, oldest first. */
  recall(wanted: Recall): Message[] {
    return this.#recent.recall(wanted);
  }

  /** How many messages stand behind the last one that the account saw in the room. */
  missed(account: AccountId, room: number, most: number): number {
    const id = this.#seen.get(room)?.get(account);
    return id === undefined ? 0 : Math.min(this.#recent.room(room).countBehind(id), most);
  }

  /** Messages with all the words, newest first. */
  async search(search: Search): Promise<Found> {
    return { messages: await searchRecent(this.#recent, search) };
  }

  /** Nothing is due. */
  tick(): void {}

  /** Nothing outlives it. */
  close(): void {}

  #seenIn(room: number): Map<AccountId, number> {
    let accounts = this.#seen.get(room);
    if (accounts === undefined) this.#seen.set(room, accounts = new Map());
    return accounts;
  }
}
