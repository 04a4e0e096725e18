// Private words to accounts that are not here: each waits until its receiver identifies, and has been sent it. They
// are in the history like all private words; what is kept besides is that they wait.

import { theirs } from "./forgotten.ts";
import type { Account, Forgotten, Record, Waiting } from "./history.ts";
import type { AccountId, Message } from "./message.ts";
import type { Refusal } from "./refusals.ts";

/** Most messages that wait for one account; from one account, or from the guests of one network together. */
const MOST = 100, MOST_OF_SENDER = 20;
/** Most that wait for one account from one network, whatever accounts it has registered. */
const MOST_OF_NETWORK = 50;
/** Most from one network that wait for anybody, and most characters of all that wait on the server. */
const MOST_SENT = 500, MOST_TEXT = 4 * 1024 * 1024;
/** Characters that a message counts for besides its text: short ones take memory, too. */
const HEAD = 200;

/** Who sends: an account or a guest, from a network. */
export interface Sender {
  readonly account: AccountId | undefined;
  readonly network: string;
}

/** All messages that wait. */
export class WaitingMessages {
  readonly #keep: (record: Record) => void;
  /** For each account, oldest first. */
  readonly #of = new Map<AccountId, Waiting[]>();
  /** How many wait from each network; and the characters of all. */
  readonly #sent = new Map<string, number>();
  #text = 0;

  /** `keep` has a record kept. */
  constructor(keep: (record: Record) => void) {
    this.#keep = keep;
  }

  /** Everything, as plain data. */
  all(): Waiting[] {
    return [...this.#of.values()].flat();
  }

  /** Those for an account, oldest first. */
  of(account: AccountId): readonly Waiting[] {
    return this.#of.get(account) ?? [];
  }

  /** Puts back a message that waits. */
  restore(waiting: Waiting): void {
    this.#of.set(waiting.account, [...this.of(waiting.account), waiting]);
    this.#count(waiting, 1);
  }

  /** Why somebody may have no more words wait for an account; undefined if they may. */
  refusal({ id, name }: Account, from: Sender): Refusal | undefined {
    const all = this.of(id);
    const fromHere = all.filter(({ network }) => network === from.network);
    // Guests can come back under any name, so those of a network count as one.
    const own = from.account === undefined
      ? fromHere.filter(({ message }) => message.by.account === undefined)
      : all.filter(({ message }) => message.by.account === from.account);
    const most = own.length >= MOST_OF_SENDER
      ? from.account === undefined
        ? `${MOST_OF_SENDER} messages from the guests of your network wait for ${name} already`
        : `${MOST_OF_SENDER} of your messages wait for ${name} already`
      : fromHere.length >= MOST_OF_NETWORK
      ? `${MOST_OF_NETWORK} messages from your network wait for ${name} already`
      : all.length >= MOST
      ? `${MOST} messages wait for ${name} already`
      : (this.#sent.get(from.network) ?? 0) >= MOST_SENT
      ? `${MOST_SENT} messages from your network wait for others already`
      : this.#text >= MOST_TEXT
      ? "Too many messages wait on this server"
      : undefined;
    if (most !== undefined) return { code: "limit", text: `${most}: this one was not sent.` };
  }

  /** Has a message wait. */
  add(waiting: Waiting): void {
    this.restore(waiting);
    const { account, network, message: { id, by } } = waiting;
    this.#keep({ kind: "waits", account, id, network, sender: by.account });
  }

  /** An account was sent those up to this number: they wait no more. */
  taken({ account, upTo }: { account: AccountId; upTo: number }): void {
    if (!this.of(account).some(({ message: { id } }) => id <= upTo)) return;
    this.#drop((each) => each.account === account && each.message.id <= upTo, [account]);
    this.#keep({ kind: "taken", account, upTo });
  }

  /** A message was edited or taken back, and may wait. */
  mend(message: Message): void {
    const { to: { account } = {}, id, deleted } = message;
    const found = account && this.of(account).find((each) => each.message.id === id);
    if (account === undefined || !found) return;
    this.#drop((each) => each === found, [account]);
    if (deleted) return this.#keep({ kind: "waits no more", id });
    this.restore({ ...found, message });
    this.#of.get(account)!.sort((one, other) => one.message.id - other.message.id);
  }

  /** Drops what waits for and from an account that is gone; the history does so by itself. */
  remove(account: AccountId): void {
    this.#drop((each) => each.account === account || each.message.by.account === account);
  }

  /** Drops what waits for and from somebody who is forgotten; the history does so by itself. */
  forget(whom: Forgotten): void {
    const isTheirs = theirs(whom);
    this.#drop(({ message }) => isTheirs(message));
  }

  #drop(isDropped: (waiting: Waiting) => boolean, accounts = [...this.#of.keys()]): void {
    for (const account of accounts) {
      const all = this.of(account), dropped = new Set(all.filter(isDropped));
      if (dropped.size === 0) continue;
      for (const each of dropped) this.#count(each, -1);
      const rest = all.filter((each) => !dropped.has(each));
      if (rest.length > 0) this.#of.set(account, rest);
      else this.#of.delete(account);
    }
  }

  #count({ network, message: { text } }: Waiting, by: 1 | -1): void {
    const sent = (this.#sent.get(network) ?? 0) + by;
    if (sent > 0) this.#sent.set(network, sent);
    else this.#sent.delete(network);
    this.#text += by * (HEAD + text.length);
  }
}
