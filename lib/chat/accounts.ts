// The registered names.

import type { Account } from "./history.ts";
import type { AccountId } from "./message.ts";
import { lookalikes, nameKey } from "./names.ts";

/** All accounts, by name. */
export class Accounts {
  /**
   * By every key of the name, so that nobody can take a name that looks like it. Names from another program
   * or an earlier version may look alike: then the account that was created first comes first.
   */
  readonly #byKey = new Map<string, readonly Account[]>();
  readonly #byId = new Map<AccountId, Account>();
  #lastId: AccountId = 0;

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
    return this.#byKey.get(key)?.find((account) => account.key === key);
  }

  /** The account with this name or one that looks like it, other than `except`. */
  rival(name: string, except?: Account): Account | undefined {
    for (const key of lookalikes(name)) {
      const account = this.#byKey.get(key)?.find(({ id }) => id !== except?.id);
      if (account !== undefined) return account;
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
    this.remove(account.id);
    this.reserve(account.id);
    this.#byId.set(account.id, account);
    for (const key of lookalikes(account.name)) {
      const all = [...this.#byKey.get(key) ?? [], account];
      this.#byKey.set(key, all.sort((one, other) => one.id - other.id));
    }
  }

  /** Removes an account. */
  remove(id: AccountId): void {
    const account = this.#byId.get(id);
    if (account === undefined) return;
    this.#byId.delete(id);
    for (const key of lookalikes(account.name)) {
      const others = this.#byKey.get(key)?.filter((each) => each !== account) ?? [];
      if (others.length > 0) this.#byKey.set(key, others);
      else this.#byKey.delete(key);
    }
  }
}
