// What the history's file needs every few seconds: what is too old or unused goes, its write-ahead log stays short,
// and how much room its disk has is looked at.

import type { DatabaseSync } from "node:sqlite";
import type { Disk } from "./faults.ts";
import { Erasing } from "./erasing.ts";
import { type KeptFile, Wal } from "./file.ts";
import { Pruner, RoomSweep } from "./prune.ts";
import type { Recent } from "./recent.ts";
import { freeBytes, Space } from "./space.ts";

/** How long messages are kept. */
export interface Keeping {
  /** Days until a message is deleted; 0: messages are kept for good. */
  readonly keepDays: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether that time is certain enough to delete by; by default it is. */
  readonly isSure?: () => boolean;
}

/** Options of the upkeep. */
export interface UpkeepOptions extends Keeping {
  readonly db: DatabaseSync;
  readonly disk: Disk;
  readonly recent: Recent;
  /** The file of the database, if it has one. */
  readonly file: KeptFile | undefined;
}

const DAY = 86_400_000;

/** The upkeep of a file. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #pruner: Pruner;
  readonly #sweep: RoomSweep;
  readonly #erasing: Erasing;
  readonly #wal: Wal | undefined;
  readonly #space: Space | undefined;

  constructor(options: UpkeepOptions) {
    const { db, file } = this.#options = options;
    this.#pruner = new Pruner(db);
    this.#sweep = new RoomSweep(db);
    this.#erasing = new Erasing({ db, shorten: () => this.shorten() });
    this.#wal = file && new Wal(db, file.path);
    this.#space = file && new Space(() => freeBytes(file.path), file.path);
  }

  /** How much room the disk has, while that is little. */
  get lowSpace(): string | undefined {
    return this.#space?.low;
  }

  /** Does what is due. `isIdle`: everything is written and indexed. */
  tick({ isIdle }: { isIdle: boolean }): void {
    const { disk, recent, keepDays, now, isSure = () => true } = this.#options;
    this.#space?.look();
    if (isIdle) disk.read(() => this.#sweep.step(), undefined);
    disk.read(() => this.#erasing.tick(performance.now()), undefined);
    if (disk.trouble === undefined) disk.read(() => this.#wal?.tick(), undefined);
    if (keepDays === 0 || !isSure()) return;
    const before = now() - keepDays * DAY;
    recent.dropBefore(before);
    disk.read(() => this.#pruner.prune(before), undefined);
  }

  /** Empties the write-ahead log, which may have what was deleted. Throws if the disk fails. */
  shorten(): void {
    this.#wal?.shorten();
  }
}
