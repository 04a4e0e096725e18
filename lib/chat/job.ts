// Work that takes time and is done outside the core: its outcome comes back through the queue.

import type { Found, Search } from "./history.ts";
import type { AccountId } from "./message.ts";

/** What has to do with passwords. A secret in it goes nowhere else. */
export type AuthJob =
  /** Whether this is the password that everyone must know; guesses from one network get slower. */
  | { readonly kind: "enter"; readonly password: string; readonly address: string }
  /** A hash of a new password, for this name; one network may have so many. */
  | {
    readonly kind: "hash";
    readonly name: string;
    readonly password: string;
    readonly address: string;
  }
  /** Whether this is the account's password; guesses from one network get slower. */
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

/** What the chat asks for. */
export type Job = AuthJob | SearchJob;

/** What a job has come to. */
export type JobResult =
  | { readonly kind: "entered"; readonly isRight: boolean }
  | { readonly kind: "hashed"; readonly name: string; readonly hash: string }
  | {
    readonly kind: "verified";
    readonly name: string;
    readonly account: AccountId;
    readonly isRight: boolean;
  }
  | ({ readonly kind: "found" } & Found)
  /** Too many wait for the same: it was not even looked at. */
  | { readonly kind: "busy" }
  /** Its network has had its share: there is more in so many milliseconds. */
  | { readonly kind: "later"; readonly wait: number };

/** Runs jobs; rejects on a bug alone. */
export type RunJob = (job: Job) => Promise<JobResult>;
