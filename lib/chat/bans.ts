// Bans and mutes: of names, and bans of addresses where nothing else helps.

import type { Ban } from "./history.ts";
import { isGuestName, lookalikes, nameKey } from "./names.ts";
import { Networks, parseNetwork } from "./address.ts";

/** The name or address that a ban or mute is of. */
export type Subject = Pick<Ban, "subject" | "shown" | "isAddress">;

/** All bans and mutes that are kept. (A guest's mute belongs to its connection: see member.ts.) */
export class Bans {
  readonly #bans = new Map<string, Ban>();
  /** Those of names, by every key by which another name may look like it. */
  readonly #byKey = {
    ban: new Map<string, readonly Ban[]>(),
    mute: new Map<string, readonly Ban[]>(),
  };
  /** Bans of addresses: people type them, so there are few. */
  readonly #addresses = new Map<Ban, Networks>();

  /** Every one, in the order in which they were imposed. */
  all(): Iterable<Ban> {
    return this.#bans.values();
  }

  /** Those that are in force at this time (epoch ms). */
  inForce(at: number): Ban[] {
    return [...this.#bans.values()].filter((ban) => isInForce(ban, at));
  }

  /** Removes and returns those that are over, so that they can be deleted from disk too. */
  takeExpired(at: number): Ban[] {
    const over = [...this.#bans.values()].filter((ban) => !isInForce(ban, at));
    for (const ban of over) this.remove(ban);
    return over;
  }

  /** Adds one, in place of the one that its subject had. */
  add(ban: Ban): void {
    this.remove(ban);
    this.#bans.set(keyOf(ban), ban);
    if (ban.isAddress) return void this.#addresses.set(ban, new Networks([ban.subject]));
    const byKey = this.#byKey[ban.kind];
    for (const key of lookalikes(ban.shown)) byKey.set(key, [...byKey.get(key) ?? [], ban]);
  }

  /** Removes one; returns it if there was one. */
  remove(ban: Pick<Ban, "kind" | "subject">): Ban | undefined {
    const found = this.get(ban);
    if (found === undefined) return;
    this.#bans.delete(keyOf(found));
    this.#addresses.delete(found);
    if (found.isAddress) return found;
    const byKey = this.#byKey[found.kind];
    for (const key of lookalikes(found.shown)) {
      const others = byKey.get(key)?.filter((each) => each !== found) ?? [];
      if (others.length > 0) byKey.set(key, others);
      else byKey.delete(key);
    }
    return found;
  }

  /** The one of exactly this subject. */
  get(ban: Pick<Ban, "kind" | "subject">): Ban | undefined {
    return this.#bans.get(keyOf(ban));
  }

  /** The ban or mute in force for a name, or for one that looks like it. */
  ofName(kind: Ban["kind"], name: string, at: number): Ban | undefined {
    const byKey = this.#byKey[kind];
    // This is called for every message; mostly there are no bans at all.
    if (byKey.size === 0) return;
    for (const key of lookalikes(name)) {
      const ban = byKey.get(key)?.find((each) => isInForce(each, at));
      if (ban !== undefined) return ban;
    }
  }

  /** The ban in force for an address. */
  ofAddress(address: string, at: number): Ban | undefined {
    for (const [ban, networks] of this.#addresses) {
      if (isInForce(ban, at) && networks.has(address)) return ban;
    }
  }
}

/** The bans and mutes, and the time to judge them by. The chat is one. */
export interface InForce {
  readonly bans: Bans;
  /** Epoch milliseconds, for deadlines. */
  readonly dueAt: number;
}

/** The subject of a ban or mute, from a name, an address or a CIDR range. */
export function subjectOf(text: string): Subject {
  const network = parseNetwork(text);
  if (network !== undefined) return { subject: network, shown: network, isAddress: true };
  return { subject: nameKey(text), shown: text, isAddress: false };
}

/**
 * Brings a ban that an earlier version kept into today's form; undefined for a ban of a guest name, which
 * belongs to another person by now.
 */
export function modernize(ban: Ban): Ban | undefined {
  if (!ban.isAddress && isGuestName(ban.shown)) return undefined;
  return ban.isAddress ? { ...ban, ...subjectOf(ban.subject) } : ban;
}

/** Whether a ban is in force at this time. */
export function isInForce({ until }: Pick<Ban, "until">, at: number): boolean {
  return until === undefined || until > at;
}

function keyOf({ kind, subject }: Pick<Ban, "kind" | "subject">): string {
  return `${kind} ${subject}`;
}
