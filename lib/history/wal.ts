// The write-ahead log beside a file, looked after from time to time. As long as another program reads,
// SQLite can only make it longer, and afterwards it would stay as long as it became. And SQLite goes on with
// one that was deleted or replaced as if nothing had happened: what is only there ends with the process.

import type { DatabaseSync } from "node:sqlite";
import { log } from "../log.ts";

/** Longest that it stays, in bytes. */
const LONGEST = 8 * 1024 * 1024;

/** The write-ahead log of an open file. */
export class Wal {
  readonly #db: DatabaseSync;
  readonly #path: string;
  #files: string;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.#files = this.#look().files;
  }

  /** Makes it anew where it was deleted or replaced, and shortens it if it is long and nobody needs it. Throws for a disk's fault. */
  tick(): void {
    const { files, size } = this.#look();
    if (files !== this.#files) this.#renew();
    else if (size > LONGEST) this.#shorten();
  }

  #renew(): void {
    this.#unwaited("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = WAL");
    // Nothing is there before something is read.
    this.#db.prepare("SELECT count(*) FROM highest").get();
    this.#files = this.#look().files;
    log.warn(
      "the files beside {path} were deleted or replaced: what they had is written to {path} now",
      { path: this.#path },
    );
  }

  #shorten(): void {
    const { log, checkpointed } = this.#db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get() ?? {};
    if (log === checkpointed) this.#unwaited("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Runs what waits for no other program. */
  #unwaited(sql: string): void {
    const { timeout } = this.#db.prepare("PRAGMA busy_timeout").get() ?? {};
    try {
      this.#db.exec(`PRAGMA busy_timeout = 0; ${sql}`);
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${timeout}`);
    }
  }

  /** Which files there are, as one text; and the log's bytes. */
  #look(): { files: string; size: number } {
    const found = ["-wal", "-shm"].map((end) => {
      try {
        return Deno.statSync(this.#path + end);
      } catch (error) {
        // What is wrong with the path, or may not be known, whoever watches the file itself says.
        const isKnown = error instanceof Error && "code" in error;
        if (isKnown || error instanceof Deno.errors.NotCapable) return undefined;
        throw error;
      }
    });
    const files = found.map((info) => `${info?.dev} ${info?.ino}`).join();
    return { files, size: found[0]?.size ?? 0 };
  }
}
