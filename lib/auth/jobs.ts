// Runs the chat's password jobs outside the writer: hashing and checking. They cost more than asking for them
// does, so each network has its turn and its share, and guessing gets slower.

import { networkOf } from "../chat/address.ts";
import type { AuthJob, JobResult } from "../chat/job.ts";
import { delay as wait } from "../std/typed.ts";
import { Allowance } from "./allowance.ts";
import { FairLine } from "../std/fair_line.ts";
import { GuessLine } from "./guess_line.ts";
import { LoginThrottle } from "./login_throttle.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** Options of the jobs. */
export interface AuthJobsOptions {
  /** Checks the server password; without it, any guess is right. */
  readonly opens?: (guess: string) => boolean;
  /** Milliseconds, from any clock that never goes back. */
  readonly now: () => number;
  /** Resolves after this many milliseconds; std's by default. */
  readonly delay?: (ms: number) => Promise<void>;
}

type Of<Kind extends AuthJob["kind"]> = Extract<AuthJob, { kind: Kind }>;

/**
 * Runs of scrypt: two at once, since each takes a core for 0.1 s and 32 MiB, and the room needs both too. The
 * line holds a minute of work, and 10 s for one network. Jobs of connections that end stay in line.
 */
const SCRYPT = { runs: 2, most: 1000, mostPerNetwork: 100 };
/** Most guesses in line at one name (as many clients as one person has), and at the server password. */
const AT_NAME = 10, AT_PROMPT = 10;
/** Wrong guesses of one network, at any names, that cost nothing: an office's typos. */
const FREE_OF_NETWORK = 20;
/** Names that a network may register at once, and milliseconds until one more. */
const REGISTERED = { atOnce: 10, every: 60_000 };

const BUSY: JobResult = { kind: "busy" };

/** Makes the function that runs jobs. A job that would wait too long is not run, and returns "busy". */
export function createAuthJobs(
  { opens = () => true, now, delay = wait }: AuthJobsOptions,
): (job: AuthJob) => Promise<JobResult> {
  const scrypt = new FairLine(SCRYPT);
  const registered = new Allowance({ ...REGISTERED, now });
  const atName = new GuessLine({
    ...{ throttle: new LoginThrottle(now), most: AT_NAME, isForgiving: true, delay },
  });
  // Not forgiving: somebody who tries many names can have a right password for one.
  const ofNetwork = new GuessLine({
    throttle: new LoginThrottle(now, FREE_OF_NETWORK),
    ...{ most: SCRYPT.mostPerNetwork, isForgiving: false, delay },
  });
  const atPrompt = new GuessLine({
    ...{ throttle: new LoginThrottle(now), most: AT_PROMPT, isForgiving: true, delay },
  });

  async function enter({ password, address }: Of<"enter">): Promise<JobResult> {
    const isRight = await atPrompt.run(networkOf(address), () => Promise.resolve(opens(password)));
    return isRight === undefined ? BUSY : { kind: "entered", isRight };
  }

  /** Whether a guess at an account's password is right; undefined if too many wait. */
  function guess(
    { account, password, hash, address }: Of<"verify" | "change">,
  ): Promise<boolean | undefined> {
    const network = networkOf(address);
    const check = () => scrypt.run(network, () => verifyPassword(password, hash));
    return atName.run(`${account} ${network}`, () => ofNetwork.run(network, check));
  }

  async function verify(job: Of<"verify">): Promise<JobResult> {
    const { name, account, hash } = job;
    const isRight = await guess(job);
    return isRight === undefined ? BUSY : { kind: "verified", name, account, hash, isRight };
  }

  async function change(job: Of<"change">): Promise<JobResult> {
    const { name, account, hash, address } = job;
    const isRight = await guess(job);
    if (isRight === undefined) return BUSY;
    if (!isRight) return { kind: "changed", name, account, hash };
    const next = await scrypt.run(networkOf(address), () => hashPassword(job.next));
    return next === undefined ? BUSY : { kind: "changed", name, account, hash, next };
  }

  async function hash({ name, password, address }: Of<"hash">): Promise<JobResult> {
    const network = networkOf(address);
    const wait = registered.take(network);
    if (wait > 0) return { kind: "later", wait };
    const hash = await scrypt.run(network, () => hashPassword(password));
    return hash === undefined ? BUSY : { kind: "hashed", name, hash };
  }

  return (job) => {
    switch (job.kind) {
      case "enter":
        return enter(job);
      case "verify":
        return verify(job);
      case "change":
        return change(job);
      case "hash":
        return hash(job);
    }
  };
}
