// Slow work that is done outside the core: its result comes back through the queue.

import type { Found, Search } from "./history.ts";
import type { Status } from "./status.ts";
import type { AccountId } from "./message.ts";

/** Work on passwords. The secrets in it go nowhere else. */
export type AuthJob =
  /** Checks the server password; wrong guesses slow down further ones from the same network. */
  | { readonly kind: "enter"; readonly password: string; readonly address: string }
  /** Hashes a new password for this name; each network may ask for only so many. */
  | {
    readonly kind: "hash";
    readonly name: string;
    readonly password: string;
    readonly address: string;
  }
  /** Checks an account's password; wrong guesses slow down further ones from the same network. */
  | {
    readonly kind: "verify";
    readonly name: string;
    readonly account: AccountId;
    readonly password: string;
    readonly hash: string;
    readonly address: string;
  };

/** A search of the history. */
export interface SearchJob {
  readonly kind: "search";
  readonly search: Search;
  readonly address: string;
}

/** Looks how the server is. */
export interface StatusJob {
  readonly kind: "status";
}

/** Any job that the chat may start. */
export type Job = AuthJob | SearchJob | StatusJob;

/** The result of a job on a password: others see what follows from it. */
export type Verdict =
  | { readonly kind: "entered"; readonly isRight: boolean }
  | { readonly kind: "hashed"; readonly name: string; readonly hash: string }
  | {
    readonly kind: "verified";
    readonly name: string;
    readonly account: AccountId;
    /** The hash that the password was compared with: the account may have another one by now. */
    readonly hash: string;
    readonly isRight: boolean;
  };

/** The result of a job. */
export type JobResult =
  | Verdict
  | ({ readonly kind: "found" } & Found)
  | { readonly kind: "status"; readonly status: Status }
  /** Too many jobs wait already: this one was not started. */
  | { readonly kind: "busy" }
  /** The network has used up its share: it may ask again in `wait` milliseconds. */
  | { readonly kind: "later"; readonly wait: number };

/** Runs a job; rejects only on a bug. */
export type RunJob = (job: Job) => Promise<JobResult>;
