// Who is kept out, and who is kept silent: names, and addresses where nothing else helps.

import type { Ban } from "./history.ts";
import { nameKey } from "./names.ts";
import { Networks, parseNetwork } from "./address.ts";

/** What somebody is banned or muted by. */
export type Subject = Pick<Ban, "subject" | "shown" | "isAddress">;

/** All bans and mutes. */
export class Bans {
  readonly #bans = new Map<string, Ban>();
  /** Addresses that are banned, by the ban's key: as few as hands can type. */
  readonly #addresses = new Map<string, Networks>();

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
    const key = keyOf(ban);
    this.#bans.set(key, ban);
    if (ban.isAddress && ban.kind === "ban") this.#addresses.set(key, new Networks([ban.subject]));
  }

  /** Removes one; returns it if it was there. */
  remove(ban: Pick<Ban, "kind" | "subject">): Ban | undefined {
    const key = keyOf(ban);
    const found = this.#bans.get(key);
    this.#bans.delete(key);
    this.#addresses.delete(key);
    return found;
  }

  /** The ban or mute of a name that is in force. */
  ofName(kind: Ban["kind"], name: string, at: number): Ban | undefined {
    // Asked for every word that is said: mostly there is none at all.
    if (this.#bans.size === 0) return;
    const ban = this.#bans.get(keyOf({ kind, subject: nameKey(name) }));
    return ban !== undefined && isInForce(ban, at) ? ban : undefined;
  }

  /** The ban of an address that is in force. */
  ofAddress(address: string, at: number): Ban | undefined {
    if (this.#addresses.size === 0) return;
    for (const [key, networks] of this.#addresses) {
      const ban = this.#bans.get(key);
      if (ban !== undefined && isInForce(ban, at) && networks.has(address)) return ban;
    }
  }
}

/** A name, or an address or CIDR range, as the subject of a ban. */
export function subjectOf(text: string): Subject {
  const network = parseNetwork(text);
  if (network !== undefined) return { subject: network, shown: network, isAddress: true };
  return { subject: nameKey(text), shown: text, isAddress: false };
}

function isInForce({ until }: Ban, at: number): boolean {
  return until === undefined || until > at;
}

function keyOf({ kind, subject }: Pick<Ban, "kind" | "subject">): string {
  return `${kind} ${subject}`;
}

const UNITS: Record<string, [ms: number, name: string]> = {
  s: [1000, "second"],
  m: [60_000, "minute"],
  h: [3_600_000, "hour"],
  d: [86_400_000, "day"],
  w: [604_800_000, "week"],
};

/** `10m`, `2h`, `7d` in milliseconds; undefined when it is no duration. */
export function duration(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,5})([smhdw])$/i.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit.toLowerCase()]![0];
}

/** What is nearly a day is told as a day, not as 24 hours. */
const NEARLY = 0.95;

/** How long something still lasts, as in `for 2 hours`; empty when for good. */
export function remaining({ until }: Pick<Ban, "until">, at: number): string {
  if (until === undefined) return "";
  const left = Math.max(until - at, 1000);
  const [ms, name] = Object.values(UNITS).findLast(([ms]) => left >= ms * NEARLY)!;
  const count = Math.round(left / ms);
  return ` for ${count} ${name}${count === 1 ? "" : "s"}`;
}
