// Who is kept out, and who is kept silent: names, and addresses where nothing else helps.

import type { Ban } from "./history.ts";
import { isGuestName, lookalikes, nameKey } from "./names.ts";
import { Networks, parseNetwork } from "./address.ts";

/** What somebody is banned or muted by. */
export type Subject = Pick<Ban, "subject" | "shown" | "isAddress">;

/** All bans and mutes that are kept; a mute of a guest is its connection's own: see member.ts. */
export class Bans {
  readonly #bans = new Map<string, Ban>();
  /** Those of names, by every key by which another name may look like theirs. */
  readonly #byKey = {
    ban: new Map<string, readonly Ban[]>(),
    mute: new Map<string, readonly Ban[]>(),
  };
  /** Addresses that are banned: as few as hands can type. */
  readonly #addresses = new Map<Ban, Networks>();

  constructor(bans: readonly Ban[]) {
    for (const ban of bans) this.add(ban);
  }

  /** Every one that is in force at this time (epoch ms). */
  all(at: number): Ban[] {
    return [...this.#bans.values()].filter((ban) => isInForce(ban, at));
  }

  /** Those that are over: they are forgotten here, and are to be forgotten on disk. */
  takeExpired(at: number): Ban[] {
    const over = [...this.#bans.values()].filter((ban) => !isInForce(ban, at));
    for (const ban of over) this.remove(ban);
    return over;
  }

  /** Adds one; it takes the place of the one that this subject had. */
  add(ban: Ban): void {
    this.remove(ban);
    this.#bans.set(keyOf(ban), ban);
    if (ban.isAddress) return void this.#addresses.set(ban, new Networks([ban.subject]));
    const byKey = this.#byKey[ban.kind];
    for (const key of lookalikes(ban.shown)) byKey.set(key, [...byKey.get(key) ?? [], ban]);
  }

  /** Removes one; returns it if it was there. */
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

  /** The one of this very subject. */
  get(ban: Pick<Ban, "kind" | "subject">): Ban | undefined {
    return this.#bans.get(keyOf(ban));
  }

  /** The ban or mute that is in force of a name, or of one that looks like it. */
  ofName(kind: Ban["kind"], name: string, at: number): Ban | undefined {
    const byKey = this.#byKey[kind];
    // Asked for every word that is said: mostly there is none at all.
    if (byKey.size === 0) return;
    for (const key of lookalikes(name)) {
      const ban = byKey.get(key)?.find((each) => isInForce(each, at));
      if (ban !== undefined) return ban;
    }
  }

  /** The ban of an address that is in force. */
  ofAddress(address: string, at: number): Ban | undefined {
    for (const [ban, networks] of this.#addresses) {
      if (isInForce(ban, at) && networks.has(address)) return ban;
    }
  }
}

/** A name, or an address or CIDR range, as the subject of a ban. */
export function subjectOf(text: string): Subject {
  const network = parseNetwork(text);
  if (network !== undefined) return { subject: network, shown: network, isAddress: true };
  return { subject: nameKey(text), shown: text, isAddress: false };
}

/**
 * A ban as it is written today, if it was kept by an earlier version; undefined for one of a guest's name,
 * which is another person's since.
 */
export function modernize(ban: Ban): Ban | undefined {
  if (!ban.isAddress && isGuestName(ban.shown)) return undefined;
  return ban.isAddress ? { ...ban, ...subjectOf(ban.subject) } : ban;
}

/** Whether a ban is not over. */
export function isInForce({ until }: Pick<Ban, "until">, at: number): boolean {
  return until === undefined || until > at;
}

function keyOf({ kind, subject }: Pick<Ban, "kind" | "subject">): string {
  return `${kind} ${subject}`;
}
