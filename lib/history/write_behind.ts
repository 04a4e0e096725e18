// Writes each batch at once; while the disk fails, what waits is written behind it, in order.

import type { Forgotten, Record, SavedRoom } from "../chat/history.ts";
import { log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Disk } from "./disk.ts";
import type { Gap, RecordWriter } from "./records.ts";
import { Unwritten } from "./unwritten.ts";

/** Records of one transaction, of those that waited; and milliseconds that are spent on them at once. */
const TOGETHER = 2000, TIME = 25;
/** A failed attempt is not repeated for so many times the time it took: a locked file takes long. */
const PAUSE = 10;

/** What it is given. */
export interface WriteBehindOptions {
  readonly writer: RecordWriter;
  readonly disk: Disk;
  readonly metrics: Metrics;
  /** Called with how many messages were written. */
  readonly onWritten: (count: number) => void;
}

/** Writes records, sooner or later. */
export class WriteBehind {
  readonly #options: WriteBehindOptions;
  readonly #unwritten = new Unwritten();
  #pauseUntil = 0;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  /** Whether all is written. */
  get isDone(): boolean {
    return this.#unwritten.isEmpty;
  }

  /** Writes a batch, or has it wait. */
  write(records: readonly Record[]): void {
    if (this.isDone && this.#attempt(records)) return;
    this.#options.metrics.historyLost += this.#unwritten.push(records);
    if (performance.now() >= this.#pauseUntil) this.retry();
  }

  /** Writes what waits, for at most so many ms. */
  retry(time = TIME): void {
    const end = performance.now() + time;
    while (!this.isDone && performance.now() < end) {
      const records = this.#unwritten.records.slice(0, TOGETHER);
      const isAll = records.length === this.#unwritten.records.length;
      const gap = isAll ? this.#unwritten.gap : undefined;
      if (!this.#attempt(records, gap)) return;
      this.#unwritten.written(records.length);
      if (!isAll) continue;
      log.warn("the history is written again");
      if (gap === undefined) return;
      const { count, since, until } = gap;
      log.error("{count} messages from {since} to {until} are lost to the history", {
        count,
        since: new Date(since).toISOString(),
        until: new Date(until).toISOString(),
      });
    }
  }

  /** A room as it will be in the file, where `found` is the one that is there. */
  room(key: string, found: SavedRoom | undefined): SavedRoom | undefined {
    for (const record of this.#unwritten.records) {
      if (record.kind === "room" && record.room.key === key) found = record.room;
      if (record.kind === "room gone" && record.id === found?.id) found = undefined;
    }
    return found;
  }

  /** Drops what somebody said from what waits. */
  forget(whom: Forgotten): void {
    this.#unwritten.forget(whom);
  }

  /** Writes what waits; says what the disk does not take. */
  close(): void {
    this.retry(Infinity);
    const lost = countSaid(this.#unwritten.records);
    if (lost === 0) return;
    this.#options.metrics.historyLost += lost;
    log.error("{lost} messages are lost to the history: the disk did not take them", { lost });
  }

  #attempt(records: readonly Record[], gap?: Gap): boolean {
    const { disk, writer, onWritten } = this.#options;
    const start = performance.now();
    if (!disk.write(() => writer.write(records, gap))) {
      const end = performance.now();
      this.#pauseUntil = end + PAUSE * (end - start);
      return false;
    }
    onWritten(countSaid(records));
    return true;
  }
}

function countSaid(records: readonly Record[]): number {
  return records.reduce((count, { kind }) => kind === "said" ? count + 1 : count, 0);
}
