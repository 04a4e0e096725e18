// The registered names.

import type { Account } from "./history.ts";
import type { AccountId } from "./message.ts";
import { lookalikes, nameKey } from "./names.ts";

/** All accounts, by name. */
export class Accounts {
  /** By every key of the name, so that nobody can come who looks like them. */
  readonly #byKey = new Map<string, Account>();
  readonly #byId = new Map<AccountId, Account>();
  #lastId: AccountId;

  constructor(accounts: readonly Account[], lastId: AccountId) {
    this.#lastId = lastId;
    for (const account of accounts) this.put(account);
  }

  /** The account of this very name. */
  find(name: string): Account | undefined {
    const key = nameKey(name);
    const account = this.#byKey.get(key);
    return account?.key === key ? account : undefined;
  }

  /** The account of this name or one that looks like it, besides one that may. */
  rival(name: string, except?: Account): Account | undefined {
    for (const key of lookalikes(name)) {
      const account = this.#byKey.get(key);
      if (account !== undefined && account !== except) return account;
    }
  }

  /** The account of this number. */
  get(id: AccountId): Account | undefined {
    return this.#byId.get(id);
  }

  /** How many are operators'. */
  operators(): number {
    return this.#byId.values().filter(({ isOperator }) => isOperator).toArray().length;
  }

  /** A new account, with a number that none had before. */
  create(name: string, hash: string): Account {
    const account = { id: ++this.#lastId, name, key: nameKey(name), hash, isOperator: false };
    this.put(account);
    return account;
  }

  /** Adds one, or changes it. */
  put(account: Account): void {
    this.#byId.set(account.id, account);
    for (const key of lookalikes(account.name)) this.#byKey.set(key, account);
  }

  /** Forgets one. */
  remove({ id, name }: Account): void {
    this.#byId.delete(id);
    for (const key of lookalikes(name)) this.#byKey.delete(key);
  }
}
