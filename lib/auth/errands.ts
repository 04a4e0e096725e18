// Errands of the house, run outside the writer: passwords are hashed and checked, and guessing is slow.

import type { Errand, ErrandResult, RunErrand } from "../chat/errand.ts";
import type { Found, Search } from "../chat/history.ts";
import { delay as wait } from "../std/typed.ts";
import { createGate, type Gate } from "./gate.ts";
import { Guesses } from "./guesses.ts";
import { networkOf } from "../chat/address.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** What errands are run with. */
export interface ErrandTools {
  /** Looks through the history. */
  readonly search: (search: Search) => Promise<Found>;
  /** Milliseconds, of any clock that never goes back. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; std's, unless a test has its own. */
  readonly delay?: (ms: number) => Promise<void>;
}

type Verify = Extract<Errand, { kind: "verify" }>;

/** Runs of scrypt at once: each takes a core for 0.1 s and 32 MiB, and the room needs both too. */
const RUNS = 2;
/** Guesses of one pair that may be in line: as many as one person has clients, that come back at once. */
const IN_LINE = 10;

/** Passwords in line altogether: a minute's work. Whoever hangs up leaves theirs behind. */
const MOST_IN_LINE = 1000;

/** Makes the runner. What would wait too long is not looked at, and comes back as "busy". */
export function createErrands({ search, now, delay = wait }: ErrandTools): RunErrand {
  const scrypt = createGate(RUNS);
  const guesses = new Guesses(now);
  let inLine = 0;
  // One guess of a pair at a time: a hundred connections guess no faster than one.
  const lines = new Map<string, { readonly gate: Gate; length: number }>();

  async function check({ password, hash }: Verify, pair: string): Promise<boolean> {
    // A right guess waits as a wrong one does, or waiting would tell them apart.
    const ms = guesses.wait(pair);
    if (ms > 0) await delay(ms);
    const isRight = await scrypt(() => verifyPassword(password, hash));
    if (isRight) guesses.hit(pair);
    else guesses.miss(pair);
    return isRight;
  }

  async function verify(errand: Verify): Promise<ErrandResult> {
    const pair = `${errand.account} ${networkOf(errand.address)}`;
    const line = lines.get(pair) ?? { gate: createGate(1), length: 0 };
    if (line.length >= IN_LINE) return { kind: "busy" };
    lines.set(pair, line);
    line.length++;
    try {
      const isRight = await line.gate(() => check(errand, pair));
      return { kind: "verified", name: errand.name, account: errand.account, isRight };
    } finally {
      if (--line.length === 0) lines.delete(pair);
    }
  }

  return async (errand): Promise<ErrandResult> => {
    if (errand.kind === "search") {
      return { kind: "found", ...await search(errand.search) };
    }
    if (inLine >= MOST_IN_LINE) return { kind: "busy" };
    inLine++;
    try {
      if (errand.kind === "verify") return await verify(errand);
      const { name, password } = errand;
      return { kind: "hashed", name, hash: await scrypt(() => hashPassword(password)) };
    } finally {
      inLine--;
    }
  };
}
