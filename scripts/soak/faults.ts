// Faults of the system, one after the other, each for a while; and what people may notice of each.

import { DatabaseSync } from "node:sqlite";
import { delay } from "../../lib/std/typed.ts";
import type { Server } from "./server.ts";

/** A fault. */
export interface Fault {
  readonly name: string;
  /** Does it for about so many milliseconds, and undoes it; or returns why it cannot. */
  readonly run: (server: Server, ms: number) => Promise<string | void>;
  /** Whether the server cannot answer meanwhile, so that all are silent for as long. */
  readonly isStandstill?: true;
}

const DAY = 86_400;
/** Milliseconds that the file is locked for, and free between; and that a slow disk takes for each write. */
const LOCKED = 150, FREE = 150, SLOW = 20;
/** More files than are open, when none is left. */
const SPARE_FILES = 5;

/** All faults. */
export const FAULTS: readonly Fault[] = [
  {
    name: "stopped (SIGSTOP)",
    isStandstill: true,
    run: async (server, ms) => {
      server.kill("SIGSTOP");
      await delay(ms);
      server.kill("SIGCONT");
    },
  },
  {
    name: "the clock jumps a day ahead, then a day back, then is right again",
    run: async (server, ms) => {
      if (server.shimMissing !== undefined) return server.shimMissing;
      for (const clock of [DAY, -DAY, 0]) {
        await server.disturb({ clock });
        await delay(ms / 3);
      }
    },
  },
  {
    name: "the disk is full",
    run: async (server, ms) => {
      if (!server.hasDisk) return "only root can mount a disk to fill";
      const filler = `${server.folder}/disk/filler`;
      try {
        await fill(filler);
        await delay(ms);
      } finally {
        await Deno.remove(filler);
      }
    },
  },
  {
    name: "the history file is locked (BEGIN EXCLUSIVE)",
    run: async (server, ms) => {
      using lock = new FileLock(server.history);
      lock.take();
      await delay(ms);
    },
  },
  {
    name: `the history file is locked in bursts of ${LOCKED} ms`,
    run: async (server, ms) => {
      using lock = new FileLock(server.history);
      for (const end = performance.now() + ms; performance.now() < end;) {
        lock.take();
        await delay(LOCKED);
        lock.release();
        await delay(FREE);
      }
    },
  },
  {
    name: `the disk is slow: ${SLOW} ms for each write`,
    run: async (server, ms) => {
      if (server.shimMissing !== undefined) return server.shimMissing;
      await server.disturb({ write: SLOW });
      await delay(ms);
      await server.disturb({});
    },
  },
  {
    name: "no files are left (EMFILE)",
    run: async ({ pid }, ms) => {
      const hard = Number(
        /^Max open files\s+\d+\s+(\d+)/m.exec(await Deno.readTextFile(`/proc/${pid}/limits`))?.[1],
      );
      const open = [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
      const failed = await limitFiles(pid, { soft: open + SPARE_FILES, hard });
      if (failed !== undefined) return failed;
      await delay(ms);
      await limitFiles(pid, { soft: hard, hard });
    },
  },
];

/** A lock on a history that keeps everybody else from writing. */
class FileLock implements Disposable {
  readonly #db: DatabaseSync;
  #isTaken = false;

  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec("PRAGMA busy_timeout = 1000");
  }

  take(): void {
    this.#db.exec("BEGIN EXCLUSIVE");
    this.#isTaken = true;
  }

  release(): void {
    if (this.#isTaken) this.#db.exec("COMMIT");
    this.#isTaken = false;
  }

  [Symbol.dispose](): void {
    this.release();
    this.#db.close();
  }
}

/** Writes a file until the disk is full. */
async function fill(path: string): Promise<void> {
  using file = await Deno.open(path, { create: true, write: true });
  for (let chunk = new Uint8Array(1 << 20); chunk.length >= 1;) {
    try {
      await file.write(chunk);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      chunk = chunk.subarray(0, chunk.length >> 1);
    }
  }
}

async function limitFiles(
  pid: number,
  { soft, hard }: { soft: number; hard: number },
): Promise<string | undefined> {
  const args = ["--pid", `${pid}`, `--nofile=${soft}:${hard}`];
  try {
    const { success, stderr } = await new Deno.Command("prlimit", { args }).output();
    return success ? undefined : new TextDecoder().decode(stderr).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "install util-linux";
    throw error;
  }
}
