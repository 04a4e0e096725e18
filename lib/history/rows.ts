// Rooms, accounts and bans as rows of the file's tables.

import type { DatabaseSync } from "node:sqlite";
import type { Account, Ban, Forgotten, SavedRoom } from "../chat/history.ts";
import { DamageError } from "./faults.ts";

/** A row of a table, by column. */
export type Columns = ReturnType<ReturnType<DatabaseSync["prepare"]>["all"]>[number];

/** Parses JSON from the file. Throws a `DamageError` if it is none. */
export function parseJson(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch (error) {
    throw new DamageError("what should be JSON is none", { cause: error });
  }
}

/** A row as an account. */
export function toAccount({ id, name, key, hash, operator }: Columns): Account {
  return {
    id: Number(id),
    name: String(name),
    key: String(key),
    hash: String(hash),
    isOperator: operator === 1,
  };
}

/** A row as a room. */
export function toRoom(
  { id, name, key, topic, owner, locked, invited, empty_since: since }: Columns,
): SavedRoom {
  const room = {
    id: Number(id),
    name: String(name),
    key: String(key),
    topic: String(topic),
    isLocked: locked === 1,
    invited: toNumbers(parseJson(invited)),
  };
  return {
    ...room,
    ...owner === null ? {} : { owner: Number(owner) },
    ...since === null ? {} : { emptySince: Number(since) },
  };
}

function toNumbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((each) => Number.isSafeInteger(each)) : [];
}

/** A column as names. */
export function toNames(json: unknown): string[] {
  const names = parseJson(json);
  return Array.isArray(names) ? names.filter((each) => typeof each === "string") : [];
}

/** A row as a ban or a mute. */
export function toBan({ kind, subject, shown, is_address, why, said_by, until }: Columns): Ban {
  const ban = {
    kind: kind as Ban["kind"],
    subject: String(subject),
    shown: String(shown),
    isAddress: is_address === 1,
    why: String(why),
    by: String(said_by),
  };
  return until === null ? ban : { ...ban, until: Number(until) };
}

/** A row as the author of forgotten messages. */
export function toForgotten({ name, account }: Columns): Forgotten {
  return account === null
    ? { name: String(name) }
    : { name: String(name), account: Number(account) };
}
