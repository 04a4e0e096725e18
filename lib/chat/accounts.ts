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

  constructor(accounts: readonly Account[], lastId: AccountId) {
    this.#lastId = lastId;
    for (const account of accounts) this.put(account);
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
    this.#byId.set(account.id, account);
    for (const key of lookalikes(account.name)) this.#byKey.set(key, account);
  }

  /** Removes an account. */
  remove({ id, name }: Account): void {
    this.#byId.delete(id);
    for (const key of lookalikes(name)) this.#byKey.delete(key);
  }
}
