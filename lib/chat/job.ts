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
  }
  /** Checks an account's password in the same way and, if it is right, hashes a new one. */
  | {
    readonly kind: "change";
    readonly name: string;
    readonly account: AccountId;
    readonly password: string;
    readonly next: string;
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

/** Says that an account was sent what waited for it, up to a message: nothing is left to do. */
export interface HandOver {
  readonly kind: "hand over";
  readonly account: AccountId;
  readonly upTo: number;
}

/** Any job that the chat may start. */
export type Job = AuthJob | SearchJob | StatusJob | HandOver;

/** The result of a job from which others see what follows. */
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
  }
  /** The same of a password that is to be changed, with the new hash if it was right. */
  | {
    readonly kind: "changed";
    readonly name: string;
    readonly account: AccountId;
    readonly hash: string;
    readonly next?: string;
  }
  | { readonly kind: "handed over"; readonly account: AccountId; readonly upTo: number };

/** Whether a result is of work that its connection waits for. */
export function isWaitedFor({ kind }: JobResult): boolean {
  return kind !== "handed over";
}

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
