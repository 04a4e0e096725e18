// The registered names.

import type { Account } from "./history.ts";
import type { AccountId } from "./message.ts";
import { lookalikes, nameKey } from "./names.ts";

/** All accounts, by name. */
export class Accounts {
  /** By every key of the name, so that nobody can take a name that looks like it. */
  readonly #byKey = new Map<string, Account>();
  readonly #byId = new Map<AccountId, Account>();
  #lastId: AccountId;

  constructor(accounts: Iterable<Account> = [], lastId: AccountId = 0) {
    this.#lastId = lastId;
    for (const account of accounts) this.put(account);
  }

  /** The highest number given so far. */
  get lastId(): AccountId {
    return this.#lastId;
  }

  /** Gives no number up to this one. */
  reserve(lastId: AccountId): void {
    this.#lastId = Math.max(this.#lastId, lastId);
  }

  /** Every account. */
  all(): Iterable<Account> {
    return this.#byId.values();
  }

  /** The account with exactly this name. */
  find(name: string): Account | undefined {
    const key = nameKey(name);
    const account = this.#byKey.get(key);
    return account?.key === key ? account : undefined;
  }

  /** The account with this name or one that looks like it, other than `except`. */
  rival(name: string, except?: Account): Account | undefined {
    for (const key of lookalikes(name)) {
      const account = this.#byKey.get(key);
      if (account !== undefined && account !== except) return account;
    }
  }

  /** The account with this number. */
  get(id: AccountId): Account | undefined {
    return this.#byId.get(id);
  }

  /** How many accounts are operators. */
  operators(): number {
    return this.#byId.values().filter(({ isOperator }) => isOperator).toArray().length;
  }

  /** Creates an account, with a number that was never used before. */
  create(name: string, hash: string): Account {
    const account = { id: ++this.#lastId, name, key: nameKey(name), hash, isOperator: false };
    this.put(account);
    return account;
  }

  /** Adds or changes an account. */
  put(account: Account): void {
    const before = this.#byId.get(account.id);
    if (before !== undefined && before.name !== account.name) this.remove(account.id);
    this.#byId.set(account.id, account);
    for (const key of lookalikes(account.name)) this.#byKey.set(key, account);
  }

  /** Removes an account. */
  remove(id: AccountId): void {
    const account = this.#byId.get(id);
    if (account === undefined) return;
    this.#byId.delete(id);
    for (const key of lookalikes(account.name)) {
      if (this.#byKey.get(key)?.id === id) this.#byKey.delete(key);
    }
  }
}
