// The history that forgets at the end: what was said lately, in memory. Accounts, bans and topics are
// the house's own, which has them as long.

import type { Message } from "../chat/event.ts";
import type { AccountId, History, Recall, Record, Saved, Search } from "../chat/history.ts";
import { fold } from "../chat/names.ts";
import { LOBBY } from "../chat/room.ts";
import { Recent } from "./recent.ts";
import { createPause } from "./turn.ts";

/** A history in memory. */
export class MemoryHistory implements History {
  readonly lasts = false;
  readonly trouble = undefined;
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

  /** Messages with all the words, as parts of words too, newest first; a rest after every room. */
  async search({ words, reader, rooms, count }: Search): Promise<Message[]> {
    const wanted = words.map(fold).filter((word) => word !== "");
    if (wanted.length === 0) return [];
    const has = ({ text }: Message) => {
      const folded = fold(text);
      return wanted.every((word) => folded.includes(word));
    };
    const pause = createPause();
    const found = this.#recent.privatesOf(reader).filter(has);
    for (const id of this.#recent.rooms()) {
      await pause();
      if (rooms(id)) found.push(...this.#recent.room(id).all().filter(has).slice(-count));
    }
    return found.sort((a, b) => b.id - a.id).slice(0, count);
  }

  #seenIn(room: number): Map<AccountId, number> {
    let accounts = this.#seen.get(room);
    if (accounts === undefined) this.#seen.set(room, accounts = new Map());
    return accounts;
  }
}
