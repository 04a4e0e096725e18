// Errands of the house, run outside the writer: passwords are hashed and checked, the history is searched.
// All of it costs more than asking for it: so each network has its turn, its share, and slow guesses.

import { networkOf } from "../chat/address.ts";
import type { Errand, ErrandResult, RunErrand } from "../chat/errand.ts";
import type { Found, Search } from "../chat/history.ts";
import { delay as wait } from "../std/typed.ts";
import { Allowance } from "./allowance.ts";
import { FairLine } from "./fair_line.ts";
import { GuessLine } from "./guess_line.ts";
import { Guesses } from "./guesses.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** What errands are run with. */
export interface ErrandTools {
  /** Looks through the history. */
  readonly search: (search: Search) => Promise<Found>;
  /** Whether this is the password that everyone must know; where there is none, everything is. */
  readonly opens?: (guess: string) => boolean;
  /** Milliseconds, of any clock that never goes back. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; std's, unless a test has its own. */
  readonly delay?: (ms: number) => Promise<void>;
}

type Of<Kind extends Errand["kind"]> = Extract<Errand, { kind: Kind }>;

/**
 * Runs of scrypt: two at once, since each takes a core for 0.1 s and 32 MiB, and the room needs both too.
 * Altogether a minute's work is in line, of an office 10 s. Whoever hangs up leaves theirs behind.
 */
const SCRYPT = { runs: 2, most: 1000, mostPerNetwork: 100 };
/** Searches: one at a time, which holds nobody up. */
const SEARCHES = { runs: 1, most: 100, mostPerNetwork: 20 };
/** Guesses at one name in line: as many as one person has clients, that come back at once; and at the door. */
const AT_NAME = 10, AT_DOOR = 10;
/** Misses of one network, at whatever name, that cost nothing: an office's typos. */
const FREE_OF_NETWORK = 20;
/** Names that a network may register at once, and milliseconds until it may one more. */
const REGISTERED = { atOnce: 10, every: 60_000 };

const BUSY: ErrandResult = { kind: "busy" };

/** Makes the runner. What would wait too long is not looked at, and comes back as "busy". */
export function createErrands(
  { search, opens = () => true, now, delay = wait }: ErrandTools,
): RunErrand {
  const scrypt = new FairLine(SCRYPT), searches = new FairLine(SEARCHES);
  const registered = new Allowance({ ...REGISTERED, now });
  const atName = new GuessLine({
    ...{ guesses: new Guesses(now), most: AT_NAME, isForgiving: true, delay },
  });
  // Not forgiving: whoever tries many names has one that is theirs.
  const ofNetwork = new GuessLine({
    guesses: new Guesses(now, FREE_OF_NETWORK),
    ...{ most: SCRYPT.mostPerNetwork, isForgiving: false, delay },
  });
  const atDoor = new GuessLine({
    ...{ guesses: new Guesses(now), most: AT_DOOR, isForgiving: true, delay },
  });

  async function enter({ password, address }: Of<"enter">): Promise<ErrandResult> {
    const isRight = await atDoor.run(networkOf(address), () => Promise.resolve(opens(password)));
    return isRight === undefined ? BUSY : { kind: "entered", isRight };
  }

  async function verify(
    { name, account, password, hash, address }: Of<"verify">,
  ): Promise<ErrandResult> {
    const network = networkOf(address);
    const check = () => scrypt.run(network, () => verifyPassword(password, hash));
    const isRight = await atName.run(
      `${account} ${network}`,
      () => ofNetwork.run(network, check),
    );
    return isRight === undefined ? BUSY : { kind: "verified", name, account, isRight };
  }

  async function hash({ name, password, address }: Of<"hash">): Promise<ErrandResult> {
    const network = networkOf(address);
    const wait = registered.take(network);
    if (wait > 0) return { kind: "later", wait };
    const hash = await scrypt.run(network, () => hashPassword(password));
    return hash === undefined ? BUSY : { kind: "hashed", name, hash };
  }

  async function find({ search: wanted, address }: Of<"search">): Promise<ErrandResult> {
    const found = await searches.run(networkOf(address), () => search(wanted));
    return found === undefined ? BUSY : { kind: "found", ...found };
  }

  return (errand) => {
    switch (errand.kind) {
      case "enter":
        return enter(errand);
      case "verify":
        return verify(errand);
      case "hash":
        return hash(errand);
      case "search":
        return find(errand);
    }
  };
}
